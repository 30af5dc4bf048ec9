"""Finding a case among a million, from what a caller says to rows in Python, on both databases.

Part of `python -m bench helpdesk`; the databases are built once and kept under instance/bench/.
"""

import sys
import time
from statistics import quantiles

from sqlalchemy import func, inspect, select, text

from app.domain.accounts.access import Actor, GrantedRole, Role
from app.domain.helpdesk.desk import install_help_desk
from app.domain.helpdesk.models import MIDDLES, STARTS, CaseText
from app.domain.helpdesk.search import search_cases
from app.infra import ddl
from app.infra.db import Base, Database
from bench import helpdesk_cases, servers

ROUNDS = 15
AGENT = Actor("person", None, (GrantedRole(Role.HELP_DESK_AGENT, "team", None),))
TYPED = {
    "number": ("CS0000007", "cs0512345", "999999", "CS0777777", "31337"),
    "e-mail": ("maria.12@example.org", "james.777@example.org", "nobody@example.org", "wei.4", "MALIK.999@example.org"),
    "last name": ("smith", "oxendine", "lowery honeycutt", "zamora", "garcia-lopez", "quinn", "o'neal"),
    "both names": (
        "Maria Smith", "smith maria", "James Oxendine", "siobhan yarborough", "Wei Lee", "ana garcia lopez", "keisha q",
    ),
    "organization": ("food lion", "smithfield foods", "duke energy", "zenum", "ymca", "baptist", "harris teeter"),
    "parts": ("endine", "xendi", "smithf", "ercen", "zzzqx", "teeter", "lion foo"),
    "PIN": ("NCA650001", "650999", "NCA652"),
    "mixed": ("maria food lion", "smith duke", "lee harris teeter", "oxendine ymca", "example org", "james nca650001"),
}  # fmt: skip


def build(database: Database, count: int) -> None:
    """Fill an empty database with so many cases; what triggers keep is made once for all rows."""
    if _is_built(database, count):
        return
    with database.transaction() as session:
        Base.metadata.drop_all(session.connection())
        Base.metadata.create_all(session.connection())
        install_help_desk(session)
    print(f"{database.engine.dialect.name}: {count:,} cases are being made", file=sys.stderr)
    with database.transaction() as session:
        helpdesk_cases.put(session, count)
    with database.transaction() as session:
        ddl.create_triggers(session.connection())
        if database.is_sqlite:
            for index in (MIDDLES, STARTS):
                session.execute(text(f"INSERT INTO {index.name}({index.name}) VALUES ('rebuild')"))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if database.is_sqlite else "VACUUM ANALYZE"))


def measure(database: Database) -> float:
    """The 95th percentile of the slowest kind of question, in milliseconds."""
    worst = 0.0
    for kind, typed in TYPED.items():
        times = [_time(database, one)[0] for _ in range(ROUNDS) for one in typed]
        p95 = quantiles(times, n=20)[-1]
        worst = max(worst, p95)
        slowest = max(typed, key=lambda one: min(_time(database, one)[0] for _ in range(3)))
        spent, found = _time(database, slowest)
        print(
            f"{database.engine.dialect.name:10} {kind:12} p95 {p95:6.2f} ms, median {quantiles(times, n=2)[0]:6.2f} ms, "
            f"slowest “{slowest}” {spent:.2f} ms, {found} found"
        )
    return worst


def figures(count: int) -> dict[str, object]:
    """Measure on both."""
    embedded = servers.embedded(f"helpdesk-{count}")
    build(embedded, count)
    slowest = [measure(embedded)]
    with servers.postgresql(f"helpdesk-{count}") as server:
        build(server, count)
        slowest.append(measure(server))
    return {
        "search_million_p95_ms": round(max(slowest), 2), "sqlite_p95_ms": round(slowest[0], 2),
        "postgresql_p95_ms": round(slowest[1], 2), "cases_searched": count,
    }  # fmt: skip


def _time(database: Database, typed: str) -> tuple[float, int]:
    with database.reading() as session:
        session.connection()
        started = time.perf_counter()
        found = search_cases(session, AGENT, typed)
        return (time.perf_counter() - started) * 1000, len(found)


def _is_built(database: Database, count: int) -> bool:
    if not inspect(database.engine).has_table("help_case_text"):
        return False
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(CaseText)) == count
