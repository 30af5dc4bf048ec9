"""The lot of a product at a location, found or made; what a recall says holds for a lot that arrives later, too."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.inventory.ledger import book, hold_lots, note
from app.domain.inventory.models import UNKNOWN_EXPIRY, Lot, LotChange, Recall
from app.domain.program.models import Product
from app.infra.db import one_at_a_time


def fold_lot_number(number: str) -> str:
    """A lot number as it is compared: capitals, without spaces and dashes."""
    return "".join(letter for letter in number.upper() if letter.isalnum())


def recalls_of_product(product_id: UUID) -> str:
    """What recalls of a product and the making of its lots wait for, one after the other."""
    return f"recalls:{product_id}"


def prepare_lots(session: Session, location_id: UUID, product_ids: Iterable[UUID]) -> None:
    """Before any lot of these products is found or made at a location: wait for recalls, then for the location.

    Always in this order and all at once, so that two who receive, and whoever recalls, never wait for each other.
    """
    for product_id in sorted(set(product_ids)):
        one_at_a_time(session, recalls_of_product(product_id))
    one_at_a_time(session, f"lots:{location_id}")


def hold_known(session: Session, location_id: UUID, wanted: Iterable[tuple[UUID, str]]) -> None:
    """Hold those of several lots (product, number) that the location has already, in the order of all who hold lots."""
    folded = {(product_id, fold_lot_number(number)) for product_id, number in wanted}
    known = session.execute(
        select(Lot.id, Lot.product_id, Lot.number_folded).where(
            Lot.location_id == location_id, Lot.number_folded.in_({number for _product, number in folded})
        )
    )
    hold_lots(session, location_id, [id_ for id_, product_id, number in known if (product_id, number) in folded])


def lot_for(
    session: Session, location_id: UUID, product: Product, number: str, expires_on: date, *, arrived_on: date,
    now: datetime,
) -> Lot:  # fmt: skip
    """The lot of this number at the location, held; made where there is none. Its expiry is the caller's to judge.

    `prepare_lots` comes first.
    """
    folded = fold_lot_number(number)
    lot = session.scalar(
        select(Lot)
        .where(Lot.location_id == location_id, Lot.product_id == product.id, Lot.number_folded == folded)
        .with_for_update(of=Lot, key_share=True)
        .execution_options(populate_existing=True)
    )
    if lot is None:
        lot = Lot(
            location_id=location_id, product=product, product_id=product.id, balance=0, created_at=now,
            number=number.strip().upper(), number_folded=folded, expires_on=expires_on, arrived_on=arrived_on,
            quarantined_because="",
        )  # fmt: skip
        _obey_recalls(session, lot)
        session.add(lot)
        session.flush()
    else:
        lot.version += 1  # whoever is about to correct its total has seen another one
        lot.arrived_on = min(lot.arrived_on, arrived_on) if lot.arrived_on is not None else None
    return lot


def set_expiry(
    session: Session, actor: Actor, lot: Lot, expires_on: date, *, reason: str, now: datetime, explanation: str = ""
) -> None:
    """A lot that is held has another expiration date: its changes, its story and the log tell of it.

    `reason`: of EXPIRY_REASONS, or shipment or transfer where the date came with doses.
    """
    was, became = lot.expires_on.isoformat(), expires_on.isoformat()
    lot.expires_on = expires_on
    lot.version += 1
    session.add(
        LotChange(
            lot_id=lot.id, field="expires_on", was=was, became=became, reason=reason, explanation=explanation,
            changed_at=now, changed_by_id=actor.id,
        )
    )  # fmt: skip
    session.flush()
    book(session, actor, lot, "expiry_changed", 0, now=now, reason=f"{was} > {became}", subject_id=lot.id)
    note(session, actor, lot, "expiry_changed", now=now, was=was, became=became, reason=reason)


def expiry_is_known(lot: Lot) -> bool:
    """False while the lot has the placeholder of federal shipments."""
    return lot.expires_on != UNKNOWN_EXPIRY


def _obey_recalls(session: Session, lot: Lot) -> None:
    live = select(Recall).where(
        Recall.product_id == lot.product_id,
        Recall.number_folded.in_(("", lot.number_folded)),
        Recall.lifted_at.is_(None),
    )
    for recall in session.scalars(live):
        if recall.of_product:
            lot.stopped_at = recall.made_at
        else:
            lot.recalled_at = recall.made_at
