"""Users found among 100,000 accounts and the access log searched among 1,000,000 lines, on both databases.

Run: python -m bench oversight [accounts [lines]]. Both databases are built anew; medians in milliseconds.
"""

import random
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text

from app.domain.accounts.access import Role, system
from app.domain.accounts.idle import idle_accounts
from app.domain.accounts.models import Account, Grant, SignInName, SignInSession
from app.domain.oversight.access_log import Asked, search_log
from app.domain.oversight.find_users import Wanted, find_users
from app.infra import migrations
from app.infra.audit import AuditEntry
from app.infra.db import Database, new_id
from app.infra.search import fold
from bench import people, servers
from bench.organizations import FAMILIES

NOW = datetime(2021, 6, 1, 12, tzinfo=UTC)
ACTS = ("recipient.opened",) * 60 + ("recipient.found",) * 25 + ("recipient.dose_recorded",) * 14 + ("account.closed",)
RUNS, PIECE = 15, 20_000


def main(accounts: int = 100_000, lines: int = 1_000_000) -> dict[str, float]:
    """Median milliseconds of each search, by database."""
    figures: dict[str, float] = {}
    for kind in ("sqlite", "postgresql"):
        for left in servers.CACHE.glob(f"oversight.{kind}*"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    figures |= _measured("sqlite", servers.embedded("oversight"), accounts, lines)
    with servers.postgresql("oversight") as database:
        figures |= _measured("postgresql", database, accounts, lines)
    return figures


def _measured(kind: str, database: Database, accounts: int, lines: int) -> dict[str, float]:
    migrations.upgrade(database)
    ids = _fill_accounts(database, accounts)
    busy, person = _fill_log(database, ids[:2_000], lines)
    with database.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    actor, day = system("bench"), timedelta(days=1)
    wanted: dict[str, Callable[[Any], Any]] = {
        "find by common last name": lambda s: find_users(s, actor, Wanted("smi")),
        "find by two letters": lambda s: find_users(s, actor, Wanted("jo")),
        "find by first and last name": lambda s: find_users(s, actor, Wanted("mary jo")),
        "find by user name": lambda s: find_users(s, actor, Wanted("user4242")),
        "find by name and rare role": lambda s: find_users(s, actor, Wanted("jo", Role.STATE_VIEWER)),
        "list a role": lambda s: find_users(s, actor, Wanted(role=Role.HEALTHCARE_PROVIDER)),
        "log of a person": lambda s: search_log(s, actor, Asked(person_id=person)),
        "log of a busy user": lambda s: search_log(s, actor, Asked(user_id=busy)),
        "log of a busy user, rare kind": lambda s: search_log(s, actor, Asked(user_id=busy, kind="users")),
        "log of a kind": lambda s: search_log(s, actor, Asked(kind="looked")),
        "log of a rare kind": lambda s: search_log(s, actor, Asked(kind="users")),
        "log of a day": lambda s: search_log(s, actor, Asked(since=NOW - 30 * day, before=NOW - 29 * day)),
        "idle accounts, 500 of them": lambda s: idle_accounts(s, unused_for=90 * day, now=NOW),
    }
    return {f"{kind}: {name}": _milliseconds(database, name, kind, act) for name, act in wanted.items()}


def _milliseconds(database: Database, name: str, kind: str, act: Callable[[Any], Any]) -> float:
    taken = []
    for _ in range(RUNS):
        with database.reading() as session:
            session.execute(text("SELECT 1"))
            begun = time.perf_counter()
            act(session)
            taken.append((time.perf_counter() - begun) * 1000)
    print(f"{kind:11} {name:32} {median(taken):7.1f} ms")
    return round(median(taken), 1)


def _fill_accounts(database: Database, count: int) -> list[UUID]:
    chance, ids = random.Random(1), [new_id() for _ in range(count)]
    firsts, lasts = people.GIVEN, FAMILIES
    places = [new_id() for _ in range(500)]
    for start in range(0, count, PIECE):
        rows: dict[Any, list[dict[str, Any]]] = {Account: [], SignInName: [], Grant: [], SignInSession: []}
        for number in range(start, min(start + PIECE, count)):
            first, last, id_ = chance.choice(firsts), chance.choice(lasts), ids[number]
            role = Role.STATE_VIEWER if number % 5_000 == 0 else Role.HEALTHCARE_PROVIDER
            rows[Account].append(
                {"id": id_, "first_name": first, "last_name": last, "first_folded": fold(first), "last_folded": fold(last),
                 "email": f"{number}@example.org", "email_folded": f"{number}@example.org", "created_at": NOW - timedelta(days=200)}
            )  # fmt: skip
            name = f"user{number}"
            rows[SignInName].append({"id": new_id(), "account_id": id_, "realm": "provider", "name": name, "name_folded": name})
            rows[Grant].append(
                {"id": new_id(), "account_id": id_, "role": role.value, "scope_kind": "location",
                 "scope_id": chance.choice(places), "given_at": NOW - timedelta(days=200)}
            )  # fmt: skip
            seen = NOW - timedelta(days=chance.randrange(100))
            rows[SignInSession].append({"id": new_id(), "account_id": id_, "token_hash": name, "started_at": seen, "seen_at": seen})
        with database.transaction() as session:
            for table, some in rows.items():
                session.execute(insert(table), some)
    return ids


def _fill_log(database: Database, ids: list[UUID], count: int) -> tuple[UUID, UUID]:
    """The busiest user made a fiftieth of all lines."""
    chance, subjects = random.Random(2), [new_id() for _ in range(50_000)]
    for start in range(0, count, PIECE):
        rows = [
            {"id": new_id(), "at": NOW - timedelta(seconds=(count - number) * 6), "actor_kind": "person",
             "actor_id": ids[0] if number % 50 == 0 else chance.choice(ids), "act": chance.choice(ACTS),
             "subject_kind": "recipient", "subject_id": chance.choice(subjects), "facts": {}}
            for number in range(start, min(start + PIECE, count))
        ]  # fmt: skip
        with database.transaction() as session:
            session.execute(insert(AuditEntry), rows)
    return ids[0], subjects[0]
