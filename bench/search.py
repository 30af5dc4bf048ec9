"""Search as you type among 1,000,000 organizations, from the typed text to rows in Python, on both databases.

Run: python -m bench search [count]. The databases are built once and kept under instance/bench/.
`two words` holds a few of three as well, and pairs that are common each and hardly ever met together.
"""

import sys
import time
from collections.abc import Iterator
from itertools import islice
from statistics import quantiles

from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, GrantedRole, Role
from app.domain.organizations.models import MIDDLES, STARTS
from app.domain.organizations.search import search_organizations
from app.domain.organizations.searchable import make_searchable
from app.infra import ddl
from app.infra.db import Base, Database
from bench import servers
from bench.organizations import organizations

ROUNDS = 15
STAFF = Actor("person", None, (GrantedRole(Role.STATE_STAFF, "program", None),))
TYPED = {
    "3 common": ("foo", "smi", "har", "car", "cha", "tru", "far", "mai"),
    "3 rare": ("zam", "qui", "vor", "xyz", "ymc", "bat", "ing", "ool"),
    "5 common": ("food ", "farms", "const", "green", "chari", "insur", "churc", "smith"),
    "5 rare": ("zamor", "yarbo", "quinv", "mante", "brake", "xqzjk", "ercen", "28906"),
    "8 common": ("food lio", "construc", "charlott", "williams", "christia", "industri", "harris t"),
    "8 rare": ("yarborou", "oxendine", "batchelo", "zenumtek", "lumberto", "mythical", "quinisma"),
    "two words": (
        "food raleigh", "farms boone", "lion charlotte", "smith plumbing", "zamora bakery", "truck wilson",
        "construction 28202", "main farms", "lee cary", "raleigh charlotte", "oxendine zebra", "sons charl",
        "bank durham", "murphy manteo", "foods asheville", "an lee", "greenville main", "credit goldsboro",
        "raleigh bakery charl", "consulting chapel", "ool raleigh", "ercen charlotte", "lotte smith", "con cha",
        "inc charlotte", "brothers group", "smi joh", "food lion 28202",
    ),
}  # fmt: skip


def build(database: Database, count: int) -> None:
    """Fill an empty database with so many organizations."""
    if _is_built(database, count):
        return _index(database)
    import app.domain.accounts.models  # noqa: F401 - the tables that organizations refer to

    with database.transaction() as session:
        Base.metadata.drop_all(session.connection())
        Base.metadata.create_all(session.connection())
    made = organizations(count)
    done = 0
    while some := list(islice(made, 10_000)):
        with database.transaction() as session:
            session.add_all(some)
            make_searchable(session, some)
        done += len(some)
        print(f"{database.engine.dialect.name}: {done:,} organizations", end="\r", file=sys.stderr)
    return _index(database)


def _index(database: Database) -> None:
    """What triggers keep is made once for all rows: much faster than row by row. Nothing where it is there."""
    with database.transaction() as session:
        missing = [index.name for index in (MIDDLES, STARTS) if not _has(session, index.name)]
        if not missing:
            return
        ddl.create_triggers(session.connection())
        if database.is_sqlite:
            for name in missing:
                session.execute(text(f"INSERT INTO {name}({name}) VALUES ('rebuild')"))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if database.is_sqlite else "VACUUM ANALYZE"))


def _has(session: Session, name: str) -> bool:
    if session.get_bind().dialect.name == "sqlite":
        return bool(session.scalar(text("SELECT count(*) FROM sqlite_master WHERE name = :name"), {"name": name}))
    return session.scalar(text("SELECT to_regclass(:name)"), {"name": name}) is not None


def _is_built(database: Database, count: int) -> bool:
    """False for an empty database, and for one that an earlier run left half filled."""
    if not inspect(database.engine).has_table("organization_text"):
        return False
    with database.reading() as session:
        return session.scalar(text("SELECT count(*) FROM organization_text")) == count


def measure(database: Database) -> dict[str, float]:
    """The 95th percentile of each kind of query, in milliseconds."""
    figures = {}
    for kind, typed in TYPED.items():
        times = [taken for _ in range(ROUNDS) for one in typed for taken in _time(database, one)]
        figures[kind] = quantiles(times, n=20)[-1]
        slowest = max(typed, key=lambda one: min(next(_time(database, one)) for _ in range(3)))
        spent = min(next(_time(database, slowest)) for _ in range(3))
        print(
            f"{database.engine.dialect.name:10} {kind:9} p95 {figures[kind]:6.2f} ms, "
            f"median {quantiles(times, n=2)[0]:5.2f} ms, slowest “{slowest}” {spent:.2f} ms"
        )
    return figures


def _time(database: Database, typed: str) -> Iterator[float]:
    with database.reading() as session:
        session.connection()
        started = time.perf_counter()
        search_organizations(session, STAFF, typed)
        yield (time.perf_counter() - started) * 1000


def main(count: int = 1_000_000) -> dict[str, object]:
    """Measure on both; the figures, in milliseconds."""
    embedded = servers.embedded(f"organizations-{count}")
    build(embedded, count)
    sqlite = measure(embedded)
    with servers.postgresql(f"organizations-{count}") as server:
        build(server, count)
        postgresql = measure(server)
    return {
        "sqlite_p95_ms": _worst(sqlite),
        "postgresql_p95_ms": _worst(postgresql),
        "two_words_p95_ms": round(max(sqlite["two words"], postgresql["two words"]), 2),
        "organizations": count,
    }


def _worst(figures: dict[str, float]) -> float:
    return round(max(spent for kind, spent in figures.items() if kind != "two words"), 2)

