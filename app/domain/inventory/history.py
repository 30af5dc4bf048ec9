"""Everything that happened to the stock of a location, newest first, filtered and paged by key.

As fast with millions of entries as with a few: every filter has an index that ends with (made_at, id).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, select, tuple_
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.models import Account
from app.domain.inventory.models import Lot, StockEntry
from app.domain.program.models import Product
from app.infra import clock
from app.infra.paging import Slice, pack, unpack

PAGE = 50
ADMINISTERED = ("administered", "given_back")


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """What to list; None lists all. Days are local and both count. `made_by_id`: the user who did it.

    `subject_ids`: only what these administrations (or deliveries, transfers …) did.
    """

    product_id: UUID | None = None
    lot_id: UUID | None = None
    kind: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    made_by_id: UUID | None = None
    subject_ids: tuple[UUID, ...] | None = None


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One entry. `doses` is signed; `subject_id` is what caused it, `made_by` who did it."""

    id: UUID
    made_at: datetime
    kind: str
    doses: int
    reason: str
    lot_id: UUID
    lot_number: str
    expires_on: date
    product_name: str
    subject_id: UUID | None
    made_by: str


def list_history(
    session: Session, actor: Actor, location_id: UUID, wanted: HistoryFilter, *, zone: ZoneInfo,
    after: str | None = None, size: int = PAGE,
) -> Slice[HistoryLine]:  # fmt: skip
    """A page of a location's history. One query, whatever the filter."""
    actor.require(Permission.VIEW_INVENTORY, at=location_id)
    query = _entries(location_id).where(*_conditions(wanted, zone))
    key = _key(after)
    if key:
        query = query.where(tuple_(StockEntry.made_at, StockEntry.id) < tuple_(*key))
    rows = session.execute(query.order_by(StockEntry.made_at.desc(), StockEntry.id.desc()).limit(size + 1)).all()
    lines = [_line(row) for row in rows[:size]]
    more = pack(lines[-1].made_at.isoformat(), lines[-1].id) if len(rows) > size else None
    return Slice(lines, more)


def _entries(location_id: UUID) -> Select[StockEntry, str, date, str, str | None, str | None]:
    return (
        select(StockEntry, Lot.number, Lot.expires_on, Product.name, Account.first_name, Account.last_name)
        .join(Lot, Lot.id == StockEntry.lot_id)
        .join(Product, Product.id == StockEntry.product_id)
        .outerjoin(Account, Account.id == StockEntry.made_by_id)
        .where(StockEntry.location_id == location_id)
    )


def _conditions(wanted: HistoryFilter, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for column, value in (
        (StockEntry.product_id, wanted.product_id),
        (StockEntry.lot_id, wanted.lot_id),
        (StockEntry.kind, wanted.kind),
        (StockEntry.made_by_id, wanted.made_by_id),
    ):
        if value is not None:
            found.append(column == value)
    if wanted.first_day is not None:
        found.append(StockEntry.made_at >= clock.day_bounds(wanted.first_day, zone)[0])
    if wanted.last_day is not None:
        found.append(StockEntry.made_at < clock.day_bounds(wanted.last_day, zone)[1])
    if wanted.subject_ids is not None:
        found.append(StockEntry.subject_id.in_(wanted.subject_ids))
    return found


def _key(after: str | None) -> tuple[datetime, UUID] | None:
    """None for a key that was tampered with: the list then starts at its beginning."""
    key = unpack(after, 2)
    try:
        return (datetime.fromisoformat(key[0]).astimezone(UTC), UUID(key[1])) if key else None
    except (ValueError, OverflowError, OSError):
        return None


def _line(row: Row[StockEntry, str, date, str, str | None, str | None]) -> HistoryLine:
    entry, number, expires_on, product, first, last = row
    return HistoryLine(
        id=entry.id, made_at=entry.made_at, kind=entry.kind, doses=entry.doses, reason=entry.reason,
        lot_id=entry.lot_id, lot_number=number, expires_on=expires_on, product_name=product, subject_id=entry.subject_id,
        made_by=f"{first or ''} {last or ''}".strip(),
    )  # fmt: skip
