"""Everything that happened to the stock of a location, newest first, filtered and paged by key.

As fast with millions of entries as with a few: every filter, alone or with a kind, has an index that ends with
(made_at, id).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, select, tuple_
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.models import Account
from app.domain.inventory.models import Lot, StockEntry
from app.domain.program.models import Product
from app.infra import clock
from app.infra.paging import Slice, pack, unpack

PAGE = 50
CHUNK = 500
ADMINISTERED = ("administered", "given_back")

_Query: TypeAlias = Select[StockEntry, str, date, str, str | None, str | None]
_Row: TypeAlias = Row[StockEntry, str, date, str, str | None, str | None]
_ENTRIES: _Query = (
    select(StockEntry, Lot.number, Lot.expires_on, Product.name, Account.first_name, Account.last_name)
    .join(Lot, Lot.id == StockEntry.lot_id)
    .join(Product, Product.id == StockEntry.product_id)
    .outerjoin(Account, Account.id == StockEntry.made_by_id)
)


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
    same, (since, until), key = _same(location_id, wanted), _span(wanted, zone), _key(after)
    if wanted.subject_ids is not None:
        found = _of_subjects(session, wanted.subject_ids)
        rows = [row for row in found if _fits(row[0], same, since, until, key)][: size + 1]
    else:
        query = _ENTRIES.where(*(getattr(StockEntry, name) == value for name, value in same.items()))
        if since is not None:
            query = query.where(StockEntry.made_at >= since)
        if until is not None:
            query = query.where(StockEntry.made_at < until)
        if key is not None:
            query = query.where(tuple_(StockEntry.made_at, StockEntry.id) < tuple_(*key))
        newest = query.order_by(StockEntry.made_at.desc(), StockEntry.id.desc()).limit(size + 1)
        rows = list(session.execute(newest))
    lines = [_line(row) for row in rows[:size]]
    more = pack(lines[-1].made_at.isoformat(), lines[-1].id) if len(rows) > size else None
    return Slice(lines, more)


def _same(location_id: UUID, wanted: HistoryFilter) -> dict[str, object]:
    """What entries of the page have in common, by the name of their field."""
    asked = {name: getattr(wanted, name) for name in ("product_id", "lot_id", "kind", "made_by_id")}
    return {"location_id": location_id} | {name: value for name, value in asked.items() if value is not None}


def _span(wanted: HistoryFilter, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    return (
        None if wanted.first_day is None else clock.day_bounds(wanted.first_day, zone)[0],
        None if wanted.last_day is None else clock.day_bounds(wanted.last_day, zone)[1],
    )


def _of_subjects(session: Session, subject_ids: tuple[UUID, ...]) -> list[_Row]:
    """The few entries of some administrations, newest first.

    Nothing else is asked of the database: given a second condition, or an order, it may take the index of that one and
    walk the whole history for a handful of entries.
    """
    rows: list[_Row] = []
    for start in range(0, len(subject_ids), CHUNK):
        rows += session.execute(_ENTRIES.where(StockEntry.subject_id.in_(subject_ids[start : start + CHUNK])))
    return sorted(rows, key=lambda row: (row[0].made_at, row[0].id), reverse=True)


def _fits(
    entry: StockEntry, same: dict[str, object], since: datetime | None, until: datetime | None,
    key: tuple[datetime, UUID] | None,
) -> bool:  # fmt: skip
    return (
        all(getattr(entry, name) == value for name, value in same.items())
        and (since is None or entry.made_at >= since)
        and (until is None or entry.made_at < until)
        and (key is None or (entry.made_at, entry.id) < key)
    )


def _key(after: str | None) -> tuple[datetime, UUID] | None:
    """None for a key that was tampered with: the list then starts at its beginning."""
    key = unpack(after, 2)
    try:
        return (datetime.fromisoformat(key[0]).astimezone(UTC), UUID(key[1])) if key else None
    except (ValueError, OverflowError, OSError):
        return None


def _line(row: _Row) -> HistoryLine:
    entry, number, expires_on, product, first, last = row
    return HistoryLine(
        id=entry.id, made_at=entry.made_at, kind=entry.kind, doses=entry.doses, reason=entry.reason,
        lot_id=entry.lot_id, lot_number=number, expires_on=expires_on, product_name=product,
        subject_id=entry.subject_id, made_by=f"{first or ''} {last or ''}".strip(),
    )  # fmt: skip
