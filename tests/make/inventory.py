"""Lots with doses. Every maker commits."""

from datetime import date, timedelta
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import system
from app.domain.inventory.models import Lot
from app.domain.inventory.receive_shipment import ReceiveShipment, receive_shipment
from app.domain.providers.models import Location
from app.infra import clock
from tests.make.vaccinations import ZONE

_numbers = count(100)


def lot(
    session: Session,
    at: Location,
    *,
    product: str = "pfizer",
    doses: int = 10,
    expires_on: date | None = None,
    number: str | None = None,
    received_on: date | None = None,
) -> Lot:
    """A lot with doses at a location, there for three months and good for two more unless said otherwise."""
    now = clock.now()
    today = clock.local_date(now, ZONE)
    expires_on = expires_on or today + timedelta(days=60)
    received = receive_shipment(
        session,
        system("test"),
        ReceiveShipment(
            at.id, product, number or f"EN{next(_numbers)}", expires_on, doses, doses,
            received_on=received_on or min(today, expires_on) - timedelta(days=90),
        ),
        now=now,
        today=min(today, expires_on),
    )  # fmt: skip
    made = session.scalars(select(Lot).where(Lot.id == received.lot_id)).one()
    session.commit()
    return made
