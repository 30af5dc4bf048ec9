"""The figures as one would count them by hand: person by person, from the records, with nothing kept."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import select

from app.domain.program.counties import county_by_fips
from app.domain.program.models import Product
from app.domain.recipients.models import Recipient
from app.domain.reporting.models import DoseTally, FigureState, LagTally, PeopleTally
from app.domain.vaccinations.history import doses_of, is_complete
from app.domain.vaccinations.models import Administration

MEASURES = ("on_record", "registered", "at_least_one", "complete")
RACES = {"2028-9": "asian_pacific", "2076-8": "asian_pacific", "declined": None}


def count_slowly(session):
    """Doses, people and entry lag, each as a Counter."""
    doses, people, lag = Counter(), Counter(), Counter()
    codes = {product.name: product.code for product in session.scalars(select(Product))}
    for person in session.scalars(select(Recipient).where(Recipient.merged_into_id.is_(None))):
        given = doses_of(session, person.id)
        county = person.county_fips if county_by_fips(person.county_fips) else ""
        for where in ("37", county):
            people[(where, "all", "all", "on_record")] += 1
            people[(where, "all", "all", "registered")] += person.registered_at is not None
            reached = ["at_least_one", *(["complete"] if is_complete(given) else [])] if given else []
            for measure in reached:
                for dimension, group in [("all", "all"), *groups_of(person, given)]:
                    people[(where, dimension, group, measure)] += 1
            for number, dose in enumerate(given, start=1):
                doses[(where, dose.given_on, codes[dose.product_name], number)] += not dose.source
        for dose in given:
            if not dose.source:
                entered = session.get(Administration, dose.id).recorded_at - dose.given_at
                week = dose.given_on - timedelta(days=dose.given_on.weekday())
                lag[(week, dose.location_id, hours(entered / timedelta(hours=1)))] += 1
    return +doses, +people, +lag


def groups_of(person, given):
    first = given[0].given_on
    had_birthday = (first.month, first.day) >= (person.birth_date.month, person.birth_date.day)
    age = first.year - person.birth_date.year - (not had_birthday)
    ages = ((12, "0-11"), (18, "12-17"), (25, "18-24"), (50, "25-49"), (65, "50-64"), (75, "65-74"), (999, "75+"))
    races = {RACES.get(race, race) for race in person.races or []} - {None}
    named = {race for race in person.races or [] if race != "declined"}
    return [
        ("age_group", next(name for below, name in ages if age < below)),
        ("race", "two_or_more" if len(named) > 1 else next(iter(races), "unknown")),
        ("ethnicity", person.ethnicity if person.ethnicity in ("2135-2", "2186-5") else "unknown"),
        ("gender", person.gender if person.gender in ("female", "male", "other") else "unknown"),
    ]


def hours(late):
    return next((most for most in (1, 2, 4, 8, 12, 24, 48, 72, 168) if late <= most), 10_000)


def as_kept(session):
    """The counters that are shown, in the same shape."""
    session.rollback()
    shown = session.scalar(select(FigureState.shown))
    doses, people, lag = Counter(), Counter(), Counter()
    for row in session.scalars(select(DoseTally).where(DoseTally.generation == shown)):
        doses[(row.county_fips, row.given_on, row.product_code, row.dose_number)] = row.doses
    for row in session.scalars(select(PeopleTally).where(PeopleTally.generation == shown)):
        for measure in MEASURES:
            people[(row.county_fips, row.dimension, row.group_code, measure)] = getattr(row, measure)
    for row in session.scalars(select(LagTally).where(LagTally.generation == shown)):
        lag[(row.week, row.location_id, row.within_hours)] = row.doses
    assert min([*doses.values(), *people.values(), *lag.values(), 0]) == 0, "a counter is below nothing"
    return +doses, +people, +lag
