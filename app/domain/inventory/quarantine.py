"""Use cases: a location sets a lot apart (a refrigerator was too warm, say) and releases it, or throws it away."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.inventory.errors import AlreadyDone, BadValue
from app.domain.inventory.ledger import LONGEST_REASON, book, hold_lot, note
from app.domain.inventory.models import Lot
from app.domain.inventory.queries import get_lot


@dataclass(frozen=True, slots=True)
class QuarantineLot:
    """No dose is given from the lot until it is released; `because` says why."""

    location_id: UUID
    lot_id: UUID
    because: str


@dataclass(frozen=True, slots=True)
class ReleaseLot:
    """The lot may be used again; `because` says who said so (the manufacturer's answer and its number, for example)."""

    location_id: UUID
    lot_id: UUID
    because: str


def quarantine_lot(session: Session, actor: Actor, command: QuarantineLot, *, now: datetime) -> Lot:
    """Set a lot apart. Raises BadValue (no reason), AlreadyDone, NotFound."""
    lot = _held(session, actor, command)
    if lot.quarantined_at is not None:
        raise AlreadyDone
    lot.quarantined_at, lot.quarantined_because = now, command.because.strip()[:LONGEST_REASON]
    return _told(session, actor, lot, "quarantined", command.because, now)


def release_lot(session: Session, actor: Actor, command: ReleaseLot, *, now: datetime) -> Lot:
    """Bring it back into use; a recall or stop of the program stays. Raises BadValue, AlreadyDone, NotFound."""
    lot = _held(session, actor, command)
    if lot.quarantined_at is None:
        raise AlreadyDone
    lot.quarantined_at, lot.quarantined_because = None, ""
    return _told(session, actor, lot, "released", command.because, now)


def _held(session: Session, actor: Actor, command: QuarantineLot | ReleaseLot) -> Lot:
    actor.require(Permission.MANAGE_INVENTORY, at=command.location_id)
    get_lot(session, actor, command.location_id, command.lot_id)
    if not command.because.strip():
        raise BadValue("because", "missing")
    return hold_lot(session, command.location_id, command.lot_id)


def _told(session: Session, actor: Actor, lot: Lot, kind: str, because: str, now: datetime) -> Lot:
    book(session, actor, lot, kind, 0, now=now, reason=because.strip(), subject_id=lot.id)
    note(session, actor, lot, kind, now=now)
    return lot
