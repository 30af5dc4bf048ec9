"""The mails that an opening held back go out."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.eligibility.journal import group_to_change, note, values_of
from app.domain.eligibility.models import Opening


@dataclass(frozen=True, slots=True)
class ReleaseMails:
    """For the group, in the state and in each county that differs from it."""

    group_id: UUID


def release_mails(session: Session, actor: Actor, command: ReleaseMails, *, now: datetime) -> int:
    """Hold nothing back any more; how many openings that were. Who is to be written to is found by the job.

    Pressed twice it releases nothing more. Raises NotFound, NotAllowed.
    """
    group = group_to_change(session, actor, command.group_id, "")
    held = session.scalars(
        select(Opening).where(Opening.group_id == group.id, Opening.mail_held).order_by(Opening.county_fips)
    ).all()
    for opening in held:
        before = values_of(opening)
        opening.mail_held = False
        note(session, actor, group, opening.county_fips, "mails_released", before, values_of(opening), now=now)
    return len(held)
