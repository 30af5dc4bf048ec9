"""The doses of a person, over all records that were found to be the same person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.inventory.models import Lot
from app.domain.program.models import Product
from app.domain.program.rules import ProductSchedule
from app.domain.providers.models import Location
from app.domain.recipients.records import records_of as records_of
from app.domain.vaccinations.models import Administration
from app.domain.vaccinations.schedule import NextDue, standing

CHUNK = 500


@dataclass(frozen=True, slots=True)
class GivenDose:
    """One dose as it was given. `given_on` is the local day; `product` what the dose schedule knows of the vaccine.

    `number` is its place among all doses of the person: records merged later count each other's doses.
    `source` says how we know of a dose that was given elsewhere (OUTSIDE_SOURCES), `location_id` who entered it.
    """

    id: UUID
    recipient_id: UUID
    number: int
    given_at: datetime
    given_on: date
    product_name: str
    manufacturer: str
    cvx: str
    product: ProductSchedule
    lot_number: str
    location_id: UUID
    location_name: str
    site: str
    clinician_name: str
    clinician_suffix: str
    fact_sheet: str
    visit_id: UUID | None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """Where a person stands on a day. What is due is a suggestion, never an appointment."""

    doses: tuple[GivenDose, ...]
    complete: bool
    next_due: NextDue | None

    @property
    def next_from(self) -> date | None:
        """The first day to plan the next dose for."""
        return self.next_due.recommended if self.next_due else None


def doses_of(session: Session, recipient_id: UUID) -> list[GivenDose]:
    """The completed doses of a person, oldest first, whatever record of theirs each was entered in."""
    return doses_by_recipient(session, [recipient_id])[recipient_id]


def doses_by_recipient(session: Session, ids: Iterable[UUID]) -> dict[UUID, list[GivenDose]]:
    """The same for many people at once; every id asked for is in the answer."""
    wanted = list(ids)
    found: dict[UUID, list[GivenDose]] = {recipient_id: [] for recipient_id in wanted}
    for start in range(0, len(wanted), CHUNK):
        owner = records_of(session, wanted[start : start + CHUNK])
        for dose in _doses(session, list(owner)):
            known = found[owner[dose.recipient_id]]
            known.append(replace(dose, number=len(known) + 1))
    return found


def _doses(session: Session, records: list[UUID]) -> list[GivenDose]:
    statement = (
        select(Administration, Product, Lot.number, Location.name)
        .join(Product, Product.id == Administration.product_id)
        .join(Location, Location.id == Administration.location_id)
        .outerjoin(Lot, Lot.id == Administration.lot_id)
        .where(Administration.recipient_id.in_(records), Administration.status == "completed")
        .order_by(Administration.given_at, Administration.id)
    )
    rows = session.execute(statement).all()
    schedules = {product.id: product.schedule() for product in {row[1] for row in rows}}
    return [
        GivenDose(
            id=given.id,
            recipient_id=given.recipient_id,
            number=given.dose_number,
            given_at=given.given_at,
            given_on=given.given_on,
            product_name=product.name,
            manufacturer=product.manufacturer,
            cvx=product.cvx,
            product=schedules[product.id],
            lot_number=lot_number or given.outside_lot,
            location_id=given.location_id,
            location_name=given.place_name if given.source else location_name,
            site=given.site,
            clinician_name=given.clinician_name,
            clinician_suffix=given.clinician_suffix,
            fact_sheet=given.fact_sheet,
            visit_id=given.visit_id,
            source=given.source,
        )
        for given, product, lot_number, location_name in rows
    ]


def series_of(doses: Sequence[GivenDose], on: date, *, weakened: bool = False) -> Series:
    """Where a person with these doses (oldest first) stands on a day. `weakened`: with a weakened immune system."""
    where = standing(doses, on, weakened=weakened)
    return Series(tuple(doses), where.complete, where.next_due)


def is_complete(doses: Sequence[GivenDose]) -> bool:
    """True when the series is finished, whatever the day."""
    return bool(doses) and standing(doses, doses[-1].given_on).complete
