"""Use cases: what is said about a lot is corrected, its expiration date or its total of doses. Each with a reason.

A wrong expiration date hides stock from the clinic day; a vial sometimes gives a dose more than its label says.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import EditedMeanwhile
from app.domain.inventory.errors import BadValue, NoDosesLeft
from app.domain.inventory.ledger import LONGEST_REASON, book, hold_lot, note
from app.domain.inventory.lots import set_expiry
from app.domain.inventory.models import UNKNOWN_EXPIRY, Lot, LotChange, StockEntry
from app.domain.inventory.queries import get_lot
from app.domain.inventory.reasons import EXPIRY_REASONS, OTHER, TOTAL_REASONS
from app.domain.inventory.receive_shipment import LONGEST_SHELF_LIFE, MOST_DOSES
from app.domain.program.lookup import Choice, Choices

EARLIEST = date(2020, 12, 1)
TOTAL_KINDS = ("received", "transfer_in", "total_changed")
"""Entries that make up the total of a lot: what it ever held at this location."""


@dataclass(frozen=True, slots=True)
class ChangeExpiry:
    """`expires_on` may have passed already. `reason` is of EXPIRY_REASONS; `version` that of the lot as shown."""

    location_id: UUID
    lot_id: UUID
    expires_on: date
    reason: str
    version: int
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class ChangeTotal:
    """`total` is all doses that the lot ever held here. `reason` is of TOTAL_REASONS; `version` as shown."""

    location_id: UUID
    lot_id: UUID
    total: int
    reason: str
    version: int
    explanation: str = ""


def change_expiry(session: Session, actor: Actor, command: ChangeExpiry, *, now: datetime, today: date) -> Lot:
    """Correct the expiration date. Raises BadValue, EditedMeanwhile, NotFound."""
    _check_reason(EXPIRY_REASONS, command.reason, command.explanation)
    if command.expires_on < EARLIEST:
        raise BadValue("expires_on", "too_old")
    if command.expires_on > today + LONGEST_SHELF_LIFE and command.expires_on != UNKNOWN_EXPIRY:
        raise BadValue("expires_on", "too_far")
    lot = _held(session, actor, command)
    if lot.version != command.version:
        typed, stored = command.expires_on.isoformat(), lot.expires_on.isoformat()
        raise EditedMeanwhile("expires_on", typed=typed, stored=stored, version=lot.version)
    if lot.expires_on == command.expires_on:
        raise BadValue("expires_on", "same")
    explanation = command.explanation.strip()[:LONGEST_REASON]
    set_expiry(session, actor, lot, command.expires_on, reason=command.reason, now=now, explanation=explanation)
    return lot


def change_total(session: Session, actor: Actor, command: ChangeTotal, *, now: datetime) -> Lot:
    """Raise or lower the total; the difference is booked. Never below what left the lot already.

    Raises BadValue, EditedMeanwhile, NotFound.
    """
    _check_reason(TOTAL_REASONS, command.reason, command.explanation)
    if not 0 < command.total <= MOST_DOSES:
        raise BadValue("total", "not_positive" if command.total <= 0 else "too_many", limit=MOST_DOSES)
    lot = _held(session, actor, command)
    was = total_of(session, lot)
    if lot.version != command.version:
        raise EditedMeanwhile("total", typed=str(command.total), stored=str(was), version=lot.version)
    if was == command.total:
        raise BadValue("total", "same")
    try:
        book(
            session, actor, lot, "total_changed", command.total - was, now=now, subject_id=lot.id,
            reason=command.explanation.strip() or command.reason,
        )  # fmt: skip
    except NoDosesLeft as refusal:
        raise BadValue("total", "below_used", limit=was - lot.balance) from refusal
    _keep_total(session, actor, lot, was, command, now)
    note(session, actor, lot, "total_changed", now=now, was=was, became=command.total, reason=command.reason)
    return lot


def total_of(session: Session, lot: Lot) -> int:
    """All doses that the lot ever held at this location, as far as is known now."""
    found = select(func.sum(StockEntry.doses)).where(StockEntry.lot_id == lot.id, StockEntry.kind.in_(TOTAL_KINDS))
    return int(session.scalar(found) or 0)


def changes_of(session: Session, lot: Lot) -> list[LotChange]:
    """What was said about the lot before, newest first, at most 100."""
    found = select(LotChange).where(LotChange.lot_id == lot.id).order_by(LotChange.id.desc()).limit(100)
    return list(session.scalars(found))


def _check_reason(choices: Choices[Choice], reason: str, explanation: str) -> None:
    if not choices.offers(reason):
        raise BadValue("reason", "unknown" if reason else "missing")
    if reason == OTHER and not explanation.strip():
        raise BadValue("explanation", "missing")


def _held(session: Session, actor: Actor, command: ChangeExpiry | ChangeTotal) -> Lot:
    actor.require(Permission.MANAGE_INVENTORY, at=command.location_id)
    get_lot(session, actor, command.location_id, command.lot_id)
    return hold_lot(session, command.location_id, command.lot_id)


def _keep_total(session: Session, actor: Actor, lot: Lot, was: int, command: ChangeTotal, now: datetime) -> None:
    lot.version += 1
    session.add(
        LotChange(
            lot_id=lot.id, field="total_doses", was=str(was), became=str(command.total), reason=command.reason,
            explanation=command.explanation.strip()[:LONGEST_REASON], changed_at=now, changed_by_id=actor.id,
        )
    )  # fmt: skip
    session.flush()
