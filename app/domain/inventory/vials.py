"""Use case: a vial is opened. From then on its doses are good for some hours only."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.inventory.errors import BadValue, LotUnusable, NoDosesLeft
from app.domain.inventory.ledger import book, hold_lot, note
from app.domain.inventory.models import Lot, Vial
from app.domain.inventory.queries import get_lot, why_unusable

MOST_PER_VIAL = 100
LISTED = 200
_CLOCKS_DIFFER = timedelta(minutes=2)
_LONGEST_AGO = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class OpenVial:
    """`doses` None: as many as a vial of the product usually gives. `opened_at` None: now."""

    location_id: UUID
    lot_id: UUID
    doses: int | None = None
    opened_at: datetime | None = None


def open_vial(session: Session, actor: Actor, command: OpenVial, *, now: datetime, today: date) -> Vial:
    """Open a vial of a usable lot. Whoever gives doses may. Doses stay in the lot's balance until they are given.

    Raises BadValue, LotUnusable, NoDosesLeft (all its doses are in vials that are open already), NotFound.
    """
    actor.require(Permission.ADMINISTER_DOSES, at=command.location_id)
    get_lot(session, actor, command.location_id, command.lot_id)
    opened_at = command.opened_at or now
    if opened_at > now + _CLOCKS_DIFFER:
        raise BadValue("opened_at", "future")
    if opened_at < now - _LONGEST_AGO:
        raise BadValue("opened_at", "too_old")
    lot = hold_lot(session, command.location_id, command.lot_id)
    why = why_unusable(lot, today)
    if why:
        raise LotUnusable(why)
    sealed = lot.balance - _in_open_vials(session, lot.id)
    if sealed <= 0:
        raise NoDosesLeft
    rules = lot.product.rules_on(today)
    doses = min(rules.doses_per_vial, sealed) if command.doses is None else command.doses
    if doses <= 0:
        raise BadValue("doses", "not_positive")
    if doses > min(sealed, MOST_PER_VIAL):
        raise BadValue("doses", "too_many", limit=min(sealed, MOST_PER_VIAL))
    vial = Vial(
        location_id=lot.location_id, lot_id=lot.id, lot=lot, doses=doses, doses_left=doses, opened_at=opened_at,
        opened_by_id=actor.id, use_by=opened_at + timedelta(hours=rules.beyond_use_hours),
    )  # fmt: skip
    session.add(vial)
    session.flush()
    book(session, actor, lot, "vial_opened", 0, now=now, reason=str(doses), subject_id=vial.id)
    note(session, actor, lot, "vial_opened", now=now, doses=doses)
    return vial


def open_vials(session: Session, actor: Actor, location_id: UUID) -> list[Vial]:
    """The opened vials of a location, the one that must be used first at the top."""
    actor.require(Permission.VIEW_INVENTORY, at=location_id)
    found = select(Vial).where(Vial.location_id == location_id, Vial.closed_at.is_(None))
    return list(session.scalars(found.order_by(Vial.use_by, Vial.id).limit(LISTED)))


def _in_open_vials(session: Session, lot_id: UUID) -> int:
    opened = select(func.sum(Vial.doses_left)).where(Vial.lot_id == lot_id, Vial.closed_at.is_(None))
    return int(session.scalar(opened) or 0)


def vial_at(
    session: Session, lot: Lot, given_at: datetime, *, is_open: ColumnElement[bool], is_closed: ColumnElement[bool]
) -> Vial | None:
    """The vial that was opened first of those that were good when a dose was given, read anew.

    `is_open` must hold for one that is open still, `is_closed` for one that was closed since.
    """
    return session.scalar(
        select(Vial)
        .where(Vial.lot_id == lot.id, Vial.opened_at <= given_at, Vial.use_by > given_at)
        .where(or_(and_(Vial.closed_at.is_(None), is_open), and_(Vial.closed_at >= given_at, is_closed)))
        .order_by(Vial.opened_at, Vial.id)
        .limit(1)
        .execution_options(populate_existing=True)
    )
