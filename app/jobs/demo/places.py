"""Where people are vaccinated, and whom they work for: locations with stock, organizations with contacts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.accounts.access import system
from app.domain.inventory.receive_shipment import ReceiveShipment, receive_shipment
from app.domain.organizations.create_organization import CreateOrganization, create_organization
from app.domain.organizations.create_point_of_contact import CreatePointOfContact, create_point_of_contact
from app.domain.providers.add_location import AddLocation, add_location
from app.jobs.demo import names

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_WHERE = ("County Health Department", "Family Medicine", "Regional Hospital", "Community Pharmacy", "Health Center")
_PRODUCTS = ("pfizer", "moderna-10", "janssen", "moderna-14")


@dataclass(frozen=True, slots=True)
class Place:
    """A location or an organization that was made, and the town where it is."""

    id: UUID
    name: str
    town: tuple[str, str, str]


def add_locations(session: "Session", count: int, chance: Random, *, now: datetime) -> Iterator[Place]:
    """Locations of a few provider organizations, one after the other through the towns."""
    for number in range(count):
        town = names.TOWNS[number % len(names.TOWNS)]
        kind = _WHERE[number % len(_WHERE)]
        first, last = chance.choice(names.FIRST), chance.choice(names.LAST)
        name = (
            f"{town[0]} {kind}" if number < len(names.TOWNS) else f"{town[0]} {kind} {number // len(names.TOWNS) + 1}"
        )
        added = add_location(
            session, system("demo"),
            AddLocation(
                provider_organization=f"{names.BRANDS[number % 15]} Health", name=name, provider_pin=str(650100 + number),
                street=f"{100 + number} {chance.choice(names.STREETS)} Street", city=town[0], county_fips=town[1],
                zip=town[2], phone=f"919555{2000 + number}", manager_first_name=first, manager_last_name=last,
                manager_email=f"manager{number + 1}@clinic.example", manager_ncid=f"manager{number + 1}",
            ),
            now=now,
        )  # fmt: skip
        yield Place(added.id, added.name, town)


def stock(session: "Session", place: Place, number: int, chance: Random, *, now: datetime) -> list[UUID]:
    """Deliveries at one location: two good lots, one that expires soon, one that expired. The ids of the good ones."""
    arrivals = (
        (_PRODUCTS[number % 2], 75, chance.randint(40, 110) * 10), (_PRODUCTS[2 + number % 2], 50, 200),
        (_PRODUCTS[number % 2], 5, 60), (_PRODUCTS[(number + 1) % 2], -9, 40),
    )  # fmt: skip
    good = []
    for place_in_row, (product, days_left, doses) in enumerate(arrivals):
        came = now - timedelta(days=40 if days_left > 5 else 60)
        lot_number = f"{'EFGM'[place_in_row]}{chance.choice('NRKW')}{6000 + number * 7 + place_in_row}"
        damaged = 6 if place_in_row == 1 else 0
        shipment = receive_shipment(
            session, system("demo"),
            ReceiveShipment(
                place.id, product, lot_number, (now + timedelta(days=days_left)).date(), doses, doses, damaged,
                reference=f"VT{chance.randint(100000, 999999)}",
            ),
            now=came, today=came.date(),
        )  # fmt: skip
        if days_left > 5:
            good.append(shipment.lot_id)
    return good


def add_organizations(session: "Session", count: int, chance: Random, *, now: datetime) -> Iterator[Place]:
    """Employers; every third one has a contact who was invited."""
    for number in range(count):
        town = names.TOWNS[(number * 7) % len(names.TOWNS)]
        kind = names.KINDS[number % len(names.KINDS)]
        name = f"{names.BRANDS[(number // len(names.KINDS)) % len(names.BRANDS)]} {kind}"
        made = create_organization(
            session, system("demo"),
            CreateOrganization(
                place_id=None, name=name, industry=names.KIND_INDUSTRY[kind],
                street=f"{number + 1} {names.STREETS[number % len(names.STREETS)]} Street", city=town[0], state="NC",
                zip=town[2], phone=f"984555{1000 + number}", create_anyway=True,
            ),
            now=now - timedelta(days=60),
        )  # fmt: skip
        if number and number % 3 == 0:
            first, last = chance.choice(names.FIRST), chance.choice(names.LAST)
            create_point_of_contact(
                session, system("demo"),
                CreatePointOfContact(
                    None, made.id, first, last, f"{first}.{last}{number}@example.com".casefold(),
                    confirmed_right_person=True,
                ),
                now=now - timedelta(days=30),
            )  # fmt: skip
        yield Place(made.id, made.name, town)
