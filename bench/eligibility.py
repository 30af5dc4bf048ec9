"""A look at everybody's eligibility when a group opens, and the preview before it, on both databases.

Run: python -m bench eligibility [registered people]. Answers are encrypted as those of a registration are. First everybody
gets a status from the answers; then a group opens and everybody is looked at again. How much of the time this process
worked is told apart, for the machine may be busy with others. The databases are built once and kept under
instance/bench/; what was found out is thrown away at the beginning.
"""

import random
import sys
import time
from datetime import UTC, date, datetime
from itertools import islice
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, text, update

from app import factory
from app.domain.accounts.access import system
from app.domain.eligibility.models import Group, Plan
from app.domain.eligibility.open_group import OpenGroup, open_group
from app.domain.eligibility.plans import install_plans
from app.domain.eligibility.preview_opening import preview_opening
from app.domain.eligibility.recompute import recompute_due
from app.domain.program.conditions import CONDITIONS
from app.domain.program.counties import COUNTIES
from app.domain.program.industries import INDUSTRIES
from app.domain.program.products import install_products
from app.domain.recipients.models import Recipient
from app.domain.recipients.registration import TERMS
from app.infra import crypto
from app.infra.db import Database
from bench import people, servers
from bench.upload import largest_mb

KEY = "3mNIVDjG3IhhCYmUlIFpKxy6lsmp2JSXkSjwAqVZ7nQ="
PLACES = [UUID(int=number) for number in range(1, 41)]
ZONE = ZoneInfo("America/New_York")
BEFORE, AFTER = datetime(2021, 3, 16, 15, tzinfo=UTC), datetime(2021, 3, 17, 15, tzinfo=UTC)
_ACTOR = system("bench")
_TABLES = ("eligibility_status", "eligibility_tally", "eligibility_run", "outbox_message")


def build(database: Database, count: int) -> None:
    """Bring an empty database to so many registered people with encrypted answers."""
    people.build(database, count, PLACES)
    with database.transaction() as session:
        install_products(session)
        install_plans(session)
        done = session.scalar(select(Recipient.id).where(Recipient.registered_at.is_(None)).limit(1)) is None
    if done:
        return
    with database.reading() as session:
        ids = iter(session.scalars(select(Recipient.id).order_by(Recipient.id)).all())
    chance, settled = random.Random(14), 0
    change = (
        update(Recipient.__table__).where(Recipient.__table__.c.id == bindparam("row"))
        .values({name: bindparam(name) for name in ("industry", "county_fips", "answers", "registered_at")})
    )  # fmt: skip
    while some := list(islice(ids, 10_000)):
        with database.transaction() as session:
            session.connection().execute(change, [{"row": one, **_answered(chance)} for one in some])
        settled += len(some)
        print(f"{database.engine.dialect.name}: {settled:,} registered", end="\r", file=sys.stderr)
    _analyze(database)


def _answered(chance: random.Random) -> dict[str, Any]:
    conditions = chance.choice(CONDITIONS.entries[:-2]).code if chance.random() < 0.4 else "none"
    answers = {
        "contact_way": chance.choice(("email", "email", "text", "none")), "in_state": "yes",
        "in_person": chance.choice(("yes", "no", "not_working")), "patient_contact": "yes" if chance.random() < 0.06 else "no",
        "living": "other_group" if chance.random() < 0.02 else "none", "conditions": [conditions], "pregnant": "no",
        "terms": TERMS, "sharing": TERMS, "guardian": "",
    }  # fmt: skip
    industry = chance.choice(INDUSTRIES.entries).code if chance.random() < 0.6 else "other"
    county = chance.choice(COUNTIES.entries).fips
    return {"industry": industry, "county_fips": county, "answers": answers, "registered_at": BEFORE}


def measure(url: str, count: int, answer: "SimpleQueue[dict[str, float]]") -> None:
    """The three looks and the preview; puts seconds and the largest size of this process in memory into `answer`."""
    factory.import_models()
    crypto.configure((KEY,))
    database = Database(url)
    _forget(database)
    figures = {"first": _look(database, BEFORE, count)}
    figures["first_cpu"] = time.process_time()
    with database.reading() as session:
        plan = select(Plan.id).where(Plan.effective_from == date(2021, 1, 14)).scalar_subquery()
        group = session.scalars(select(Group.id).where(Group.plan_id == plan, Group.code == "4.1")).one()
        command = OpenGroup(group, AFTER.date())
        preview_opening(session, _ACTOR, command, today=BEFORE.date())
        began = time.perf_counter()
        found = preview_opening(session, _ACTOR, command, today=BEFORE.date())
        figures["preview_ms"] = (time.perf_counter() - began) * 1000
    with database.transaction() as session:
        open_group(session, _ACTOR, command, now=AFTER)
    worked = time.process_time()
    figures["opening"] = _look(database, AFTER, count)
    figures["opening_cpu"] = time.process_time() - worked
    with database.reading() as session:
        figures["mailed"] = session.scalar(text("SELECT count(*) FROM outbox_message")) or 0
    figures["opened"] = found.people_opened
    figures["mb"] = largest_mb()
    answer.put(figures)
    database.dispose()


def _look(database: Database, now: datetime, count: int) -> float:
    began = time.perf_counter()
    kept, _ = recompute_due(database, zone=ZONE, now=now)
    seconds = time.perf_counter() - began
    assert kept.people >= count, kept
    print(f"{database.engine.dialect.name}: {kept.changed:,} changed of {kept.people:,} in {seconds:.1f} s", flush=True)
    return seconds


def _forget(database: Database) -> None:
    with database.transaction() as session:
        for table in _TABLES:
            session.execute(text(f"DELETE FROM {table}"))
        session.execute(
            text("UPDATE priority_opening SET effective_from = '2021-03-20' WHERE effective_from = '2021-03-17'")
        )
    _analyze(database)


def _analyze(database: Database) -> None:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if database.is_sqlite else "VACUUM ANALYZE"))


def measured(database: Database, count: int) -> dict[str, float]:
    """The figures of one database, from a process of its own."""
    build(database, count)
    own = get_context("spawn")
    answer = own.SimpleQueue()
    process = own.Process(target=measure, args=(database.url, count, answer))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"the measurement on {database.engine.dialect.name} broke")
    figures: dict[str, float] = answer.get()
    return figures


def main(count: int = 1_000_000) -> dict[str, Any]:
    """Measure on both; `count` people are registered."""
    factory.import_models()
    crypto.configure((KEY,))
    found = {"sqlite": measured(servers.embedded(f"eligibility-{count}"), count)}
    with servers.postgresql(f"eligibility-{count}") as server:
        found["postgresql"] = measured(server, count)
    figures: dict[str, Any] = {"people": count, "made_eligible": round(found["sqlite"]["opened"])}
    for kind, one in found.items():
        figures |= {
            f"{kind}_first_seconds": round(one["first"], 1),
            f"{kind}_first_cpu_seconds": round(one["first_cpu"], 1),
            f"{kind}_opening_seconds": round(one["opening"], 1),
            f"{kind}_opening_cpu_seconds": round(one["opening_cpu"], 1),
            f"{kind}_opening_people_per_second": round(count / one["opening"]),
            f"{kind}_preview_ms": round(one["preview_ms"], 1),
            f"{kind}_mailed": round(one["mailed"]),
            f"{kind}_peak_mb": round(one["mb"]),
        }
    return figures
