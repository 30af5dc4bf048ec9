"""Account History: who received what when at a location, and everything else that happened to its stock.

The original system reached it from Vaccine Inventory, the location ("Account"), Related, View All.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.inventory.history import ADMINISTERED, HistoryFilter, HistoryLine, list_history
from app.domain.recipients.models import Listing, Recipient
from app.domain.recipients.queries import MOST_WORDS
from app.domain.vaccinations.models import Administration
from app.infra import audit
from app.infra.paging import Slice
from app.infra.search import fold, starts_with

MOST_PEOPLE = 100
CHUNK = 1000


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """What to list; empty lists all. `person` is how a recipient's name begins, the last name or
    both names in either order: at most 100 people are looked at.

    Days are local and both count. `made_by_id`: the user who did it.
    """

    product_id: UUID | None = None
    lot_id: UUID | None = None
    kind: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    person: str = ""
    made_by_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """Whom a dose was given to; `status` is that of the administration, `given_at` its true time."""

    administration_id: UUID
    recipient_id: UUID
    name: str
    birth_date: date
    dose_number: int
    status: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An entry of the stock, and whom the dose was given to where it is one."""

    entry: HistoryLine
    received: Received | None


def account_history(
    session: Session, actor: Actor, location_id: UUID, wanted: AccountFilter, *, zone: ZoneInfo,
    after: str | None = None, size: int = 50,
) -> Slice[AccountLine]:  # fmt: skip
    """A page, newest first: the same few queries with 2,000,000 entries as with 2,000."""
    actor.require(Permission.VIEW_RECIPIENTS, at=location_id)
    found = list_history(
        session, actor, location_id, _for_stock(session, location_id, wanted), zone=zone, after=after, size=size
    )
    who = _received(session, found.items)
    return Slice([AccountLine(line, who.get(line.subject_id)) for line in found.items], found.next_after)


def export_history(
    session: Session, actor: Actor, location_id: UUID, wanted: AccountFilter, *, zone: ZoneInfo, chunk: int = CHUNK
) -> Iterator[AccountLine]:
    """All of it, for a workbook or CSV: read page by page, so that no export holds millions of rows in memory.

    For managers only. The permission is asked for at once, not with the first row.
    """
    actor.require(Permission.MANAGE_INVENTORY, at=location_id)

    def rows() -> Iterator[AccountLine]:
        after: str | None = None
        while True:
            page = account_history(session, actor, location_id, wanted, zone=zone, after=after, size=chunk)
            yield from page.items
            after = page.next_after
            if after is None:
                return

    return rows()


def note_export(session: Session, actor: Actor, location_id: UUID, wanted: AccountFilter, *, now: datetime) -> None:
    """Leave the audit entry of an export: who, of which location, filtered by what. Never a name."""
    filters = [name for name in AccountFilter.__slots__ if getattr(wanted, name) not in (None, "")]
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="inventory.history_exported", subject_kind="location",
        subject_id=location_id, place_id=location_id, now=now, filters=filters,
    )  # fmt: skip


def _for_stock(session: Session, location_id: UUID, wanted: AccountFilter) -> HistoryFilter:
    base = HistoryFilter(
        wanted.product_id, wanted.lot_id, wanted.kind, wanted.first_day, wanted.last_day, wanted.made_by_id
    )
    if not wanted.person.strip():
        return base
    given = session.scalars(
        select(Administration.id).where(Administration.recipient_id.in_(_people(session, location_id, wanted.person)))
    )
    return replace(base, subject_ids=tuple(given))


def _people(session: Session, location_id: UUID, typed: str) -> list[UUID]:
    """People of the location's list whose names begin as typed: the last name, or both in either order.

    Every way begins with the last name, so that each is a short piece of one index, however long the list.
    """
    words = fold(typed).split()[:MOST_WORDS]
    pairs = [(" ".join(words), "")]
    for place in range(1, len(words)):
        left, right = " ".join(words[:place]), " ".join(words[place:])
        pairs += [(left, right), (right, left)]
    found: dict[UUID, None] = {}
    for last, first in pairs:
        query = select(Listing.recipient_id).where(
            Listing.scope_id == location_id, Listing.scope_kind == "location", starts_with(Listing.last_folded, last)
        )
        if first:
            query = query.where(starts_with(Listing.first_folded, first))
        found |= dict.fromkeys(session.scalars(query.order_by(Listing.last_folded).limit(MOST_PEOPLE)))
    return list(found)[:MOST_PEOPLE]


def _received(session: Session, lines: Iterable[HistoryLine]) -> dict[UUID | None, Received]:
    ids = {line.subject_id for line in lines if line.kind in ADMINISTERED and line.subject_id}
    if not ids:
        return {}
    rows = session.execute(
        select(
            Administration.id, Recipient.id, Recipient.first_name, Recipient.last_name, Recipient.birth_date,
            Administration.dose_number, Administration.status, Administration.given_at,
        )
        .join(Recipient, Recipient.id == Administration.recipient_id)
        .where(Administration.id.in_(ids))
    )  # fmt: skip
    return {
        row[0]: Received(row[0], row[1], f"{row[2]} {row[3]}".strip(), row[4], row[5], row[6], row[7]) for row in rows
    }
