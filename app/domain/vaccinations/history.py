"""The doses of a person, over all records that were found to be the same person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.inventory.models import Lot
from app.domain.program.models import Product
from app.domain.program.rules import ProductSchedule
from app.domain.providers.models import Location
from app.domain.recipients.models import Recipient
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
        for owner, dose in _doses(session, wanted[start : start + CHUNK]):
            known = found[owner]
            known.append(replace(dose, number=len(known) + 1))
    return found


def _doses(session: Session, ids: list[UUID]) -> list[tuple[UUID, GivenDose]]:
    """Of all records of these kept ones: the kept one's id with each dose."""
    statement = (
        select(Administration, Product, Lot.number, Location.name, Recipient.merged_into_id)
        .join(Recipient, Recipient.id == Administration.recipient_id)
        .join(Product, Product.id == Administration.product_id)
        .join(Location, Location.id == Administration.location_id)
        .outerjoin(Lot, Lot.id == Administration.lot_id)
        .where(or_(Recipient.id.in_(ids), Recipient.merged_into_id.in_(ids)), Administration.status == "completed")
        .order_by(Administration.given_at, Administration.id)
    )
    rows = session.execute(statement).all()
    schedules = {product.id: product.schedule() for product in {row[1] for row in rows}}
    kept = set(ids)
    return [
        (dose.recipient_id if dose.recipient_id in kept or into is None else into, _given(dose, product, schedules[product.id], lot, place))
        for dose, product, lot, place, into in rows
    ]


def _given(dose: Administration, product: Product, schedule: ProductSchedule, lot: str | None, place: str) -> GivenDose:
    return GivenDose(
        id=dose.id,
        recipient_id=dose.recipient_id,
        number=dose.dose_number,
        given_at=dose.given_at,
        given_on=dose.given_on,
        product_name=product.name,
        manufacturer=product.manufacturer,
        cvx=product.cvx,
        product=schedule,
        lot_number=lot or dose.outside_lot,
        location_id=dose.location_id,
        location_name=dose.place_name if dose.source else place,
        site=dose.site,
        clinician_name=dose.clinician_name,
        clinician_suffix=dose.clinician_suffix,
        fact_sheet=dose.fact_sheet,
        visit_id=dose.visit_id,
        source=dose.source,
    )


def series_of(doses: Sequence[GivenDose], on: date, *, weakened: bool = False) -> Series:
    """Where a person with these doses (oldest first) stands on a day. `weakened`: with a weakened immune system."""
    where = standing(doses, on, weakened=weakened)
    return Series(tuple(doses), where.complete, where.next_due)


def is_complete(doses: Sequence[GivenDose]) -> bool:
    """True when the series is finished, whatever the day."""
    return bool(doses) and standing(doses, doses[-1].given_on).complete
