"""How each job of the worker is doing: one row for each, kept up to date by whoever runs it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.infra import clock
from app.infra.db import Base, Database

log = structlog.get_logger()

STUCK_AFTER = timedelta(minutes=30)
EVERY = timedelta(minutes=1)


class JobRun(Base):
    """The latest run of a job. `failures` counts those in a row; `ok_at` is when it last ended well."""

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ok_at: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(String(300), default="")

    @property
    def is_running(self) -> bool:
        """It began and has not ended, as far as is known."""
        return self.ended_at is None

    @property
    def due_at(self) -> datetime:
        """When it runs next at the latest: each job is swept once a minute, and may find nothing to do."""
        return self.started_at + EVERY


def watched(database: Database, name: str, job: Callable[[], object]) -> Callable[[], None]:
    """The job, leaving a note of how it went. What it raises is noted and raised on; a note that fails stops nothing."""

    def run() -> None:
        _note(lambda: _begin(database, name, now=clock.now()))
        try:
            job()
        except Exception as error:
            why = type(error).__name__
            _note(lambda: _end(database, name, why, now=clock.now()))
            raise
        _note(lambda: _end(database, name, "", now=clock.now()))

    return run


def job_runs(session: Session) -> list[JobRun]:
    """All jobs that ever ran, by name."""
    return list(session.scalars(select(JobRun).order_by(JobRun.name)))


def jobs_in_trouble(session: Session, *, now: datetime) -> list[JobRun]:
    """Those that failed the last time, or began long ago and did not end."""
    return [run for run in job_runs(session) if run.failures or is_stuck(run, now=now)]


def is_stuck(run: JobRun, *, now: datetime) -> bool:
    """True for a run that began long ago and has not ended: its worker died, or it hangs."""
    return run.is_running and now - run.started_at > STUCK_AFTER


def _note(write: Callable[[], None]) -> None:
    try:
        write()
    except Exception:
        log.warning("job.not_noted", exc_info=True)


def _begin(database: Database, name: str, *, now: datetime) -> None:
    with database.transaction() as session:
        run = session.get(JobRun, name)
        if run is None:
            session.add(JobRun(name=name, started_at=now, failures=0, last_error=""))
            return
        run.started_at, run.ended_at = now, None


def _end(database: Database, name: str, error: str, *, now: datetime) -> None:
    with database.transaction() as session:
        run = session.get_one(JobRun, name)
        run.ended_at = now
        if error:
            run.failures, run.last_error = run.failures + 1, error[:300]
            run.failing_since = run.failing_since or now
        else:
            run.ok_at, run.failures, run.last_error, run.failing_since = now, 0, "", None
