"""What is on the shelf, and everything that happened to it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.models import Account
from app.domain.errors import NotFound
from app.domain.inventory.errors import WhyNot
from app.domain.inventory.models import UNKNOWN_EXPIRY, Lot, Shipment, StockEntry
from app.infra.paging import Slice, pack, unpack

PAGE = 50
MOST_OFFERED = 200
ENTERED_LATE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class LotLine:
    """A lot as a list shows it; `reasons` are all that speak against giving from it today, the weightiest first."""

    lot: Lot
    reasons: tuple[WhyNot, ...] = ()

    @property
    def why_not(self) -> WhyNot | None:
        """The weightiest reason; None when doses may be given from it today."""
        return next(iter(self.reasons), None)

    @property
    def only_expired(self) -> bool:
        """True when nothing but its date hides the lot: if the date is wrong, correcting it brings the lot back."""
        return self.reasons == ("expired",)


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One movement of a lot's doses, and what was left after it (in doses)."""

    made_at: datetime
    kind: str
    doses: int
    balance_after: int
    reason: str
    made_by: str


def lots_visible_to(actor: Actor) -> Select[Lot]:
    """The one door to lots: those of the places whose inventory the actor may see."""
    if actor.kind == "system":
        return select(Lot)
    return select(Lot).where(Lot.location_id.in_(actor.places(Permission.VIEW_INVENTORY)))


def get_lot(session: Session, actor: Actor, location_id: UUID, lot_id: UUID) -> Lot:
    """One lot of a location. Raises NotFound, also when it belongs to another location."""
    lot = session.scalar(lots_visible_to(actor).where(Lot.id == lot_id, Lot.location_id == location_id))
    if lot is None:
        raise NotFound
    return lot


def why_unusable(
    lot: Lot, day: date, *, balance: int | None = None, at: datetime | None = None
) -> WhyNot | None:
    """Why no dose may be given from a lot on a day (the weightiest reason); None when it may."""
    return next(iter(reasons_against(lot, day, balance=balance, at=at)), None)


def reasons_against(
    lot: Lot, day: date, *, balance: int | None = None, at: datetime | None = None
) -> tuple[WhyNot, ...]:
    """Everything that speaks against giving a dose from a lot on a day. A lot is good through its last day.

    `at` is the moment of a dose that was given earlier: what was recalled or set apart only later did not forbid it.
    """
    product = lot.product

    def since(moment: datetime | None) -> bool:
        return moment is not None and (at is None or at >= moment)

    reasons: tuple[tuple[bool, WhyNot], ...] = (
        (since(lot.recalled_at), "recalled"),
        (since(lot.stopped_at), "stopped"),
        (since(lot.quarantined_at), "quarantined"),
        ((lot.balance if balance is None else balance) <= 0, "depleted"),
        (lot.expires_on < day, "expired"),
        (lot.arrived_on is not None and lot.arrived_on > day, "not_arrived"),
        (product.effective_from > day, "not_yet"),
        (product.effective_to is not None and product.effective_to < day, "ended"),
        (product.rules_on(day).paused, "paused"),
    )
    return tuple(why for applies, why in reasons if applies)


def list_lots(
    session: Session,
    actor: Actor,
    location_id: UUID,
    *,
    today: date,
    used_up: bool = False,
    after: str | None = None,
    size: int = PAGE,
) -> Slice[LotLine]:
    """A location's lots with doses (or those used up), the one that expires first at the top."""
    statement = lots_visible_to(actor).where(Lot.location_id == location_id)
    statement = statement.where(Lot.balance <= 0 if used_up else Lot.balance > 0)
    key = unpack(after, 2)
    if key:
        day, lot_id = date.fromisoformat(key[0]), UUID(key[1])
        statement = statement.where(or_(Lot.expires_on > day, and_(Lot.expires_on == day, Lot.id > lot_id)))
    lots = list(session.scalars(statement.order_by(Lot.expires_on, Lot.id).limit(size + 1)))
    more = len(lots) > size
    lots = lots[:size]
    return Slice(
        [LotLine(lot, reasons_against(lot, today)) for lot in lots],
        pack(lots[-1].expires_on.isoformat(), lots[-1].id) if more else None,
    )


def lots_to_give_from(session: Session, location_id: UUID, *, day: date) -> list[Lot]:
    """The lots of a location from which doses may be given on a day, first to expire first."""
    return [lot for lot in _lots_good_on(session, location_id, day) if why_unusable(lot, day) is None]


