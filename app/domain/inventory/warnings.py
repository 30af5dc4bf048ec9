"""Warnings before it hurts: lots that expire within 7 days, dates nobody looked up, products that run low.

A product runs low when fewer usable doses are left than two more days like the last seven would take.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.inventory.history import ADMINISTERED
from app.domain.inventory.models import UNKNOWN_EXPIRY, Lot, StockEntry, StockWarning, WarningRound
from app.domain.inventory.queries import reasons_against
from app.domain.program.models import Product
from app.domain.providers.models import Location
from app.infra.db import one_at_a_time

WarningKind = Literal["expiring", "expiry_unknown", "running_low", "long_transit"]

SOON = timedelta(days=7)
LOOK_BACK_DAYS = 7
ENOUGH_DAYS = 2


@dataclass(frozen=True, slots=True)
class StockAlert:
    """`subject_id`: the lot, product or transfer. `doses` are those at stake, `day` the last good day of a lot.

    `daily` are doses given on an average day (running_low); `label` is the lot's number or the product's name.
    """

    kind: WarningKind
    subject_id: UUID
    label: str
    product_name: str = ""
    doses: int = 0
    day: date | None = None
    daily: float = 0.0


def warnings_of(session: Session, actor: Actor, location_id: UUID, *, today: date, now: datetime) -> list[StockAlert]:
    """What a location should know of its shelf today, the most pressing first."""
    actor.require(Permission.VIEW_INVENTORY, at=location_id)
    lots = list(
        session.scalars(
            select(Lot).where(Lot.location_id == location_id, Lot.balance > 0).order_by(Lot.expires_on, Lot.id)
        )
    )
    return [*_expiring(lots, today), *_running_low(session, location_id, lots, today, now), *_unknown(lots)]


def keep_warnings(
    session: Session, location_id: UUID, current: Iterable[tuple[str, UUID]], *, now: datetime
) -> set[tuple[str, UUID]]:
    """Note what holds now (kind, subject) and clear what holds no more; returns what is new since the last time."""
    one_at_a_time(session, f"warnings:{location_id}")
    wanted = set(current)
    live = session.scalars(
        select(StockWarning).where(StockWarning.location_id == location_id, StockWarning.cleared_at.is_(None))
    )
    known = set()
    for warning in live:
        pair = (warning.kind, warning.subject_id)
        known.add(pair)
        if pair not in wanted:
            warning.cleared_at = now
    fresh = wanted - known
    session.add_all(
        StockWarning(location_id=location_id, kind=kind, subject_id=subject_id, raised_at=now)
        for kind, subject_id in sorted(fresh)
    )
    session.flush()
    return fresh


def locations_to_look_at(session: Session, *, now: datetime) -> list[UUID]:
    """Locations that have doses, gave their last one lately (and are open), or were warned and may be fine by now."""
    given = exists().where(
        StockEntry.lot_id == Lot.id,
        StockEntry.kind == "administered",
        StockEntry.made_at > now - timedelta(days=LOOK_BACK_DAYS),
        Location.id == Lot.location_id,
        Location.closed_at.is_(None),
    )
    stocked = select(Lot.location_id).where(or_(Lot.balance > 0, given))
    warned = select(StockWarning.location_id).where(StockWarning.cleared_at.is_(None))
    return sorted(session.scalars(stocked.union(warned)))


def round_is_done(session: Session, day: date) -> bool:
    """True when the warnings of this local day were looked at already."""
    return session.get(WarningRound, day) is not None


def finish_round(session: Session, day: date, *, now: datetime) -> None:
    """The warnings of this day were all looked at; two workers may say so."""
    session.merge(WarningRound(day=day, finished_at=now))


def _expiring(lots: Iterable[Lot], today: date) -> Iterable[StockAlert]:
    for lot in lots:
        if today <= lot.expires_on <= today + SOON:
            yield StockAlert("expiring", lot.id, lot.number, lot.product.name, lot.balance, lot.expires_on)


def _unknown(lots: Iterable[Lot]) -> Iterable[StockAlert]:
    for lot in lots:
        if lot.expires_on == UNKNOWN_EXPIRY:
            yield StockAlert("expiry_unknown", lot.id, lot.number, lot.product.name, lot.balance)


def _running_low(
    session: Session, location_id: UUID, lots: Iterable[Lot], today: date, now: datetime
) -> Iterable[StockAlert]:
    usable: dict[UUID, int] = {}
    for lot in lots:
        if not reasons_against(lot, today):
            usable[lot.product_id] = usable.get(lot.product_id, 0) + lot.balance
    given = session.execute(
        select(Product.id, Product.name, func.sum(StockEntry.doses))
        .join(Product, Product.id == StockEntry.product_id)
        .where(
            StockEntry.location_id == location_id,
            StockEntry.kind.in_(ADMINISTERED),
            StockEntry.made_at > now - timedelta(days=LOOK_BACK_DAYS),
        )
        .group_by(Product.id, Product.name)
        .order_by(Product.name)
    )
    for product_id, name, doses in given:
        daily = -int(doses) / LOOK_BACK_DAYS
        left = usable.get(product_id, 0)
        if left < daily * ENOUGH_DAYS:
            yield StockAlert("running_low", product_id, name, name, left, daily=daily)
