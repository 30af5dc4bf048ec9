"""A group opens on a day, in the state or otherwise in one county."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.eligibility.journal import group_to_change, note, opening_of, values_of
from app.domain.eligibility.models import Opening


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """`effective_from` may be past or to come; `county_fips` "" is the whole state, where no county decided otherwise.

    `mail_held`: people whom it makes eligible are not written to before `release_mails`.
    """

    group_id: UUID
    effective_from: date
    county_fips: str = ""
    mail_held: bool = False


def open_group(session: Session, actor: Actor, command: OpenGroup, *, now: datetime) -> Opening:
    """Open the group from that day on; one that has a day gets this one. Who is concerned is found by the job.

    Raises NotFound, NotAllowed, UnknownCounty.
    """
    group = group_to_change(session, actor, command.group_id, command.county_fips)
    opening = opening_of(session, group.id, command.county_fips)
    before = values_of(opening)
    if opening is None:
        opening = Opening(group_id=group.id, county_fips=command.county_fips)
        session.add(opening)
    opening.effective_from, opening.effective_until = command.effective_from, None
    opening.mail_held = command.mail_held
    note(session, actor, group, command.county_fips, "opened", before, values_of(opening), now=now)
    return opening
