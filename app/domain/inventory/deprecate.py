"""Use cases: doses leave the shelf without being given (waste, expired, return), or that was entered by mistake."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import NotFound
from app.domain.inventory.errors import AlreadyDone, BadValue
from app.domain.inventory.ledger import LONGEST_REASON, book, hold_lot, note
from app.domain.inventory.models import Deprecation, Lot
from app.domain.inventory.queries import PAGE, get_lot
from app.domain.inventory.reasons import DEPRECATION_REASONS, OTHER
from app.infra.paging import Slice, pack, unpack

ENTRY_OF_KIND = {"waste": "wasted", "expired": "expired", "return": "returned"}
_CLOCKS_DIFFER = timedelta(minutes=2)
_LONGEST_AGO = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Deprecate:
    """`kind`: waste, expired or return; `reason` is of DEPRECATION_REASONS[kind]. `happened_at` None means now."""

    location_id: UUID
    lot_id: UUID
    kind: str
    reason: str
    doses: int
    explanation: str = ""
    happened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class VoidDeprecation:
    """It was entered by mistake; `because` says how."""

    location_id: UUID
    deprecation_id: UUID
    because: str


def deprecate(session: Session, actor: Actor, command: Deprecate, *, now: datetime, today: date) -> Deprecation:
    """Take doses off the shelf. Raises BadValue (too many: `limit` is what is there), NotFound."""
    actor.require(Permission.MANAGE_INVENTORY, at=command.location_id)
    get_lot(session, actor, command.location_id, command.lot_id)
    _check(command, now)
    lot = hold_lot(session, command.location_id, command.lot_id)
    if command.kind == "expired" and lot.expires_on >= today:
        raise BadValue("kind", "not_expired")
    if command.doses > lot.balance:
        raise BadValue("doses", "too_many", limit=lot.balance)
    made = book_deprecation(session, actor, lot, command, now=now)
    note(session, actor, lot, "deprecated", now=now, kind=command.kind, reason=command.reason, doses=command.doses)
    return made


def book_deprecation(session: Session, actor: Actor, lot: Lot, command: Deprecate, *, now: datetime) -> Deprecation:
    """The row and its entry, for a lot that is held and a command that was checked. Raises NoDosesLeft."""
    made = Deprecation(
        location_id=lot.location_id, lot_id=lot.id, kind=command.kind, reason=command.reason, doses=command.doses,
        explanation=command.explanation.strip()[:LONGEST_REASON], happened_at=command.happened_at or now,
        recorded_at=now, recorded_by_id=actor.id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    kind = ENTRY_OF_KIND[command.kind]
    book(session, actor, lot, kind, -command.doses, now=now, reason=made.explanation or made.reason, subject_id=made.id)
    return made


def void_deprecation(session: Session, actor: Actor, command: VoidDeprecation, *, now: datetime) -> Deprecation:
    """Bring the doses back. Raises BadValue (no reason), AlreadyDone, NotFound."""
    actor.require(Permission.MANAGE_INVENTORY, at=command.location_id)
    if not command.because.strip():
        raise BadValue("because", "missing")
    found = session.get(Deprecation, command.deprecation_id)
    if found is None or found.location_id != command.location_id:
        raise NotFound
    lot = hold_lot(session, command.location_id, found.lot_id)
    session.refresh(found)
    if found.voided_at is not None:
        raise AlreadyDone
    found.voided_at, found.voided_by_id = now, actor.id
    found.voided_because = command.because.strip()[:LONGEST_REASON]
    book(session, actor, lot, "voided", found.doses, now=now, reason=found.voided_because, subject_id=found.id)
    note(session, actor, lot, "deprecation_voided", now=now, doses=found.doses)
    return found


def list_deprecations(
    session: Session, actor: Actor, location_id: UUID, *, lot_id: UUID | None = None, after: str | None = None,
    size: int = PAGE,
) -> Slice[Deprecation]:  # fmt: skip
    """A location's deprecation events (of one lot, if asked for), newest first."""
    actor.require(Permission.VIEW_INVENTORY, at=location_id)
    statement = select(Deprecation).where(Deprecation.location_id == location_id)
    if lot_id is not None:
        statement = statement.where(Deprecation.lot_id == lot_id)
    key = unpack(after, 1)
    if key:
        statement = statement.where(Deprecation.id < UUID(key[0]))
    rows = list(session.scalars(statement.order_by(Deprecation.id.desc()).limit(size + 1)))
    return Slice(rows[:size], pack(rows[size - 1].id) if len(rows) > size else None)


def _check(command: Deprecate, now: datetime) -> None:
    choices = DEPRECATION_REASONS.get(command.kind)
    if choices is None:
        raise BadValue("kind", "unknown" if command.kind else "missing")
    if not choices.offers(command.reason):
        raise BadValue("reason", "unknown" if command.reason else "missing")
    if command.doses <= 0:
        raise BadValue("doses", "not_positive")
    if command.reason == OTHER and not command.explanation.strip():
        raise BadValue("explanation", "missing")
    if command.happened_at is not None and command.happened_at > now + _CLOCKS_DIFFER:
        raise BadValue("happened_at", "future")
    if command.happened_at is not None and command.happened_at < now - _LONGEST_AGO:
        raise BadValue("happened_at", "too_old")