def lots_to_record_from(session: Session, location_id: UUID, *, today: date) -> tuple[list[Lot], list[Lot]]:
    """The lots to give from today, first to expire first; and those with doses whose last day was in the two weeks before,
    latest first: a dose given then may still be entered. One query.
    """
    lots = _lots_good_on(session, location_id, today - ENTERED_LATE)
    late = [lot for lot in reversed(lots) if lot.expires_on < today]
    return [lot for lot in lots if lot.expires_on >= today and why_unusable(lot, today) is None], late


def _lots_good_on(session: Session, location_id: UUID, day: date) -> list[Lot]:
    statement = (
        select(Lot)
        .where(Lot.location_id == location_id, Lot.balance > 0, Lot.expires_on >= day)
        .order_by(Lot.expires_on, Lot.id)
        .limit(MOST_OFFERED)
    )
    return list(session.scalars(statement))


def lots_greyed(session: Session, location_id: UUID, *, day: date) -> list[LotLine]:
    """Lots with doses from which none may be given on a day, and why: shown, greyed, but not offered."""
    statement = select(Lot).where(Lot.location_id == location_id, Lot.balance > 0).order_by(Lot.expires_on, Lot.id)
    lines = [LotLine(lot, reasons_against(lot, day)) for lot in session.scalars(statement.limit(MOST_OFFERED))]
    return [line for line in lines if line.reasons]


def lots_without_expiry(session: Session, actor: Actor, location_id: UUID) -> list[Lot]:
    """Lots with doses whose expiration date is not known yet: somebody has to look it up."""
    statement = lots_visible_to(actor).where(
        Lot.location_id == location_id, Lot.balance > 0, Lot.expires_on == UNKNOWN_EXPIRY
    )
    return list(session.scalars(statement.order_by(Lot.id).limit(MOST_OFFERED)))


def doses_on_hand(session: Session, location_id: UUID, *, today: date) -> int:
    """Doses that a location may give today, over all its lots."""
    return sum(lot.balance for lot in lots_to_give_from(session, location_id, day=today))


def lot_ledger(
    session: Session, lot: Lot, *, after: str | None = None, size: int = PAGE
) -> Slice[LedgerLine]:
    """Everything that happened to a lot, newest first, with what was left after each.

    The balance is carried from page to page by the key, so that no page adds up a lot's whole story.
    """
    statement = (
        select(StockEntry, Lot.balance, Account.first_name, Account.last_name)
        .join(Lot, Lot.id == StockEntry.lot_id)
        .outerjoin(Account, Account.id == StockEntry.made_by_id)
        .where(StockEntry.lot_id == lot.id)
        .order_by(StockEntry.id.desc())
        .limit(size + 1)
    )
    key = _ledger_key(after)
    if key:
        statement = statement.where(StockEntry.id < key[0])
    rows = session.execute(statement).all()
    balance = key[1] if key else (rows[0].balance if rows else 0)
    lines = []
    for entry, _balance, first, last in rows[:size]:
        name = f"{first or ''} {last or ''}".strip()
        lines.append(LedgerLine(entry.made_at, entry.kind, entry.doses, balance, entry.reason, name))
        balance -= entry.doses
    return Slice(lines, pack(rows[size - 1][0].id, balance) if len(rows) > size else None)


def _ledger_key(after: str | None) -> tuple[UUID, int] | None:
    """None for a key that was tampered with: the story then starts at its newest entry."""
    key = unpack(after, 2)
    try:
        return (UUID(key[0]), int(key[1])) if key else None
    except ValueError:
        return None


def shipments_of(session: Session, lot: Lot) -> list[Shipment]:
    """The deliveries that filled a lot, newest first, at most a page of them."""
    statement = select(Shipment).where(Shipment.lot_id == lot.id).order_by(Shipment.id.desc()).limit(PAGE)
    return list(session.scalars(statement))


def balances_that_differ(session: Session) -> list[tuple[UUID, int, int]]:
    """Lots whose balance is not the sum of their ledger: (lot, balance, sum). Any is a defect."""
    total = func.coalesce(func.sum(StockEntry.doses), 0)
    statement = (
        select(Lot.id, Lot.balance, total)
        .outerjoin(StockEntry, StockEntry.lot_id == Lot.id)
        .group_by(Lot.id, Lot.balance)
        .having(Lot.balance != total)
    )
    return [(lot_id, balance, int(ledger)) for lot_id, balance, ledger in session.execute(statement)]
