"""The doses that a day's extract reports, as lines of 45 elements."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, true, tuple_
from sqlalchemy.orm import Session, aliased

from app.domain.enrollment.models import EnrolledLocation
from app.domain.inventory.models import UNKNOWN_EXPIRY, Lot
from app.domain.program.conditions import NONE
from app.domain.program.demographics import DECLINED, ETHNICITIES, GENDERS, RACES
from app.domain.program.models import Product
from app.domain.program.rules import ProductSchedule
from app.domain.providers.models import Location
from app.domain.recipients.models import Recipient
from app.domain.reporting.cvrs.columns import NAMES, REDACTED
from app.domain.reporting.cvrs.models import CvrsProblem
from app.domain.vaccinations.models import Administration, DoubledDose

PORTION = 2_000
MOST_DOSES = MOST_RACES = 6
UNKNOWN = "UNK"
_ORDER = (Administration.recorded_at, Administration.id)


@dataclass(frozen=True, slots=True)
class Reported:
    """One dose, where it was given, and its line."""

    administration_id: UUID
    location_id: UUID
    line: dict[str, str]


def doses_between(session: Session, *, after: datetime | None, until: datetime, model: str) -> Iterator[Reported]:
    """Doses recorded in the time, oldest first, and those that an earlier extract held back. Read in portions."""
    begins: ColumnElement[bool] = Administration.recorded_at > after if after is not None else true()
    yield from _read(session, begins & (Administration.recorded_at <= until), model)
    held_back = select(CvrsProblem.administration_id).where(CvrsProblem.solved_by_id.is_(None))
    yield from _read(session, Administration.id.in_(held_back), model)


def _read(session: Session, which: ColumnElement[bool], model: str) -> Iterator[Reported]:
    schedules = {product.id: product.schedule() for product in session.scalars(select(Product))}
    places = _places(session)
    doubled = select(DoubledDose.administration_id).where(DoubledDose.undone_at.is_(None))
    entered = aliased(Recipient)
    query = (
        select(
            Administration.id, Administration.recorded_at, Administration.location_id, Administration.product_id, Administration.dose_number,
            Administration.given_on, Administration.site, Administration.route, Administration.source,
            Administration.place_name, Administration.outside_lot,
            Lot.number, Lot.expires_on, Product.cvx, Product.mvx, Product.ndc_vial, Recipient,
        )
        .join(entered, entered.id == Administration.recipient_id)
        .join(Recipient, Recipient.id == func.coalesce(entered.merged_into_id, entered.id))
        .join(Product, Product.id == Administration.product_id)
        .outerjoin(Lot, Lot.id == Administration.lot_id)
        .where(which, Administration.status == "completed", Administration.id.not_in(doubled))
        .order_by(*_ORDER)
        .limit(PORTION)
    )  # fmt: skip
    last: Any = None
    while True:
        further = query if last is None else query.where(tuple_(*_ORDER) > tuple_(last.recorded_at, last.id))
        rows = session.execute(further).all()
        for row in rows:
            yield Reported(row.id, row.location_id, _line(row, places[row.location_id], schedules[row.product_id], model))
        session.expunge_all()
        if len(rows) < PORTION:
            return
        last = rows[-1]


@dataclass(frozen=True, slots=True)
class _Place:
    location: Location
    kind: str


def _places(session: Session) -> dict[UUID, _Place]:
    enrolled = select(EnrolledLocation.location_id, EnrolledLocation.provider_type)
    kinds = dict(session.execute(enrolled.where(EnrolledLocation.location_id.is_not(None))).all())
    return {one.id: _Place(one, kinds.get(one.id) or UNKNOWN) for one in session.scalars(select(Location))}


def _line(row: Any, place: _Place, schedule: ProductSchedule, model: str) -> dict[str, str]:
    values = {
        **dict.fromkeys(NAMES, ""),
        "vax_event_id": str(row.id),
        "ext_type": model,
        **_person(row.Recipient, named=model == "I"),
        **_vaccine(row, schedule),
        **_where(row, place),
        "vax_refusal": "NO",
        "serology": UNKNOWN,
    }
    return {name: _plain(value) if value else "" for name, value in values.items()}


def _person(who: Recipient, *, named: bool) -> dict[str, str]:
    """Who got it, by the record that was kept: what was found wrong in another one is wrong there still."""
    told = {
        "recip_first_name": who.first_name, "recip_middle_name": who.middle_name, "recip_last_name": who.last_name,
        "recip_address_street": who.street, "recip_address_street_2": who.street_2, "recip_address_city": who.city,
    }  # fmt: skip
    races = [race for code in who.races or () if (race := _reported(RACES, code)) != UNKNOWN] or [UNKNOWN]
    return {
        **(told if named else dict.fromkeys(told, REDACTED)),
        "recip_id": who.code,
        "recip_dob": who.birth_date.isoformat(),
        "recip_sex": _reported(GENDERS, who.gender, missing="U"),
        "recip_address_county": who.county_fips,
        "recip_address_state": who.state_abbr,
        "recip_address_zip": who.zip,
        **{f"recip_race_{number}": race for number, race in enumerate(races[:MOST_RACES], start=1)},
        "recip_ethnicity": _reported(ETHNICITIES, who.ethnicity),
        "cmorbid_status": _comorbid(who.answers),
    }


def _reported(choices: Any, code: str, missing: str = UNKNOWN) -> str:
    found = choices.by_code(code)
    return found.reported if found is not None else missing


def _comorbid(answers: Any) -> str:
    conditions = set((answers or {}).get("conditions") or ())
    if not conditions or conditions == {DECLINED}:
        return UNKNOWN
    return "NO" if conditions == {NONE} else "YES"


def _vaccine(row: Any, schedule: ProductSchedule) -> dict[str, str]:
    number = row.dose_number
    complete = number >= schedule.rules_on(row.given_on).doses_in_series
    return {
        "admin_date": row.given_on.isoformat(),
        "cvx": row.cvx,
        "ndc": row.ndc_vial if row.number else "",
        "mvx": row.mvx,
        "lot_number": row.number or row.outside_lot,
        "vax_expiration": _known(row.expires_on),
        "vax_admin_site": row.site,
        "vax_route": row.route,
        "dose_num": str(number) if 1 <= number <= MOST_DOSES else "INV",
        "vax_series_complete": "YES" if complete else "NO",
    }


def _known(day: date | None) -> str:
    return "" if day is None or day == UNKNOWN_EXPIRY else day.isoformat()


def _where(row: Any, place: _Place) -> dict[str, str]:
    """Of a dose given elsewhere only the reporter's number is known for certain (element 35)."""
    here = place.location
    told = {
        "responsible_org": here.provider_organization.name,
        "admin_name": here.name,
        "vtrcks_prov_pin": here.provider_pin,
        "admin_type": place.kind,
    }
    if row.source:
        return {**told, "admin_name": row.place_name or "Unknown", "admin_type": UNKNOWN}
    return {
        **told,
        "admin_address_street": here.street,
        "admin_address_city": here.city,
        "admin_address_county": here.county_fips,
        "admin_address_state": here.state_abbr,
        "admin_address_zip": here.zip,
    }


def _plain(value: str) -> str:
    """A tab inside a value becomes a space; so do line breaks, which would make two lines of one."""
    return " ".join(value.split())
