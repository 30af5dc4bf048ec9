"""One database, two kinds: the embedded SQLite and PostgreSQL. What differs between them stays in infra.

A session is made for reading or for writing before its first query. On SQLite a writing one begins immediate: a
deferred transaction that reads and then writes after somebody else's commit fails at once, whatever the timeout.
"""

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat
from sqlalchemy import Connection, DateTime, MetaData, create_engine, event, text
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, sessionmaker
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.types import TypeDecorator

from app.infra.addresses import for_sqlalchemy

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. SQLite would hand back naive values otherwise."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC on the way in. Raises ValueError for a moment without zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without zone cannot be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware and in UTC on the way out, whatever the driver made of it."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The root of all tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime}


def new_id() -> UUID:
    """A time-ordered key (UUID version 7). Never shown where guessing must be hard."""
    return uuid_utils.compat.uuid7()


def first_id_of(moment: datetime) -> UUID:
    """A key before all keys made from that moment on."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


class _ReadingSession(Session):
    """A session that stores nothing, whatever was added to it."""


@event.listens_for(_ReadingSession, "before_flush")
def _refuse_to_store(_session: Session, _context: Any, _instances: Any) -> None:
    raise RuntimeError("a session for reading stores nothing: ask for one that writes")


@event.listens_for(_ReadingSession, "do_orm_execute")
def _refuse_to_change(state: ORMExecuteState) -> None:
    if isinstance(state.statement, UpdateBase):
        raise RuntimeError("a session for reading changes nothing: ask for one that writes")


class Database:
    """The engine and its two kinds of session."""

    def __init__(self, url: str, *, outlives_power_cuts: bool = True) -> None:
        """`outlives_power_cuts`: what is committed is on the disk; without it SQLite loses the last moments with the power."""
        self.url = url
        self.is_sqlite = url.startswith("sqlite:")
        options: dict[str, Any] = {"hide_parameters": True}
        if not self.is_sqlite:
            options |= {"pool_pre_ping": True, "pool_size": 10, "pool_use_lifo": True, "skip_autocommit_rollback": True}
            url = for_sqlalchemy(url)
        self.engine = create_engine(url, **options)
        if self.is_sqlite:
            _teach_sqlite(self.engine, "FULL" if outlives_power_cuts else "NORMAL")
        # Statements that PostgreSQL has prepared are forgotten with every ROLLBACK: a page that only reads opens no transaction.
        reads = self.engine if self.is_sqlite else self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._read = sessionmaker(reads, class_=_ReadingSession, expire_on_commit=False)
        self._write = sessionmaker(self.engine.execution_options(write=True), expire_on_commit=False)

    def session(self, *, write: bool) -> Session:
        """A session of the kind asked for. Whoever asks closes it."""
        return self._write() if write else self._read()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A short writing transaction of its own: committed when the block ends well."""
        with self._write() as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads."""
        with self._read() as session:
            yield session

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


_PATIENCE = 10
"""Seconds for which a transaction of SQLite waits for another one."""


_PAGES_OF_LOG = 16_000
"""The log may have 64 MB before it is worked into the file: large uploads touch the same pages of indexes again and again."""


def _teach_sqlite(engine: Engine, synchronous: str) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
            f"wal_autocheckpoint={_PAGES_OF_LOG}",
            f"busy_timeout={_PATIENCE * 1000}",
            "cache_size=-16000",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("write", False)
        if not (writes and _begin_soon(connection)):
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_soon(connection: Connection) -> bool:
    """Begin to write as soon as nobody else does; False after long waiting.

    SQLite's own waiting asks ever more seldom: who waits long is overtaken by whoever comes, and starves. Asking at
    random moments gives everybody the same chance.
    """
    cursor, until = connection.connection.cursor(), time.monotonic() + _PATIENCE
    cursor.execute("PRAGMA busy_timeout=0")
    try:
        while time.monotonic() < until:
            try:
                cursor.execute("BEGIN IMMEDIATE")
                return True
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
            time.sleep(random.uniform(0.0005, 0.006))  # noqa: S311 - no secret
        return False
    finally:
        cursor.execute(f"PRAGMA busy_timeout={_PATIENCE * 1000}")
        cursor.close()


def one_at_a_time(session: Session, what: str) -> None:
    """Hold others who ask for the same `what` until this transaction ends.

    On SQLite a writing transaction has the database to itself already.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:what))"), {"what": what})
