"""Errors that time or an operator mends are told from defects of the program."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, PendingRollbackError

from app.infra.outages import BUSY, FULL, GONE, outage


def test_a_database_that_is_held_or_gone_is_no_defect(database):
    if database.is_sqlite:
        with database.session(write=True) as first, database.engine.connect() as second:
            first.execute(text("SELECT 1"))
            second.exec_driver_sql("PRAGMA busy_timeout = 0")
            with pytest.raises(DBAPIError) as held:
                second.exec_driver_sql("CREATE TABLE another (id INTEGER)")
        assert outage(held.value) == BUSY
        return
    with database.reading() as session:
        session.connection().connection.driver_connection.close()
        with pytest.raises(DBAPIError) as closed:
            session.execute(text("SELECT 1"))
        with pytest.raises(PendingRollbackError) as after:
            session.execute(text("SELECT 1"))
    assert [outage(closed.value), outage(after.value)] == [GONE, GONE]
    with database.reading() as session, pytest.raises(DBAPIError) as ended:
        session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert outage(ended.value) == GONE


def keep_on_a_full_disk():
    try:
        raise OSError(28, "No space left on device")
    except OSError as error:
        raise LookupError("the file") from error


@pytest.mark.once
def test_what_an_outage_led_to_counts_as_one_and_a_mistake_of_ours_does_not(database):
    with pytest.raises(LookupError) as led_to:
        keep_on_a_full_disk()
    assert outage(led_to.value) == FULL
    assert outage(OSError(2, "No such file")) is None
    with database.reading() as session, pytest.raises(DBAPIError) as wrong:
        session.execute(text("SELECT nothing FROM nowhere"))
    assert outage(wrong.value) is None
