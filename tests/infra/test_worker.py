"""A worker that is not running is noticed; one that is, is woken."""

import threading
import time
from datetime import timedelta

import pytest

from app.infra import queue
from app.infra.queue import Queue


def test_a_silent_worker_is_noticed_and_a_beating_one_is_not(session, database, now):
    assert queue.worker_is_silent(session, now=now)
    session.rollback()
    queue.beat(database, "one", now=now)
    assert not queue.worker_is_silent(session, now=now + timedelta(seconds=60))
    assert queue.worker_is_silent(session, now=now + timedelta(seconds=80))


@pytest.mark.once
def test_a_wake_up_runs_the_job_and_a_failing_job_does_not_stop_the_sweep(tmp_path):
    made = Queue(f"sqlite:///{tmp_path}/queue.db")
    ran = threading.Event()
    made.add("bad", lambda: 1 / 0)
    made.add("good", ran.set)
    made.sweep()
    assert ran.is_set()
    ran.clear()
    made.wake("good")
    task = made.huey.dequeue()
    made.huey.execute(task)
    assert ran.is_set()
    made.close()


@pytest.mark.once
def test_no_request_waits_for_a_disk_to_ask_for_a_job(tmp_path):
    made = Queue(f"sqlite:///{tmp_path}/queue.db")
    made.wake("mail")
    normal = 1
    assert made.huey.storage.sql("PRAGMA synchronous", results=True) == [(normal,)]
    made.close()


def test_signs_of_life_end_with_the_worker(session, database):
    stop = threading.Event()
    thread = threading.Thread(target=queue.beat_until, args=(database, "one", stop))
    thread.start()
    deadline = time.monotonic() + 5
    while queue.last_beat(session) is None and time.monotonic() < deadline:
        session.rollback()
        time.sleep(0.02)
    assert queue.last_beat(session) is not None
    session.rollback()
    stop.set()
    thread.join()
    assert queue.last_beat(session) is None
