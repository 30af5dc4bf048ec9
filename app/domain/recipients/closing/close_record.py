"""A record is closed because the person has died, and opened again where that was a mistake.

Nobody is reminded or mailed about a closed record. What it holds stays: staff print the proof for the family.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.accounts.access import Actor, Permission, Role
from app.domain.accounts.models import Grant
from app.domain.errors import Conflict, NotFound, Refusal
from app.domain.recipients.closing.events import closure_changed
from app.domain.recipients.closing.models import RecordClosure
from app.domain.recipients.models import Listing, Recipient
from app.domain.recipients.records import kept_record, one_person, records_of
from app.infra import audit
from app.infra.db import one_at_a_time


class ImpossibleDay(Refusal):
    """Nobody dies before they are born, or in days to come."""


class ReasonMissing(Refusal):
    """A closed record is not opened again without a word why."""


@dataclass(frozen=True, slots=True)
class CloseRecord:
    """Who has died, and when (a local day). `location_id`: the clinic that knows; None for staff of the state."""

    recipient_id: UUID
    died_on: date
    location_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class OpenRecordAgain:
    """The person lives. `because` says what the mistake was, in up to 255 characters."""

    recipient_id: UUID
    because: str
    location_id: UUID | None = None


def close_record(session: Session, actor: Actor, command: CloseRecord, *, now: datetime, today: date) -> RecordClosure:
    """Close it; closing a closed record again changes nothing. Raises ImpossibleDay, NotFound, NotAllowed."""
    recipient = _record(session, actor, command.recipient_id, command.location_id)
    if not recipient.birth_date <= command.died_on <= today:
        raise ImpossibleDay
    one_at_a_time(session, f"closing:{recipient.id}")
    known = closure_of(session, recipient.id)
    if known is not None:
        return known
    made = RecordClosure(
        recipient_id=recipient.id, died_on=command.died_on, closed_at=now, closed_by_id=actor.id,
        place_id=command.location_id,
    )  # fmt: skip
    session.add(made)
    _note(session, actor, "recipient.record_closed", recipient.id, command.location_id, now)
    closure_changed(session, recipient.id, today=today, now=now)
    return made


def open_record_again(session: Session, actor: Actor, command: OpenRecordAgain, *, now: datetime, today: date) -> None:
    """Take a closure back. Raises ReasonMissing, Conflict where the record is not closed, NotFound, NotAllowed."""
    recipient = _record(session, actor, command.recipient_id, command.location_id)
    if not command.because.strip():
        raise ReasonMissing
    one_at_a_time(session, f"closing:{recipient.id}")
    known = session.scalars(_closures_of(recipient.id)).all()
    if not known:
        raise Conflict(recipient.id)
    for closure in known:
        closure.undone_at, closure.undone_by_id, closure.undone_because = now, actor.id, command.because.strip()[:255]
    _note(session, actor, "recipient.record_opened_again", recipient.id, command.location_id, now)
    closure_changed(session, recipient.id, today=today, now=now)


def closure_of(session: Session, recipient_id: UUID) -> RecordClosure | None:
    """The closure of a kept record that is closed, in whatever record of the person it was noted."""
    return session.scalars(_closures_of(recipient_id).order_by(RecordClosure.id)).first()


def closed_among(session: Session, recipient_ids: Iterable[UUID]) -> set[UUID]:
    """Those of a few hundred kept records that are closed."""
    owner = records_of(session, recipient_ids)
    closed = session.scalars(
        select(RecordClosure.recipient_id).where(
            RecordClosure.recipient_id.in_(list(owner)), RecordClosure.undone_at.is_(None)
        )
    )
    return {owner[record] for record in closed}


def may_be_mailed(session: Session, recipient_id: UUID | None) -> bool:
    """False where the person has died, by any record of theirs. For jobs only."""
    kept = kept_record(session, recipient_id)
    return kept is None or closure_of(session, kept.id) is None


def accounts_of_the_dead(session: Session, account_ids: Iterable[UUID]) -> set[UUID]:
    """Those of a few hundred accounts whose owners have died, by any record of theirs.

    For jobs only: nothing is mailed to them, not even what they asked for themselves.
    """
    own, closed = aliased(Recipient), aliased(Recipient)
    kept_of_own = func.coalesce(own.merged_into_id, own.id)
    return set(
        session.scalars(
            select(Grant.account_id)
            .join(own, own.id == Grant.scope_id)
            .join(closed, or_(closed.id == kept_of_own, closed.merged_into_id == kept_of_own))
            .join(RecordClosure, RecordClosure.recipient_id == closed.id)
            .where(Grant.account_id.in_(list(account_ids)), Grant.role == Role.RECIPIENT.value)
            .where(Grant.ended_at.is_(None), RecordClosure.undone_at.is_(None))
        )
    )


def _closures_of(recipient_id: UUID) -> Select[RecordClosure]:
    return select(RecordClosure).where(
        RecordClosure.recipient_id.in_(one_person(recipient_id)), RecordClosure.undone_at.is_(None)
    )


def _record(session: Session, actor: Actor, recipient_id: UUID, location_id: UUID | None) -> Recipient:
    """The record that was kept: any for staff of the state, a clinic's own people for the clinic."""
    actor.require(Permission.CLOSE_RECORDS, at=location_id)
    query = select(Recipient).where(Recipient.id == recipient_id)
    if location_id is not None:
        query = query.join(Listing, Listing.recipient_id == Recipient.id).where(Listing.scope_id == location_id)
    recipient = session.scalar(query)
    while recipient is not None and recipient.merged_into_id is not None:
        recipient = session.get(Recipient, recipient.merged_into_id)
    if recipient is None:
        raise NotFound
    return recipient


def _note(session: Session, actor: Actor, act: str, recipient_id: UUID, place_id: UUID | None, now: datetime) -> None:
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act=act, subject_kind="recipient", subject_id=recipient_id,
        place_id=place_id, now=now,
    )  # fmt: skip
    session.flush()
