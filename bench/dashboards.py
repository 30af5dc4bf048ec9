"""The figures of a whole state: 1,000,000 people with 2,000,000 doses of 180 days at 1,000 locations, on both databases.

Every reader of `READERS` and the public figures are asked ROUNDS times; medians are told. Before that everybody is counted
from nothing, then 5,000 changed people are counted anew.

Run: python -m bench dashboards [people]. States are built once and kept under instance/bench/.
"""

import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from app import factory
from app.domain.accounts.access import system
from app.domain.enrollment.models import Enrollment
from app.domain.inventory.models import Deprecation, Lot
from app.domain.inventory.reasons import WASTE_REASONS
from app.domain.program.counties import COUNTIES
from app.domain.program.models import Product
from app.domain.program.products import install_products
from app.domain.providers.models import Location, ProviderOrganization
from app.domain.reporting import public
from app.domain.reporting.groups import DIMENSIONS
from app.domain.reporting.public import public_figures
from app.domain.reporting.readers import READERS
from app.domain.reporting.refresh import refresh
from app.domain.reporting.tables import Asked
from app.infra import crypto, migrations
from app.infra.db import Database, new_id
from bench import servers

KEY = "3mNIVDjG3IhhCYmUlIFpKxy6lsmp2JSXkSjwAqVZ7nQ="
PLACES = [UUID(int=number) for number in range(1, 1_001)]
LOTS, WASTED, ENROLLMENTS = 20, 20, 3_000
ROUNDS, CHANGED = 9, 5_000
FIRST_DAY, LAST_DAY = date(2020, 12, 14), date(2021, 7, 14)
NOW = datetime(2021, 7, 14, 15, tzinfo=UTC)
_ACTOR = system("bench")
_NUMBER = "CAST(r.phone AS integer)"
_WORDS = {
    "sqlite": {
        "as_json": "", "key": "printf('%032x', i)", "born": "date('1930-01-01', '+' || (i * 37 % 33000) || ' days')",
        "moment": "'2021-03-01 12' || char(58) || '00' || char(58) || '00.000000'", "n": _NUMBER, "county": f"'37' || printf('%03d', 2 * ({_NUMBER} % 100) + 1)",
        "day": "date('2020-12-14', '+' || ({n} % 180 + {later}) || ' days')",
        "at": "datetime('2020-12-14', '+' || ({n} % 180 + {later}) || ' days', '+' || (10 + {n} % 10) || ' hours') || '.000000'",
        "entered": "datetime('2020-12-14', '+' || ({n} % 180 + {later}) || ' days', '+' || (10 + {n} % 60) || ' hours') || '.000000'",
        "place": "printf('%032x', {n} % 1000 + 1)", "second": "substr(r.id, 1, 12) || '8' || substr(r.id, 14)",
        "series": "WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {count}) "
        "SELECT i, printf('%010d', i * 7919 % 1000003) AS phone FROM s",
    },
    "postgresql": {
        "as_json": "::json", "key": "CAST(lpad(to_hex(i), 32, '0') AS uuid)", "born": "DATE '1930-01-01' + (i * 37 % 33000)::int",
        "moment": "TIMESTAMPTZ '2021-03-01'", "n": _NUMBER, "county": f"'37' || lpad((2 * ({_NUMBER} % 100) + 1)::text, 3, '0')",
        "day": "DATE '2020-12-14' + ({n} % 180 + {later})",
        "at": "(DATE '2020-12-14' + ({n} % 180 + {later})) + make_interval(hours => 10 + {n} % 10)",
        "entered": "(DATE '2020-12-14' + ({n} % 180 + {later})) + make_interval(hours => 10 + {n} % 60)",
        "place": "CAST(lpad(to_hex({n} % 1000 + 1), 32, '0') AS uuid)",
        "second": "CAST(overlay(CAST(r.id AS text) placing '8' from 15) AS uuid)",
        "series": "SELECT i, lpad((i * 7919 % 1000003)::text, 10, '0') AS phone FROM generate_series(1::bigint, {count}) AS i",
    },
}  # fmt: skip
_PEOPLE = """
INSERT INTO recipient (id, code, first_name, middle_name, last_name, suffix, first_folded, last_folded, birth_date,
    name_key, sound_key, phone, street, street_2, city, county_fips, state_abbr, zip, gender, races, ethnicity, language,
    industry, source, created_at, registered_at, version)
SELECT {key}, 'R' || i, 'Ann', '', 'Lee' || i, '', 'ann', 'lee' || i, {born}, 'lee' || i, 'l' || i, r.phone, '', '', 'Raleigh',
    {county}, 'NC', '27601', CASE WHEN {n} % 100 < 51 THEN 'female' WHEN {n} % 100 < 98 THEN 'male' ELSE 'other' END,
    (CASE {n} % 20 WHEN 0 THEN '["2028-9"]' WHEN 1 THEN '["1002-5"]' WHEN 2 THEN '["2054-5", "2106-3"]'
        WHEN 3 THEN '[]' WHEN 4 THEN '["2054-5"]' WHEN 5 THEN '["2054-5"]' WHEN 6 THEN '["2131-1"]' ELSE '["2106-3"]' END){as_json},
    CASE WHEN {n} % 10 = 0 THEN '2135-2' ELSE '2186-5' END, 'en', '', 'upload', {moment}, {moment}, 1
FROM ({series}) r
"""
_DOSES = """
INSERT INTO administration (id, recipient_id, location_id, product_id, status, dose_number, given_at, given_on, site,
    route, clinician_name, clinician_suffix, fact_sheet, recorded_at)
SELECT {id}, r.id, {place}, CASE WHEN {n} % 3 = 0 THEN {one} ELSE {other} END, 'completed', {number}, {at}, {day}, 'LD',
    'C28161', 'Ann Lee', 'RN', '', {entered} FROM recipient r
"""


