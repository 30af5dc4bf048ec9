"""Waking the worker. Work itself lives in rows; a lost wake-up costs waiting, never work."""

import sqlite3
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from huey import Huey, PostgresHuey, crontab
from huey.storage import SqliteStorage
from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.infra import clock
from app.infra.db import Base, Database

log = structlog.get_logger()

BEAT_SECONDS = 15
SILENCE_SECONDS = 75


class WorkerBeat(Base):
    """A sign of life of a worker process."""

    __tablename__ = "worker_beat"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime]


class WakeUps(SqliteStorage):  # type: ignore[misc]
    """The file of the queue. It waits for no disk: a power cut may lose a wake-up, never the file."""

    def _create_connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = super()._create_connection()
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection


class Queue:
    """Jobs by name: the web side wakes them, the worker runs them, a sweep every minute is the guarantee."""

    def __init__(self, url: str) -> None:
        self.huey: Huey
        if url.startswith("sqlite:///"):
            self.huey = Huey(
                "cvms", storage_class=WakeUps, filename=url.removeprefix("sqlite:///"), timeout=10, results=False
            )
        else:
            self.huey = PostgresHuey("cvms", dsn=url, results=False)
        self._jobs: dict[str, Callable[[], object]] = {}
        self._stop = threading.Event()
        self._watched: Callable[[str, Callable[[], object]], Callable[[], object]] | None = None
        self._run = self.huey.task(name="run_job")(self.run)
        self._sweep = self.huey.periodic_task(crontab(minute="*"), name="sweep")(self.sweep)

    def watch(self, watched: Callable[[str, Callable[[], object]], Callable[[], object]]) -> None:
        """Say what is put around every job that is added from now on."""
        self._watched = watched

    def ends_with(self, stop: threading.Event) -> None:
        """Say what is set when this process is told to end."""
        self._stop = stop

    def is_ending(self) -> bool:
        """True once this process was told to end: what is in hand is finished, nothing more is begun."""
        return self._stop.is_set()

    def add(self, name: str, job: Callable[[], object]) -> None:
        """Say what a name runs. A job looks for due work by itself and may find none."""
        self._jobs[name] = self._watched(name, job) if self._watched else job

    def wake(self, name: str) -> None:
        """Ask for a job soon. Only after the commit that made its work; a failure here is logged and harmless."""
        try:
            self._run(name)
        except Exception:
            log.warning("queue.wake_failed", job=name, exc_info=True)

    def close(self) -> None:
        """Close the connections of this thread."""
        self.huey.storage.close()

    def sweep_soon(self) -> None:
        """Ask for a sweep at once: a worker that starts does not wait for the minute."""
        for name in self._jobs:
            self.wake(name)

    def run(self, name: str) -> None:
        """Run one job now. One that fails is logged; the sweep runs it again."""
        try:
            self._jobs[name]()
        except Exception:
            log.error("job.failed", job=name, exc_info=True)

    def sweep(self) -> None:
        """Run every job; one that fails does not hold up the others."""
        for name in self._jobs:
            if not self.is_ending():
                self.run(name)


def beat(database: Database, name: str, *, now: datetime) -> None:
    """Leave a sign of life."""
    with database.transaction() as session:
        session.merge(WorkerBeat(name=name, at=now))


def beat_until(database: Database, name: str, stop: threading.Event) -> None:
    """Leave a sign of life every BEAT_SECONDS until told to stop, then take it away."""
    while True:
        try:
            beat(database, name, now=clock.now())
        except Exception:
            log.warning("worker.beat_failed", exc_info=True)
        if stop.wait(BEAT_SECONDS):
            break
    with database.transaction() as session:
        session.execute(delete(WorkerBeat).where(WorkerBeat.name == name))


def last_beat(session: Session, *, until: datetime | None = None) -> datetime | None:
    """When any worker last gave a sign of life, up to a moment where one is given."""
    beats = select(WorkerBeat.at).order_by(WorkerBeat.at.desc()).limit(1)
    return session.scalar(beats if until is None else beats.where(WorkerBeat.at <= until))


def worker_is_silent(session: Session, *, now: datetime) -> bool:
    """True when no worker gave a sign of life for SILENCE_SECONDS."""
    # One of a moment to come was left by a worker before the clock was put right.
    seen = last_beat(session, until=now + timedelta(seconds=SILENCE_SECONDS))
    return seen is None or (now - seen).total_seconds() > SILENCE_SECONDS
