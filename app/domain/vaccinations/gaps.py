"""Why the doses on record may not be all that a person got. It is said beside the history and decides nothing."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from app.domain.recipients.models import Recipient
from app.domain.recipients.records import one_person
from app.domain.vaccinations.doses import REMOVED
from app.domain.vaccinations.history import GivenDose
from app.domain.vaccinations.models import Administration
from app.domain.vaccinations.questionnaires import PREVIOUS_DOSE, Screening

Gap = Literal["says_more", "says_none", "removed", "other_record"]


def gaps_in_history(
    session: Session, recipient_id: UUID, doses: Sequence[GivenDose], screening: Screening | None
) -> tuple[Gap, ...]:
    """What makes the history of a kept record doubtful.

    `says_more`: the person tells of a dose, none is on record; `says_none`: the other way round; `removed`: a dose was
    taken off the record and none of that day put in its place; `other_record`: a record that is not linked has the same
    name and birth date, and doses.
    """
    records = one_person(recipient_id)
    days = {dose.given_on for dose in doses}
    removed = session.scalars(
        select(Administration.given_on).where(
            Administration.recipient_id.in_(records), Administration.status == REMOVED
        )
    )
    told = screening is not None and screening.said_yes(PREVIOUS_DOSE)
    denied = screening is not None and not screening.is_found(PREVIOUS_DOSE)
    found: tuple[tuple[bool, Gap], ...] = (
        (told and not doses, "says_more"),
        (denied and bool(doses), "says_none"),
        (any(day not in days for day in removed), "removed"),
        (_has_other_record(session, recipient_id, records), "other_record"),
    )
    return tuple(gap for holds, gap in found if holds)


def _has_other_record(session: Session, recipient_id: UUID, records: Select[UUID]) -> bool:
    mine = aliased(Recipient)
    other = (
        select(Recipient.id)
        .join(mine, mine.name_key == Recipient.name_key)
        .join(Administration, Administration.recipient_id == Recipient.id)
        .where(mine.id == recipient_id, Recipient.id.not_in(records), Administration.status == "completed")
        .limit(1)
    )
    return session.scalar(other) is not None
