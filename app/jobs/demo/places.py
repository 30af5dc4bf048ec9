"""Where people are vaccinated, and whom they work for: locations with stock, organizations with contacts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.accounts.access import system
from app.domain.inventory.receive_shipment import ReceiveShipment, receive_shipment
from app.domain.organizations.create_organization import CreateOrganization, create_organization
from app.domain.organizations.create_point_of_contact import CreatePointOfContact, create_point_of_contact
from app.domain.program.industries import INDUSTRIES
from app.domain.program.products import product_by_code
from app.domain.providers.add_location import AddLocation, add_location
from app.jobs.demo import names
from app.jobs.demo.stage import Stage

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_WHERE = ("County Health Department", "Family Medicine", "Regional Hospital", "Community Pharmacy", "Health Center")
_PRODUCTS = ("pfizer", "moderna-10", "janssen", "moderna-14")
_PROVIDERS = 15
OPENED_DAYS_AGO = 120


@dataclass(frozen=True, slots=True)
class Place:
    """A location or an organization that was made, and the town where it is. `industry`: an organization's, as labelled."""

    id: UUID
    name: str
    town: tuple[str, str, str]
    industry: str = ""


@dataclass(frozen=True, slots=True)
class Stock:
    """What a location gives: its product with the days between two doses, its lot, and a lot of which one dose is enough."""

    product: str
    interval: int
    main_lot: UUID
    one_dose_lot: UUID | None


def add_locations(session: "Session", stage: Stage, count: int) -> Iterator[Place]:
    """Locations of a few provider organizations, one after the other through the towns. Nobody is invited yet."""
    for number in range(count):
        town = names.TOWNS[number % len(names.TOWNS)]
        kind = _WHERE[(number + number // len(names.TOWNS)) % len(_WHERE)]
        added = add_location(
            session, system("demo"),
            AddLocation(
                provider_organization=f"{names.BRANDS[number % _PROVIDERS]} Health", name=f"{town[0]} {kind}",
                provider_pin=str(650100 + number), street=f"{100 + number} {stage.chance.choice(names.STREETS)} Street",
                city=town[0], county_fips=town[1], zip=town[2], phone=f"919555{2000 + number}", manager_first_name="",
                manager_last_name="", manager_email="", manager_ncid="",
            ),
            now=stage.ago(OPENED_DAYS_AGO),
        )  # fmt: skip
        yield Place(added.id, added.name, town)


def fill_fridge(session: "Session", stage: Stage, place: Place, number: int) -> Stock:
    """Deliveries at one location: two good lots, one that expires within days, one that expired."""
    main, other = _PRODUCTS[number % 2], _PRODUCTS[(number + 1) % 2]
    doses = 900 if number < 2 else stage.chance.randint(30, 70) * 10
    _receive(session, stage, place, (other, f"M{8000 + number * 7}", 40), days_left=-9, came=70)
    lot = _receive(session, stage, place, (main, f"E{6000 + number * 7}", doses), days_left=75, came=68)
    _receive(session, stage, place, (main, f"G{7000 + number * 7}", 60), days_left=5, came=52)
    second = _receive(session, stage, place, (_PRODUCTS[2 + number % 2], f"F{9000 + number * 7}", 200), days_left=50, came=12)
    interval = product_by_code(session, main).interval_days or 0
    return Stock(main, interval, lot, second if number % 2 == 0 else None)


def _receive(
    session: "Session", stage: Stage, place: Place, what: tuple[str, str, int], *, days_left: int, came: int
) -> UUID:
    """One delivery of (product, lot number, doses); of 200 and more a few are damaged. The id of the lot."""
    product, lot_number, doses = what
    arrived = stage.today - timedelta(days=came)
    shipment = receive_shipment(
        session, system("demo"),
        ReceiveShipment(
            place.id, product, lot_number, stage.today + timedelta(days=days_left), doses, doses, 6 if doses == 200 else 0,
            reference=f"VT{stage.chance.randint(100000, 999999)}",
        ),
        now=stage.open_hours(came), today=arrived,
    )  # fmt: skip
    return shipment.lot_id


def add_organizations(session: "Session", stage: Stage, count: int) -> Iterator[Place]:
    """Employers; every third one has a contact who was invited, but not the first ones, whose contacts come later."""
    for number in range(count):
        town = names.TOWNS[(number * 7) % len(names.TOWNS)]
        kind = names.KINDS[number % len(names.KINDS)]
        industry = INDUSTRIES.by_code(names.KIND_INDUSTRY[kind])
        made = create_organization(
            session, system("demo"),
            CreateOrganization(
                place_id=None, name=f"{names.BRANDS[(number // len(names.KINDS)) % len(names.BRANDS)]} {kind}",
                industry=names.KIND_INDUSTRY[kind], street=f"{number + 1} {names.STREETS[number % len(names.STREETS)]} Street",
                city=town[0], state="NC", zip=town[2], phone=f"984555{1000 + number}", create_anyway=True,
            ),
            now=stage.open_hours(100 - number % 50),
        )  # fmt: skip
        if number > 10 and number % 3 == 0:
            first, last = stage.chance.choice(names.FIRST), stage.chance.choice(names.LAST)
            email = f"{first}.{last}{number}@example.com".casefold()
            create_point_of_contact(
                session, system("demo"),
                CreatePointOfContact(None, made.id, first, last, email, confirmed_right_person=True),
                now=stage.open_hours(2 + number % 30),
            )  # fmt: skip
        yield Place(made.id, made.name, town, industry.label if industry else "")
