"""Use case: a person who came is checked in. It is the visit that opens the record to the location."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import NotFound
from app.domain.providers.queries import refuse_closed
from app.domain.recipients.closing.close_record import closure_of
from app.domain.recipients.models import BY_MERGE, Listing, Recipient
from app.domain.recipients.records import kept_record, one_person
from app.domain.vaccinations.errors import RecordClosed
from app.domain.vaccinations.find_for_visit import read_ticket
from app.domain.vaccinations.models import Visit
from app.domain.vaccinations.visits import listed_recipient
from app.infra import audit
from app.infra.db import one_at_a_time


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Who came: somebody found (by the ticket of the search), or somebody whom the location lists (by id)."""

    location_id: UUID
    ticket: str = ""
    recipient_id: UUID | None = None
    walk_in: bool = False


def check_in(session: Session, actor: Actor, command: CheckIn, *, now: datetime, today: date) -> Visit:
    """Open the visit of today; a second check-in gives the same one. Raises TicketExpired, RecordClosed, NotFound."""
    actor.require(Permission.CHECK_IN_RECIPIENTS, at=command.location_id)
    refuse_closed(session, command.location_id)
    recipient = _who(session, actor, command, now)
    one_at_a_time(session, f"visit:{recipient.id}")
    _refuse_the_dead(session, recipient, today)
    known = session.scalar(
        select(Visit)
        .where(
            Visit.location_id == command.location_id,
            Visit.recipient_id.in_(one_person(recipient.id)),
            Visit.day == today,
            Visit.status != "left",
        )
        .order_by(Visit.id.desc())
        .limit(1)
    )
    if known is not None:
        return known
    visit = Visit(
        location_id=command.location_id,
        recipient_id=recipient.id,
        recipient=recipient,
        day=today,
        walk_in=command.walk_in,
        arrived_at=now,
        arrived_by_id=actor.id,
    )
    session.add(visit)
    session.flush()
    list_at(session, command.location_id, recipient, now)
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="recipient.checked_in", subject_kind="recipient",
        subject_id=recipient.id, place_id=command.location_id, now=now,
    )  # fmt: skip
    return visit


def _refuse_the_dead(session: Session, recipient: Recipient, day: date) -> None:
    """A visit before the death may still be entered from paper."""
    closure = closure_of(session, recipient.id)
    if closure is not None and closure.died_on < day:
        raise RecordClosed


def _who(session: Session, actor: Actor, command: CheckIn, now: datetime) -> Recipient:
    if command.recipient_id is not None:
        return listed_recipient(session, actor, command.location_id, command.recipient_id)
    recipient = kept_record(session, read_ticket(command.ticket, actor, command.location_id, now=now))
    if recipient is None:
        raise NotFound
    return recipient


def list_at(session: Session, location_id: UUID, recipient: Recipient, now: datetime) -> None:
    """Put somebody into the list of a location, unless they are in it."""
    known = session.scalar(
        select(Listing).where(Listing.scope_id == location_id, Listing.recipient_id == recipient.id)
    )
    if known is not None and known.how == BY_MERGE:
        known.how, known.listed_at = "visit", now
    if known is None:
        session.add(
            Listing(
                scope_kind="location",
                scope_id=location_id,
                recipient_id=recipient.id,
                how="visit",
                last_folded=recipient.last_folded,
                first_folded=recipient.first_folded,
                listed_at=now,
            )
        )
        session.flush()
