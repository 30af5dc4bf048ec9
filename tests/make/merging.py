"""Two records of one person, and what it takes to join them. Every maker commits."""

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, GrantedRole, Role
from app.domain.recipients.merging.merge_people import MergePeople, merge_people
from app.domain.recipients.merging.models import Merge
from app.domain.recipients.merging.separate import SeparateRecords, separate_records
from app.domain.recipients.models import Recipient
from app.infra import clock

STAFF = Actor("person", None, (GrantedRole(Role.STATE_STAFF, "program", None),))


def command_for(kept: Recipient, other: Recipient, **told: Any) -> MergePeople:
    """To join two people; every detail is the kept record's unless told otherwise."""
    command = MergePeople(kept.id, other.id, (kept.version, other.version), chosen=dict.fromkeys(_ALL, "kept"))
    chosen = {**command.chosen, **told.pop("chosen", {})}
    return replace(command, chosen=chosen, **told)


def joined(session: Session, kept: Recipient, other: Recipient, **told: Any) -> Merge:
    """Join two people."""
    now = clock.now()
    merge = merge_people(session, STAFF, command_for(kept, other, **told), today=now.date(), now=now)
    session.commit()
    return merge


def separated(session: Session, merge: Merge) -> None:
    """Undo it."""
    now = clock.now()
    separate_records(session, STAFF, SeparateRecords(merge.id, "Two people"), today=now.date(), now=now)
    session.commit()


_ALL = (
    *("first_name", "middle_name", "last_name", "suffix", "birth_date", "email", "phone", "address", "gender", "races"),
    *("ethnicity", "language", "industry", "employer", "answers"),
)
