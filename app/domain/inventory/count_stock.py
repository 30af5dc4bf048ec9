"""Use case: somebody counts the shelf. What differs from the books is booked, and explained."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import NotFound
from app.domain.inventory.errors import BadValue, NeedsExplanation, StockMoved
from app.domain.inventory.ledger import LONGEST_REASON, book, hold_lots, note
from app.domain.inventory.models import Lot, Stocktake, StocktakeLine
from app.domain.inventory.queries import PAGE
from app.domain.inventory.receive_shipment import MOST_DOSES
from app.infra.paging import Slice, pack, unpack

MOST_LOTS = 500


@dataclass(frozen=True, slots=True)
class CountedLot:
    """Doses: `expected` as the page showed them when counting began, `counted` as they were found."""

    lot_id: UUID
    expected: int
    counted: int
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class CountStock:
    """One count of some or all lots of a location, each once."""

    location_id: UUID
    lines: tuple[CountedLot, ...]
    note: str = ""


def count_stock(session: Session, actor: Actor, command: CountStock, *, now: datetime) -> Stocktake:
    """Book what was counted. Raises BadValue, NeedsExplanation, StockMoved (doses moved while counting), NotFound."""
    actor.require(Permission.MANAGE_INVENTORY, at=command.location_id)
    _check(command)
    lots = hold_lots(session, command.location_id, [line.lot_id for line in command.lines])
    moved = {line.lot_id: lots[line.lot_id].balance for line in command.lines}
    moved = {line.lot_id: moved[line.lot_id] for line in command.lines if moved[line.lot_id] != line.expected}
    if moved:
        raise StockMoved(moved)
    made = Stocktake(
        location_id=command.location_id, lots=len(command.lines), counted_at=now, counted_by_id=actor.id,
        difference=sum(line.counted - line.expected for line in command.lines),
        note=command.note.strip()[:LONGEST_REASON],
    )  # fmt: skip
    session.add(made)
    session.flush()
    for line in command.lines:
        _book_line(session, actor, made, lots[line.lot_id], line, now)
    session.flush()
    return made


def list_stocktakes(
    session: Session, actor: Actor, location_id: UUID, *, after: str | None = None, size: int = PAGE
) -> Slice[Stocktake]:
    """A location's counts, newest first."""
    actor.require(Permission.VIEW_INVENTORY, at=location_id)
    statement = select(Stocktake).where(Stocktake.location_id == location_id)
    key = unpack(after, 1)
    if key:
        statement = statement.where(Stocktake.id < UUID(key[0]))
    rows = list(session.scalars(statement.order_by(Stocktake.id.desc()).limit(size + 1)))
    return Slice(rows[:size], pack(rows[size - 1].id) if len(rows) > size else None)


def get_stocktake(session: Session, actor: Actor, location_id: UUID, stocktake_id: UUID) -> Stocktake:
    """One count with its lines. Raises NotFound."""
    actor.require(Permission.VIEW_INVENTORY, at=location_id)
    found = session.get(Stocktake, stocktake_id)
    if found is None or found.location_id != location_id:
        raise NotFound
    return found


def _check(command: CountStock) -> None:
    if not command.lines:
        raise BadValue("lines", "missing")
    if len(command.lines) > MOST_LOTS:
        raise BadValue("lines", "too_many", limit=MOST_LOTS)
    seen: set[UUID] = set()
    for line in command.lines:
        if line.lot_id in seen:
            raise BadValue("lines", "twice", lot_id=line.lot_id)
        seen.add(line.lot_id)
        if line.counted < 0:
            raise BadValue("counted", "not_positive", lot_id=line.lot_id)
        if line.counted > MOST_DOSES:
            raise BadValue("counted", "too_many", limit=MOST_DOSES, lot_id=line.lot_id)
    silent = [line for line in command.lines if line.counted != line.expected and not line.explanation.strip()]
    if silent:
        raise NeedsExplanation(tuple(line.lot_id for line in silent))


def _book_line(session: Session, actor: Actor, made: Stocktake, lot: Lot, line: CountedLot, now: datetime) -> None:
    explanation = line.explanation.strip()[:LONGEST_REASON]
    session.add(
        StocktakeLine(
            stocktake_id=made.id, lot_id=lot.id, expected=line.expected, counted=line.counted, explanation=explanation
        )
    )
    difference = line.counted - line.expected
    if difference:
        book(session, actor, lot, "counted", difference, now=now, reason=explanation, subject_id=made.id)
    note(session, actor, lot, "counted", now=now, difference=difference)