def build(database: Database, count: int) -> None:
    """Bring an empty database to so many people with two doses each; keeps one that was built."""
    migrations.upgrade(database)
    with database.reading() as session:
        if session.get(Location, PLACES[-1]) is not None:
            return
    with database.transaction() as session:
        install_products(session)
        _add_places(session)
    with database.reading() as session:
        products = dict(iter(session.execute(select(Product.code, Product.id))))
    words = _WORDS[database.engine.dialect.name] | {
        name: f"'{products[code].hex}'" if database.is_sqlite else f"CAST('{products[code]}' AS uuid)"
        for name, code in (("one", "pfizer"), ("other", "moderna-10"))
    }
    for what, statement, later, id_, number in (
        ("people", _PEOPLE.replace("{series}", words["series"].replace("{count}", str(count))), 0, "", 0),
        ("first doses", _DOSES, 0, "r.id", 1),
        ("second doses", _DOSES, 28, words["second"], 2),
    ):
        print(f"{database.engine.dialect.name}: {what:40}", end="\r", file=sys.stderr)
        filled = statement.replace("{id}", id_).replace("{number}", str(number)).replace("{later}", str(later))
        for name, word in words.items():
            filled = filled.replace(f"{{{name}}}", word.replace("{later}", str(later)).replace("{n}", _NUMBER))
        with database.transaction() as session:
            session.execute(text(filled))
    with database.transaction() as session:
        session.execute(text("DELETE FROM figure_due"))
    _analyze(database)


