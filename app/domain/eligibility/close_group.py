"""A group closes on a day, or a county goes back to what holds in the state."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.eligibility.errors import ClosedBeforeOpen, NeverOpened
from app.domain.eligibility.journal import group_to_change, note, opening_of, values_of
from app.domain.eligibility.models import Opening


@dataclass(frozen=True, slots=True)
class CloseGroup:
    """`effective_until` is the first day on which the group is closed. A county may close what the state has opened."""

    group_id: UUID
    effective_until: date
    county_fips: str = ""


@dataclass(frozen=True, slots=True)
class FollowState:
    """The county's own decision is taken back."""

    group_id: UUID
    county_fips: str


def close_group(session: Session, actor: Actor, command: CloseGroup, *, now: datetime) -> Opening:
    """Close the group from that day on. Doses are never refused for it: a clinic is told, not stopped.

    Raises NotFound, NotAllowed, UnknownCounty; NeverOpened where the state has not opened it, ClosedBeforeOpen.
    """
    group = group_to_change(session, actor, command.group_id, command.county_fips)
    opening = opening_of(session, group.id, command.county_fips)
    before = values_of(opening)
    if opening is None:
        opening = _as_in_the_state(session, group.id, command.county_fips)
    if opening.effective_from and command.effective_until < opening.effective_from:
        raise ClosedBeforeOpen(opening.effective_from)
    opening.effective_until = command.effective_until
    session.add(opening)
    note(session, actor, group, command.county_fips, "closed", before, values_of(opening), now=now)
    return opening


def follow_state(session: Session, actor: Actor, command: FollowState, *, now: datetime) -> None:
    """What holds in the state holds in the county again. Raises NotFound, NotAllowed, UnknownCounty, NeverOpened."""
    group = group_to_change(session, actor, command.group_id, command.county_fips)
    opening = opening_of(session, group.id, command.county_fips) if command.county_fips else None
    if opening is None:
        raise NeverOpened
    before = values_of(opening)
    session.delete(opening)
    note(session, actor, group, command.county_fips, "follows", before, None, now=now)


def _as_in_the_state(session: Session, group_id: UUID, county_fips: str) -> Opening:
    """A county's own row that begins as the state's, mails held like there; closed for good where the state has opened
    nothing.
    """
    state = opening_of(session, group_id, "") if county_fips else None
    if not county_fips:
        raise NeverOpened
    return Opening(
        group_id=group_id,
        county_fips=county_fips,
        effective_from=state.effective_from if state else None,
        mail_held=state.mail_held if state else False,
    )
