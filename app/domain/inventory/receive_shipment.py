"""Use case: a Location Manager receives a delivery of vaccine. The same lot again adds to what is there."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.inventory.errors import BadShipment, ExpiryDiffers
from app.domain.inventory.ledger import book
from app.domain.inventory.lots import fold_lot_number, lot_for, prepare_lots, set_expiry
from app.domain.inventory.models import UNKNOWN_EXPIRY as UNKNOWN_EXPIRY
from app.domain.inventory.models import Lot, Shipment
from app.domain.program.products import product_by_code
from app.domain.providers.queries import refuse_closed
from app.infra import audit

MOST_DOSES = 100_000
LONGEST_SHELF_LIFE = timedelta(days=3653)
LONGEST_AGO = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class ReceiveShipment:
    """A delivery. Doses: `received` is all that arrived, `damaged` those of them that cannot be used.

    `expires_on` 2069-12-31 means "not known yet" (the placeholder of federal shipments).
    `replace_expiry`: the new date is right for the whole lot. `received_on` is the local day on which it arrived,
    None for today.
    """

    location_id: UUID
    product_code: str
    lot_number: str
    expires_on: date
    doses_expected: int
    doses_received: int
    doses_damaged: int = 0
    reference: str = ""
    replace_expiry: bool = False
    received_on: date | None = None


def receive_shipment(
    session: Session, actor: Actor, command: ReceiveShipment, *, now: datetime, today: date
) -> Shipment:
    """Book a delivery into its lot. Raises BadShipment, ExpiryDiffers, NotFound (no such product), NotAllowed (closed)."""
    actor.require(Permission.MANAGE_INVENTORY, at=command.location_id)
    refuse_closed(session, command.location_id)
    _check(command, today)
    product = product_by_code(session, command.product_code)
    arrived_on = command.received_on or today
    prepare_lots(session, command.location_id, [product.id])
    lot = lot_for(
        session, command.location_id, product, command.lot_number, command.expires_on, arrived_on=arrived_on, now=now
    )
    if command.expires_on not in (lot.expires_on, UNKNOWN_EXPIRY):
        _change_expiry(session, actor, lot, command, now)
    shipment = Shipment(
        location_id=command.location_id,
        lot_id=lot.id,
        reference=command.reference.strip(),
        doses_expected=command.doses_expected,
        doses_received=command.doses_received,
        doses_damaged=command.doses_damaged,
        received_on=arrived_on,
        received_at=now,
        received_by_id=actor.id,
    )
    session.add(shipment)
    session.flush()
    _book(session, actor, lot, shipment, "received", command.doses_received)
    if command.doses_damaged:
        _book(session, actor, lot, shipment, "damaged", -command.doses_damaged)
    audit.record(
        session,
        actor_kind=actor.kind,
        actor_id=actor.id,
        act="inventory.shipment_received",
        subject_kind="lot",
        subject_id=lot.id,
        place_id=command.location_id,
        now=now,
        doses=command.doses_received,
    )
    return shipment


def _check(command: ReceiveShipment, today: date) -> None:
    if not fold_lot_number(command.lot_number):
        raise BadShipment("lot_number", "no_lot_number")
    if command.expires_on < today:
        raise BadShipment("expires_on", "expired")
    if command.expires_on > today + LONGEST_SHELF_LIFE and command.expires_on != UNKNOWN_EXPIRY:
        raise BadShipment("expires_on", "too_far")
    if command.received_on is not None and command.received_on > today:
        raise BadShipment("received_on", "future")
    if command.received_on is not None and command.received_on < today - LONGEST_AGO:
        raise BadShipment("received_on", "too_old")
    for name in ("doses_expected", "doses_received", "doses_damaged"):
        doses = getattr(command, name)
        if doses < (0 if name == "doses_damaged" else 1):
            raise BadShipment(name, "not_positive")
        if doses > MOST_DOSES:
            raise BadShipment(name, "too_many")
    if command.doses_damaged > command.doses_received:
        raise BadShipment("doses_damaged", "more_damaged_than_received")


def _change_expiry(session: Session, actor: Actor, lot: Lot, command: ReceiveShipment, now: datetime) -> None:
    """Take the newly told date where none was known or the manager says that it is right."""
    if lot.expires_on != UNKNOWN_EXPIRY and not command.replace_expiry:
        raise ExpiryDiffers(lot.expires_on)
    set_expiry(session, actor, lot, command.expires_on, reason="shipment", now=now)


def _book(session: Session, actor: Actor, lot: Lot, shipment: Shipment, kind: str, doses: int) -> None:
    now, reason = shipment.received_at, shipment.reference
    book(session, actor, lot, kind, doses, now=now, reason=reason, subject_id=shipment.id)
