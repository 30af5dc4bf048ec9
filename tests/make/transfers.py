"""Transfers at any stage, made by the use cases that people use. Every maker commits."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, GrantedRole, Role
from app.domain.enrollment.models import EnrolledLocation, Enrollment
from app.domain.inventory.models import Lot
from app.domain.providers.models import Location
from app.domain.transfers.decide import Decide, approve
from app.domain.transfers.models import Transfer
from app.domain.transfers.receive import Receive, receive
from app.domain.transfers.request_transfer import RequestTransfer, Wanted, request_transfer
from app.domain.transfers.ship import Ship, ship
from app.infra import clock
from tests.make.enrollment import approved as approved_enrollment
from tests.make.vaccinations import ZONE, nurse_at

STATE = Actor("person", None, (GrantedRole(Role.STATE_STAFF, "program", None),))


def asking(sender: Location, receiver: Location, *lines: tuple[Lot, int], **other: object) -> RequestTransfer:
    """The command that asks for a transfer of so many doses of each lot."""
    values: dict[str, object] = {
        "from_location_id": sender.id, "to_location_id": receiver.id, "kind": "transfer", "reason": "They ran out",
        "planned_on": clock.local_date(clock.now(), ZONE) + timedelta(days=1), "transport": "cooler",
        "cold_chain": True, "contact_name": "Ann Lee", "contact_phone": "9195550100",
        "lines": tuple(Wanted(lot.id, doses) for lot, doses in lines),
    }  # fmt: skip
    return RequestTransfer(**(values | other))  # type: ignore[arg-type]


def requested(
    session: Session, sender: Location, receiver: Location, *lines: tuple[Lot, int], **other: object
) -> Transfer:
    """The state has not decided yet."""
    now = clock.now()
    command = asking(sender, receiver, *lines, **other)
    made = request_transfer(session, nurse_at(sender.id), command, now=now, today=clock.local_date(now, ZONE))
    session.commit()
    return made


def approved(
    session: Session, sender: Location, receiver: Location, *lines: tuple[Lot, int], **other: object
) -> Transfer:
    """It may be shipped."""
    made = requested(session, sender, receiver, *lines, **other)
    approve(session, STATE, Decide(made.id), now=clock.now())
    session.commit()
    return made


def shipped(
    session: Session, sender: Location, receiver: Location, *lines: tuple[Lot, int], **other: object
) -> Transfer:
    """It is on the way."""
    made = approved(session, sender, receiver, *lines, **other)
    now = clock.now()
    command = Ship(sender.id, made.id, {})
    ship(session, nurse_at(sender.id), command, now=now, today=clock.local_date(now, ZONE))
    session.commit()
    return made


def received(
    session: Session, sender: Location, receiver: Location, *lines: tuple[Lot, int], **other: object
) -> Transfer:
    """It arrived in full."""
    made = shipped(session, sender, receiver, *lines, **other)
    now = clock.now()
    receive(session, nurse_at(receiver.id), Receive(receiver.id, made.id), now=now, today=clock.local_date(now, ZONE))
    session.commit()
    return made


def organization_that_redistributes(session: Session, **answers: str) -> tuple[Enrollment, list[Location]]:
    """An approved enrollment with two locations; both officers signed the Redistribution Agreement."""
    enrollment = approved_enrollment(session, 2, **({"redistribution": "yes"} | answers))
    query = select(Location).join(EnrolledLocation, EnrolledLocation.location_id == Location.id)
    places = session.scalars(query.where(EnrolledLocation.enrollment_id == enrollment.id).order_by(Location.name))
    return enrollment, list(places)
