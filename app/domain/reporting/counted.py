"""Doses and people, read from the counters. Staff see them as they are; the public: `public.public_figures`.

What is counted: doses are those given by locations of the program, on the local day and with the number they have
among all doses of the person. People are those with a dose that we know of, wherever it was given; complete is what
the dose schedule says. Somebody who has died stays counted: they were vaccinated. Records found to be one person
are one person, of the county and the answers of the record that was kept.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.program.counties import COUNTIES, county_by_fips
from app.domain.reporting.groups import DIMENSIONS
from app.domain.reporting.models import DoseTally, FigureState, LagTally, PeopleTally
from app.domain.reporting.once import once
from app.domain.reporting.populations import Populations, read_populations
from app.domain.reporting.tables import OUTSIDE, STATE, Asked, Figures, Row

PEOPLE = ("at_least_one", "complete", "population")
STEPS = ("on_record", "registered", "at_least_one", "complete")
BREAKDOWNS = {"product": DoseTally.product_code, "dose_number": DoseTally.dose_number}


class UnknownBreakdown(Exception):
    """There are no figures by this: the dimension or county that was asked for is none of ours."""


def totals(session: Session, actor: Actor, asked: Asked) -> Figures:
    """Doses and people of the state or a county, up to now. Raises UnknownBreakdown, NotAllowed."""
    actor.require(Permission.VIEW_FIGURES, at=None)
    where = place(asked.county)
    return count_totals(session, where, read_populations(session))


def doses_by_day(session: Session, actor: Actor, asked: Asked) -> Figures:
    """Doses by local day (days without any are left out), also by `asked.by`. `county`: where the people live."""
    actor.require(Permission.VIEW_FIGURES, at=None)
    return count_doses(session, place(asked.county), asked.since, asked.until, asked.by)


def people_by_county(session: Session, actor: Actor, asked: Asked) -> Figures:
    """Every county, and OUTSIDE for those who live in none."""
    actor.require(Permission.VIEW_FIGURES, at=None)
    del asked
    return count_counties(session, read_populations(session))


def people_by_group(session: Session, actor: Actor, asked: Asked) -> Figures:
    """Every group of `asked.dimension`, of the state or a county. Raises UnknownBreakdown, NotAllowed."""
    actor.require(Permission.VIEW_FIGURES, at=None)
    where, dimension = place(asked.county), asked.dimension
    if dimension not in DIMENSIONS:
        raise UnknownBreakdown(dimension)
    found, populations = _people(session, dimension, where), read_populations(session)
    rows = [
        Row((group,), (*found.get((where, group), (0, 0)), populations.people(where, dimension, group)))
        for group in DIMENSIONS[dimension]
    ]
    return Figures("people_by_group", (dimension,), PEOPLE, tuple(rows), as_of(session))


def registration_funnel(session: Session, actor: Actor, asked: Asked) -> Figures:
    """How many people of the state or a county came how far."""
    actor.require(Permission.VIEW_FIGURES, at=None)
    counted = (PeopleTally.on_record, PeopleTally.registered, PeopleTally.at_least_one, PeopleTally.complete)
    found = session.execute(
        select(*counted).where(
            PeopleTally.generation == _shown(), PeopleTally.county_fips == place(asked.county),
            PeopleTally.dimension == "all",
        )
    ).first() or (0, 0, 0, 0)  # fmt: skip
    rows = tuple(Row((step,), (count,)) for step, count in zip(STEPS, found, strict=True))
    return Figures("registration_funnel", ("step",), ("people",), rows, as_of(session))


def count_totals(session: Session, where: str, populations: Populations) -> Figures:
    """Of a county or STATE; asks nobody."""
    given = func.coalesce(func.sum(DoseTally.doses), 0)
    doses = session.scalar(select(given).where(DoseTally.generation == _shown(), DoseTally.county_fips == where))
    people = _people(session, "all", where).get((where, "all"), (0, 0))
    row = Row((), (int(doses or 0), *people, populations.people(where, "all", "all")))
    return Figures("totals", (), ("doses", *PEOPLE), (row,), as_of(session))


def count_doses(session: Session, where: str, since: date, until: date, by: str | None) -> Figures:
    """Of people of a county or STATE; asks nobody. Raises UnknownBreakdown."""
    if by is not None and by not in BREAKDOWNS:
        raise UnknownBreakdown(by)
    columns: list[Any] = [DoseTally.given_on, *([BREAKDOWNS[by]] if by else [])]
    query = (
        select(*columns, func.sum(DoseTally.doses))
        .where(
            DoseTally.generation == _shown(), DoseTally.county_fips == where,
            DoseTally.given_on >= since, DoseTally.given_on <= until,
        )
        .group_by(*columns)
        .having(func.sum(DoseTally.doses) > 0)
        .order_by(*columns)
    )  # fmt: skip
    rows = [Row((row[0].isoformat(), *map(str, row[1:-1])), (int(row[-1]),)) for row in session.execute(query)]
    return Figures("doses_by_day", ("day", *([by] if by else [])), ("doses",), tuple(rows), as_of(session))


def count_counties(session: Session, populations: Populations) -> Figures:
    """Of every county and OUTSIDE; asks nobody."""
    found = _people(session, "all")
    rows = [
        Row((fips,), (*found.get((fips, "all"), (0, 0)), populations.people(fips, "all", "all")))
        for fips in [*(county.fips for county in COUNTIES.entries), OUTSIDE]
    ]
    return Figures("people_by_county", ("county",), PEOPLE, tuple(rows), as_of(session))


def count_groups(session: Session, dimension: str, populations: Populations) -> Figures:
    """Of every county and of STATE by the groups of a dimension, and in all; asks nobody.

    The group "all" is everybody of the county. OUTSIDE is not among it.
    """
    found, everybody = _people(session, dimension), _people(session, "all")
    rows = [
        Row((fips, group), (*counted.get((fips, group), (0, 0)), populations.people(fips, of, group)))
        for fips in [STATE, *(county.fips for county in COUNTIES.entries)]
        for counted, of, group in [
            (everybody, "all", "all"), *((found, dimension, group) for group in DIMENSIONS[dimension])
        ]
    ]  # fmt: skip
    return Figures(f"people_by_{dimension}", ("county", dimension), PEOPLE, tuple(rows), as_of(session))


def entered_within(session: Session, since: date) -> dict[UUID, dict[int, int]]:
    """Doses by location and by the hours within which they were entered, of the weeks since a Monday; asks nobody."""
    query = (
        select(LagTally.location_id, LagTally.within_hours, func.sum(LagTally.doses))
        .where(LagTally.generation == _shown(), LagTally.week >= since)
        .group_by(LagTally.location_id, LagTally.within_hours)
        .having(func.sum(LagTally.doses) > 0)
    )
    found: dict[UUID, dict[int, int]] = {}
    for location_id, hours, doses in session.execute(query):
        found.setdefault(location_id, {})[hours] = int(doses)
    return found


def place(county: str | None) -> str:
    """The key of counters for a county, or for the state. Raises UnknownBreakdown."""
    if county is None:
        return STATE
    if county != OUTSIDE and county_by_fips(county) is None:
        raise UnknownBreakdown(county)
    return county


def _people(session: Session, dimension: str, where: str | None = None) -> dict[tuple[str, str], tuple[int, int]]:
    """With a dose and complete, by county and group."""
    query = select(
        PeopleTally.county_fips, PeopleTally.group_code, PeopleTally.at_least_one, PeopleTally.complete
    ).where(PeopleTally.generation == _shown(), PeopleTally.dimension == dimension)
    if where is not None:
        query = query.where(PeopleTally.county_fips == where)
    return {(county, group): (some, all_) for county, group, some, all_ in session.execute(query)}


def _shown() -> ScalarSelect[int]:
    return select(FigureState.shown).where(FigureState.id == 1).scalar_subquery()


def as_of(session: Session) -> datetime | None:
    """What was recorded up to then is in the counters; None while people are counted for the first time."""
    return once(session, "as_of", lambda: session.scalar(select(FigureState.as_of).where(FigureState.id == 1)))