def _add_places(session: Session) -> None:
    chance, fips = random.Random(7), [county.fips for county in COUNTIES.entries]
    rows = [{"id": place, "name": f"Practice {place.int}", "created_at": NOW} for place in PLACES]
    session.execute(insert(ProviderOrganization), rows)
    session.execute(insert(Location), [
        {
            "id": place, "provider_organization_id": place, "name": f"Clinic {place.int}", "created_at": NOW,
            "provider_pin": f"{700000 + place.int}", "county_fips": fips[place.int % 100],
        }
        for place in PLACES
    ])  # fmt: skip
    products = list(session.scalars(select(Product.id)))
    lots = [
        {
            "id": new_id(), "location_id": place, "product_id": chance.choice(products), "number": f"EN{number}",
            "number_folded": f"{chance.choice(products).hex[:8]}{number}", "balance": chance.randrange(0, 200),
            "expires_on": NOW.date() + timedelta(days=chance.randrange(-30, 120)), "created_at": NOW,
        }
        for place in PLACES for number in range(LOTS)
    ]  # fmt: skip
    session.execute(insert(Lot), lots)
    session.execute(insert(Deprecation), [
        {
            "id": new_id(), "location_id": lot["location_id"], "lot_id": lot["id"], "kind": "waste",
            "reason": chance.choice(WASTE_REASONS.entries).code, "doses": chance.randrange(1, 9), "recorded_at": NOW,
            "happened_at": NOW - timedelta(days=chance.randrange(200)),
        }
        for lot in lots
    ])  # fmt: skip
    session.execute(insert(Enrollment), [
        {
            "id": new_id(), "code": f"E{number:09}", "status": "approved", "stage_since": NOW,
            "created_at": NOW - timedelta(days=60), "submitted_at": NOW - timedelta(days=40),
            "decided_at": NOW - timedelta(days=number % 40),
        }
        for number in range(ENROLLMENTS)
    ])  # fmt: skip


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def measured(database: Database, count: int) -> dict[str, float]:
    """Seconds of counting, and the median milliseconds of each reader, by name."""
    build(database, count)
    with database.transaction() as session:
        for table in ("figure_state", "figure_person", "figure_doses", "figure_people", "figure_lag", "figure_due"):
            session.execute(text(f"DELETE FROM {table}"))
    found = {"count_all_seconds": _timed(lambda: refresh(database, now=NOW))}
    _analyze(database)
    with database.transaction() as session:
        session.execute(text(f"UPDATE recipient SET county_fips = CASE county_fips WHEN '37183' THEN '37181' ELSE '37183' END WHERE id IN (SELECT id FROM recipient LIMIT {CHANGED})"))
    found["count_changed_seconds"] = _timed(lambda: refresh(database, now=NOW))
    with database.reading() as session:
        for name, ask in _questions(session).items():
            ask()
            session.rollback()
            times = []
            for _ in range(ROUNDS):
                times.append(_timed(ask) * 1_000)
                session.rollback()
            found[f"{name}_ms"] = median(times)
            print(f"{database.engine.dialect.name}: {name} {median(times):.1f} ms", flush=True)
        found["doses"] = float(READERS["totals"](session, _ACTOR, _asked()).rows[0].values[0])  # type: ignore[arg-type]
    return found


def _questions(session: Session) -> dict[str, Callable[[], object]]:
    made: dict[str, Callable[[], object]] = {
        "public_figures": lambda: public_figures(session),
        "public_figures_after_a_change": lambda: (public._withheld.cache_clear(), public_figures(session)),
    }
    for name, reader in READERS.items():
        made[name] = lambda reader=reader: reader(session, _ACTOR, _asked())  # type: ignore[misc]
        made[f"{name}_of_county"] = lambda reader=reader: reader(session, _ACTOR, _asked(county="37183"))  # type: ignore[misc]
    for by in ("product", "dose_number"):
        made[f"doses_by_day_and_{by}"] = lambda by=by: READERS["doses_by_day"](session, _ACTOR, _asked(by=by))  # type: ignore[misc]
    for one in DIMENSIONS:
        made[f"people_by_{one}"] = lambda one=one: READERS["people_by_group"](session, _ACTOR, _asked(dimension=one))  # type: ignore[misc]
    return made


def _asked(**other: Any) -> Asked:
    return Asked(NOW, ZoneInfo("America/New_York"), LAST_DAY, FIRST_DAY, LAST_DAY, **other)


def _analyze(database: Database) -> None:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if database.is_sqlite else "VACUUM ANALYZE"))


def main(count: int = 1_000_000) -> dict[str, Any]:
    """Measure on both; `count` people have two doses each."""
    factory.import_models()
    crypto.configure((KEY,))
    found = {"sqlite": measured(servers.embedded(f"dashboards-{count}"), count)}
    with servers.postgresql(f"dashboards-{count}") as server:
        found["postgresql"] = measured(server, count)
    figures: dict[str, Any] = {"people": count, "doses": round(found["sqlite"]["doses"])}
    for kind, one in found.items():
        readers = {name: value for name, value in one.items() if name.endswith("_ms")}
        slowest = max(readers, key=lambda name: readers[name])
        figures[f"{kind}_dashboard_ms_max"] = round(readers[slowest], 1)
        figures[f"{kind}_dashboard_slowest"] = slowest.removesuffix("_ms")
        figures |= {f"{kind}_{name}": round(value, 1) for name, value in one.items() if name != "doses"}
    return figures
