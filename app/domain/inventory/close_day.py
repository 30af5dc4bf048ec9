"""The end of the day: opened vials are closed, what was left in them is thrown away, and the day's balance is drawn."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import NotFound
from app.domain.inventory.deprecate import Deprecate, book_deprecation
from app.domain.inventory.errors import AlreadyDone, BadValue, NeedsExplanation
from app.domain.inventory.ledger import LONGEST_REASON, hold_lots, note
from app.domain.inventory.models import Lot, StockEntry, Vial
from app.infra import clock

LAST_OF_DAY = "open_vial"
PAST_USE = "past_use"


@dataclass(frozen=True, slots=True)
class ClosedVial:
    """`wasted` doses of those left were thrown away; fewer than were left need an `explanation`."""

    vial_id: UUID
    wasted: int
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class CloseVials:
    """The opened vials that are done with, each once."""

    location_id: UUID
    vials: tuple[ClosedVial, ...]


@dataclass(frozen=True, slots=True)
class DayLine:
    """One lot on one day, in doses: opening + the sum of `moved` (by kind of entry, signed) = closing."""

    lot: Lot
    opening: int
    closing: int
    moved: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DayBalance:
    """A location's day: its lots with doses or movements, the vials still open, and those closed on that day.

    `missing` are doses of vials closed that day which were neither given, as far as is entered, nor thrown away.
    """

    day: date
    lines: tuple[DayLine, ...]
    still_open: tuple[Vial, ...]
    closed: tuple[Vial, ...]

    @property
    def missing(self) -> int:
        """Very likely given and not entered yet."""
        return sum(vial.doses_missing for vial in self.closed)


def close_vials(session: Session, actor: Actor, command: CloseVials, *, now: datetime) -> list[Vial]:
    """Close opened vials; doses thrown away leave the stock. Missing ones stay: their doses may be entered late.

    Whoever gives doses may. Raises BadValue, NeedsExplanation (ids are of vials), AlreadyDone, NotFound.
    """
    actor.require(Permission.ADMINISTER_DOSES, at=command.location_id)
    wanted = {line.vial_id: line for line in command.vials}
    if not wanted or len(wanted) != len(command.vials):
        raise BadValue("vials", "twice" if wanted else "missing")
    vials = _held(session, command.location_id, list(wanted))
    silent = tuple(
        vial.id
        for vial in vials
        if wanted[vial.id].wasted < vial.doses_left and not wanted[vial.id].explanation.strip()
    )
    for vial in vials:
        _check(vial, wanted[vial.id])
    for lot_id, balance in {vial.lot_id: vial.lot.balance for vial in vials}.items():
        if sum(wanted[vial.id].wasted for vial in vials if vial.lot_id == lot_id) > balance:
            raise BadValue("wasted", "too_many", limit=balance, lot_id=lot_id)
    if silent:
        raise NeedsExplanation(silent)
    for vial in vials:
        _close(session, actor, vial, wanted[vial.id], now)
    return vials


def day_balance(session: Session, actor: Actor, location_id: UUID, day: date, *, zone: ZoneInfo) -> DayBalance:
    """What moved at a location on a local day, lot by lot, and whether every opened vial is accounted for."""
    actor.require(Permission.VIEW_INVENTORY, at=location_id)
    start, end = clock.day_bounds(day, zone)
    today, since = _moved(session, location_id, start, end), _moved(session, location_id, start, None)
    lots = session.scalars(
        select(Lot)
        .where(Lot.location_id == location_id, (Lot.balance > 0) | Lot.id.in_(list(since)))
        .order_by(Lot.expires_on, Lot.id)
    )
    lines = []
    for lot in lots:
        opening = lot.balance - sum(since[lot.id].values())
        moved = dict(today[lot.id])
        lines.append(DayLine(lot, opening, opening + sum(moved.values()), moved))
    vials = select(Vial).where(Vial.location_id == location_id).order_by(Vial.use_by, Vial.id)
    still_open = session.scalars(vials.where(Vial.closed_at.is_(None), Vial.opened_at < end))
    closed = session.scalars(vials.where(Vial.closed_at >= start, Vial.closed_at < end))
    shown = tuple(line for line in lines if line.opening or line.closing or line.moved)
    return DayBalance(day, shown, tuple(still_open), tuple(closed))


def _moved(
    session: Session, location_id: UUID, start: datetime, end: datetime | None
) -> defaultdict[UUID, dict[str, int]]:
    """Doses by lot and kind since a moment (or up to another)."""
    statement = (
        select(StockEntry.lot_id, StockEntry.kind, func.sum(StockEntry.doses))
        .where(StockEntry.location_id == location_id, StockEntry.made_at >= start)
        .group_by(StockEntry.lot_id, StockEntry.kind)
    )
    if end is not None:
        statement = statement.where(StockEntry.made_at < end)
    found: defaultdict[UUID, dict[str, int]] = defaultdict(dict)
    for lot_id, kind, doses in session.execute(statement):
        if doses:
            found[lot_id][kind] = int(doses)
    return found


def _held(session: Session, location_id: UUID, vial_ids: list[UUID]) -> list[Vial]:
    """The vials, their lots held, everything read anew."""
    query = select(Vial).where(Vial.id.in_(vial_ids), Vial.location_id == location_id).order_by(Vial.id)
    lot_ids = {vial.lot_id for vial in session.scalars(query)}
    hold_lots(session, location_id, lot_ids)
    vials = list(session.scalars(query.execution_options(populate_existing=True)))
    if len(vials) < len(vial_ids):
        raise NotFound
    return vials


def _check(vial: Vial, line: ClosedVial) -> None:
    if vial.closed_at is not None:
        raise AlreadyDone
    if line.wasted < 0:
        raise BadValue("wasted", "not_positive", lot_id=vial.lot_id)
    if line.wasted > vial.doses_left:
        raise BadValue("wasted", "more_than_left", limit=vial.doses_left, lot_id=vial.lot_id)


def _close(session: Session, actor: Actor, vial: Vial, line: ClosedVial, now: datetime) -> None:
    vial.doses_wasted, vial.doses_missing = line.wasted, vial.doses_left - line.wasted
    vial.doses_left, vial.closed_at, vial.closed_by_id = 0, now, actor.id
    vial.explanation = line.explanation.strip()[:LONGEST_REASON]
    session.flush()
    if line.wasted:
        reason = PAST_USE if vial.use_by <= now else LAST_OF_DAY
        waste = Deprecate(vial.location_id, vial.lot_id, "waste", reason, line.wasted, vial.explanation)
        book_deprecation(session, actor, vial.lot, waste, now=now)
    note(session, actor, vial.lot, "vial_closed", now=now, wasted=line.wasted, missing=vial.doses_missing)
