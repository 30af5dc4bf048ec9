"""Count people anew: take out of the counters what each added before, and put in what each adds now."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.domain.program.models import Product
from app.domain.program.rules import ProductSchedule
from app.domain.recipients.models import Recipient
from app.domain.recipients.records import records_of
from app.domain.reporting.contribution import CountedDose, CountedPerson, Moved, contribution
from app.domain.reporting.models import DoseTally, FigurePerson, LagTally, PeopleTally
from app.domain.vaccinations.models import Administration
from app.infra.db import Base

CHUNK = 500
MEASURES = ("on_record", "registered", "at_least_one", "complete")
Schedules = Mapping[UUID, tuple[str, ProductSchedule]]


def schedules_of(session: Session) -> dict[UUID, tuple[str, ProductSchedule]]:
    """Code and rules of every product, by its id."""
    return {product.id: (product.code, product.schedule()) for product in session.scalars(select(Product))}


def count_people(session: Session, records: Iterable[UUID], generation: int, schedules: Schedules) -> int:
    """Count everybody whom these records are about in one generation. Returns how many changed what they add.

    The caller sees to it that nobody else counts at the same time.
    """
    asked, moved, changed = list(dict.fromkeys(records)), Moved.nothing(), 0
    for start in range(0, len(asked), CHUNK):
        part = asked[start : start + CHUNK]
        subjects = list(dict.fromkeys([*part, *_kept_records(session, part)]))
        before = _added_before(session, subjects, generation)
        after = _to_add(session, subjects, schedules)
        differ = [one for one in subjects if before.get(one) != after.get(one)]
        for one in differ:
            if one in before:
                moved.add(before[one], -1)
            if one in after:
                moved.add(after[one])
        _forget(session, [one for one in subjects if one not in after])
        _keep(session, differ, after, generation)
        changed += len(differ)
    _move(session, moved, generation)
    return changed


def _kept_records(session: Session, ids: Sequence[UUID]) -> set[UUID]:
    """The records that were kept of the people whom these are about, up every chain of merges."""
    kept: set[UUID] = set()
    frontier = set(ids)
    while frontier:
        rows = session.execute(select(Recipient.id, Recipient.merged_into_id).where(Recipient.id.in_(frontier))).all()
        kept |= {record for record, target in rows if target is None}
        frontier = {target for _, target in rows if target is not None} - kept
    return kept


def _added_before(session: Session, ids: Sequence[UUID], generation: int) -> dict[UUID, str]:
    rows = session.execute(
        select(FigurePerson.recipient_id, FigurePerson.adds).where(
            FigurePerson.recipient_id.in_(ids), FigurePerson.generation == generation
        )
    )
    return {row.recipient_id: row.adds for row in rows}


def _to_add(session: Session, ids: Sequence[UUID], schedules: Schedules) -> dict[UUID, str]:
    """What each adds who is a person; a record that was merged into another adds nothing."""
    rows = session.execute(
        select(
            Recipient.id, Recipient.county_fips, Recipient.birth_date, Recipient.races, Recipient.ethnicity,
            Recipient.gender, Recipient.registered_at,
        ).where(Recipient.id.in_(ids), Recipient.merged_into_id.is_(None))
    ).all()  # fmt: skip
    people = [CountedPerson(*row[:6], registered=row[6] is not None) for row in rows]
    doses = _doses(session, [person.id for person in people], schedules)
    return {person.id: contribution(person, doses.get(person.id, [])) for person in people}


def _doses(session: Session, people: list[UUID], schedules: Schedules) -> dict[UUID, list[CountedDose]]:
    """The completed doses of each person, over all their records, in the order in which they were given."""
    owner, found = records_of(session, people), defaultdict(list)
    rows = session.execute(
        select(
            Administration.recipient_id, Administration.given_on, Administration.given_at, Administration.recorded_at,
            Administration.product_id, Administration.location_id, Administration.source,
        )
        .where(Administration.recipient_id.in_(owner), Administration.status == "completed")
        .order_by(Administration.given_at, Administration.id)
    )  # fmt: skip
    for record, given_on, given_at, recorded_at, product_id, location_id, source in rows:
        code, schedule = schedules[product_id]
        dose = CountedDose(given_on, given_at, recorded_at, code, schedule, location_id, not source)
        found[owner[record]].append(dose)
    return found


def _forget(session: Session, ids: Sequence[UUID]) -> None:
    if ids:
        session.execute(delete(FigurePerson).where(FigurePerson.recipient_id.in_(ids)))


def _keep(session: Session, ids: Sequence[UUID], adds: Mapping[UUID, str], generation: int) -> None:
    rows = [{"recipient_id": one, "generation": generation, "adds": adds[one]} for one in ids if one in adds]
    _upsert(session, FigurePerson, rows, ("generation", "adds"), adding=False)


def _move(session: Session, moved: Moved, generation: int) -> None:
    """In one order everywhere, so that two transactions never wait for each other in a circle."""
    doses = [
        {
            "generation": generation, "county_fips": county, "given_on": day, "product_code": code,
            "dose_number": number, "doses": by,
        }
        for (county, day, code, number), by in sorted(moved.doses.items()) if by
    ]  # fmt: skip
    people: dict[tuple[str, str, str], dict[str, int]] = defaultdict(lambda: dict.fromkeys(MEASURES, 0))
    for (county, dimension, group, measure), by in moved.people.items():
        people[(county, dimension, group)][measure] += by
    groups = [
        {"generation": generation, "county_fips": county, "dimension": dimension, "group_code": group, **by}
        for (county, dimension, group), by in sorted(people.items()) if any(by.values())
    ]  # fmt: skip
    lags = [
        {"generation": generation, "week": week, "location_id": place, "within_hours": hours, "doses": by}
        for (week, place, hours), by in sorted(moved.lag.items()) if by
    ]  # fmt: skip
    _upsert(session, DoseTally, doses, ("doses",), adding=True)
    _upsert(session, PeopleTally, groups, MEASURES, adding=True)
    _upsert(session, LagTally, lags, ("doses",), adding=True)


def _upsert(
    session: Session, model: type[Base], rows: list[dict[str, Any]], names: Sequence[str], *, adding: bool
) -> None:
    if not rows:
        return
    table = cast(Table, model.__table__)
    kind = session.get_bind().dialect.name
    insert = postgresql.insert(table) if kind == "postgresql" else sqlite.insert(table)
    new = {name: (table.c[name] + insert.excluded[name] if adding else insert.excluded[name]) for name in names}
    keys = list(table.primary_key.columns)
    session.connection().execute(insert.on_conflict_do_update(index_elements=keys, set_=new), rows)
