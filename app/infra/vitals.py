"""Is everything there that a visitor needs, and how does the work in the background stand?"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.infra import migrations, queue
from app.infra.db import Database
from app.infra.job_log import JobRun, job_runs
from app.infra.outbox import OutboxMessage
from app.infra.storage import FolderStorage

log = structlog.get_logger()

OK, FAILED, SILENT = "ok", "failed", "silent"
_UNFINISHED = ("waiting", "sending", "failed", "unsure")


@dataclass(frozen=True, slots=True)
class Vitals:
    """`silent_seconds` since a worker's last sign of life, None without any; mails that are not done by standing."""

    silent_seconds: float | None
    mails: dict[str, int]
    jobs: list[JobRun]
    at: datetime


def check(database: Database, storage: FolderStorage, *, now: datetime) -> dict[str, str]:
    """`ok` or `failed` of the database, its tables and the storage; `ok` or `silent` of the worker."""
    checks = {
        "database": _tried("database", lambda: _reads(database)),
        "migrations": _tried("migrations", lambda: _has_its_tables(database)),
        "storage": _tried("storage", storage.can_be_written),
    }
    checks["worker"] = SILENT if _tried("worker", lambda: _beats(database, now)) == FAILED else OK
    return checks


def look_at(session: Session, *, now: datetime) -> Vitals:
    """What the database tells about the work in the background; three queries over small sets."""
    beat = queue.last_beat(session)
    mails = session.execute(
        select(OutboxMessage.status, func.count())
        .where(OutboxMessage.status.in_(_UNFINISHED), OutboxMessage.given_up_at.is_(None))
        .group_by(OutboxMessage.status)
    )
    counted = dict.fromkeys(_UNFINISHED, 0)
    for status, count in mails:
        counted[status] = count
    return Vitals(None if beat is None else (now - beat).total_seconds(), counted, job_runs(session), now)


def _tried(what: str, act: Callable[[], bool]) -> str:
    try:
        return OK if act() else FAILED
    except Exception:
        log.warning("ready.failed", check=what, exc_info=True)
        return FAILED


def _reads(database: Database) -> bool:
    with database.engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    return True


def _has_its_tables(database: Database) -> bool:
    """Tables of a later version are fine: they are made before the older processes are gone."""
    found = migrations.current(database)
    return found is not None and (found == _head() or not migrations.knows(found))


@cache
def _head() -> str | None:
    return migrations.head()


def _beats(database: Database, now: datetime) -> bool:
    with database.reading() as session:
        return not queue.worker_is_silent(session, now=now)
