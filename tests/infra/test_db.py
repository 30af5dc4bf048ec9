"""What both kinds of database must keep."""

import threading
from datetime import datetime

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError, StatementError

from app.infra import audit
from app.infra.audit import AuditEntry
from app.infra.db import Database
from app.infra.outbox import OutboxMessage


def test_the_access_log_cannot_be_changed_or_deleted(session, now):
    audit.record(session, actor_kind="system", actor_id=None, act="x", subject_kind="y", subject_id=None, now=now)
    session.commit()
    for statement in (update(AuditEntry).values(act="z"), delete(AuditEntry)):
        with pytest.raises(DatabaseError, match="append-only"):
            session.execute(statement)
        session.rollback()


def test_moments_come_back_aware_and_naive_ones_are_refused(session, now):
    session.add(OutboxMessage(kind="a", payload={}, due_at=now))
    session.commit()
    session.expire_all()
    assert session.query(OutboxMessage).one().due_at == now
    session.add(OutboxMessage(kind="a", payload={}, due_at=datetime(2021, 1, 1)))
    with pytest.raises(StatementError):
        session.flush()


def test_a_session_for_reading_stores_and_changes_nothing(database, now):
    with database.reading() as session:
        session.add(OutboxMessage(kind="a", payload={}, due_at=now, attempts=0))
        with pytest.raises(RuntimeError, match="for reading"):
            session.flush()
        session.expunge_all()
        with pytest.raises(RuntimeError, match="for reading"):
            session.execute(update(OutboxMessage).values(attempts=1))


def test_statements_stay_prepared_over_pages_that_only_read(database):
    if database.is_sqlite:
        pytest.skip("SQLite prepares nothing on a server")
    for _ in range(10):
        with database.reading() as session:
            session.execute(select(OutboxMessage.id).where(OutboxMessage.kind == "nothing"))
    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%outbox_message%'"))


def test_writers_that_read_first_wait_for_each_other_instead_of_failing(session, database, now):
    session.add(OutboxMessage(kind="a", payload={}, due_at=now, attempts=0))
    session.commit()
    failures = []

    def add_ten():
        for _ in range(10):
            try:
                with database.transaction() as own:
                    own.query(OutboxMessage).one()
                    own.execute(update(OutboxMessage).values(attempts=OutboxMessage.attempts + 1))
            except Exception as error:
                failures.append(error)

    threads = [threading.Thread(target=add_ten) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.expire_all()
    assert failures == []
    assert session.query(OutboxMessage).one().attempts == 40


@pytest.mark.once
def test_what_is_committed_is_on_the_disk_when_the_power_goes(tmp_path):
    made, full = Database(f"sqlite:///{tmp_path / 'cvms.db'}"), 2
    with made.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == full
    made.dispose()
