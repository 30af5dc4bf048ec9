"""Where people stand is kept with their answers, follows what the state decides, and is told once."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import LargeBinary, func, select, type_coerce

from app.domain.eligibility.keep_status import Kept
from app.domain.eligibility.models import EligibilityRun, EligibilityStatus, EligibilityTally
from app.domain.eligibility.recompute import look_again, recompute_due
from app.domain.eligibility.release_mails import ReleaseMails, release_mails
from app.domain.eligibility.status import status_of
from app.domain.recipients.closing.close_record import CloseRecord, OpenRecordAgain, close_record, open_record_again
from app.domain.recipients.closing.models import RecordClosure
from app.domain.recipients.models import Recipient
from app.infra import clock, rotation
from app.infra.outbox import OutboxMessage
from tests.make.eligibility import ALAMANCE, STAFF, WAKE, ZONE, answer, closed, group, opened, registered
from tests.make.merging import joined, separated
from tests.make.vaccinations import someone

ROOT = Path(__file__).parents[3]
YOUNG = date(1990, 5, 14)


def kept(session, person):
    """The groups of somebody as they are kept, and the one that is open."""
    session.expire_all()
    sealed = session.get_one(EligibilityStatus, person.id).sealed
    return sealed["m"], sealed["o"].partition(":")[2]


def status(session, person, now):
    session.expire_all()
    return status_of(session, session.get_one(Recipient, person.id), today=clock.local_date(now, ZONE))


def work(session, database, now, **how):
    session.rollback()
    done, more = recompute_due(database, zone=ZONE, now=now, **how)
    session.rollback()
    return done if not more else (done, more)


def told(session):
    """Who is told that it is their turn."""
    session.rollback()
    query = select(OutboxMessage.about_id).where(OutboxMessage.kind == "eligibility.opened")
    return sorted(session.scalars(query))


def tallies(session):
    return {
        (row.county_fips, row.matches): row.people
        for row in session.scalars(select(EligibilityTally).where(EligibilityTally.people != 0))
    }


def counted(session):
    """What the figures must be, by opening every status."""
    rows = session.scalars(select(EligibilityStatus)).all()
    return Counter((row.sealed["c"], row.sealed["m"]) for row in rows)


def test_who_registers_has_a_status_at_once(session, now):
    nurse = registered(session, patient_contact="yes", industry="health_care", in_person="yes")
    assert kept(session, nurse) == ("1,3.2,4.2,5", "1")
    found = status(session, nurse, now)
    assert (found.kind, found.group.code, found.since) == ("open", "1", date(2020, 12, 14))


def test_who_has_not_registered_has_none_and_nothing_is_said(session, now):
    known = someone(session)
    assert session.get(EligibilityStatus, known.id) is None
    assert status(session, known, now).kind == "not_registered"


def test_new_answers_change_the_status_and_the_figures_in_the_same_moment(session, now):
    person = registered(session)
    assert kept(session, person) == ("5", "")
    answer(session, person, industry="food", in_person="yes", county_fips=ALAMANCE)
    assert kept(session, person) == ("3.2,4.2,5", "3.2")
    assert tallies(session) == {(ALAMANCE, "3.2,4.2,5"): 1}
    assert told(session) == []


def test_a_registration_that_fails_leaves_no_status(session, now):
    person = someone(session)
    with pytest.raises(Exception, match="gender"):
        answer(session, person, gender="")
    session.rollback()
    assert session.get(EligibilityStatus, person.id) is None


def test_health_cannot_be_read_from_the_row(session, now):
    registered(session, conditions=("diabetes",))
    raw = session.scalars(select(type_coerce(EligibilityStatus.sealed, LargeBinary))).one()
    assert b"4.1" not in bytes(raw)
    assert {column.name for column in EligibilityStatus.__table__.columns} == {
        "id", "plan_id", "version", "due_on", "computed_at", "sealed",
    }  # fmt: skip


def test_sealed_statuses_move_to_a_new_key_with_everything_else(session, database, settings, now):
    person = registered(session)
    session.rollback()
    assert rotation.rotate_everything(database, settings.storage_dir)[0] >= 2
    assert kept(session, person) == ("5", "")


def test_a_group_that_opens_makes_its_people_eligible_and_they_are_written_to_once(session, database, now):
    mailed = registered(session, email="maria@example.net", conditions=("asthma",))
    silent = registered(session, email="ann@example.net", contact_way="none", conditions=("asthma",))
    without = registered(session, conditions=("asthma",))
    other = registered(session, email="bo@example.net")
    work(session, database, now)
    opened(session, "4.1", date(2021, 3, 10))
    assert work(session, database, now).mailed == 1
    assert told(session) == [mailed.id]
    assert [kept(session, one)[1] for one in (mailed, silent, without, other)] == ["4.1", "4.1", "4.1", ""]
    opened(session, "4.1", date(2021, 3, 9))
    closed(session, "4.1", date(2021, 3, 9))
    work(session, database, now)
    assert kept(session, mailed)[1] == ""
    opened(session, "4.1", date(2021, 3, 9))
    work(session, database, now)
    assert kept(session, mailed)[1] == "4.1"
    assert told(session) == [mailed.id]


def test_who_is_eligible_already_is_not_told_again_for_another_group(session, database, now):
    registered(session, email="maria@example.net", industry="food", in_person="yes", conditions=("asthma",))
    work(session, database, now)
    opened(session, "1", date(2021, 3, 1))
    opened(session, "4.1", date(2021, 3, 10))
    opened(session, "5", date(2021, 3, 10))
    work(session, database, now)
    assert told(session) == []


def test_a_mail_held_goes_out_when_it_is_released(session, database, now):
    person = registered(session, email="maria@example.net", conditions=("asthma",))
    work(session, database, now)
    opened(session, "4.1", date(2021, 3, 10), held=True)
    work(session, database, now)
    assert kept(session, person)[1] == "4.1"
    assert told(session) == []
    command = ReleaseMails(group(session, "4.1").id)
    assert [release_mails(session, STAFF, command, now=now) for _ in range(2)] == [1, 0]
    session.commit()
    work(session, database, now)
    assert told(session) == [person.id]


def test_a_county_that_closes_a_group_on_a_day_to_come_does_not_send_the_mails_that_are_held(session, database, now):
    person = registered(session, email="maria@example.net", conditions=("asthma",))
    work(session, database, now)
    opened(session, "4.1", date(2021, 3, 10), held=True)
    closed(session, "4.1", date(2021, 3, 20), WAKE)
    work(session, database, now)
    assert kept(session, person)[1] == "4.1"
    assert told(session) == []
    assert release_mails(session, STAFF, ReleaseMails(group(session, "4.1").id), now=now) == 2
    session.commit()
    work(session, database, now)
    assert told(session) == [person.id]


def test_people_who_were_registered_before_there_were_statuses_get_one_and_no_mail(session, database, now):
    person = registered(session, date(1950, 1, 1), email="maria@example.net")
    session.delete(session.get_one(EligibilityStatus, person.id))
    session.query(EligibilityTally).delete()
    session.commit()
    work(session, database, now)
    assert kept(session, person) == ("2,5", "2")
    assert tallies(session) == {(WAKE, "2,5"): 1}
    assert told(session) == []


def test_a_day_set_long_ago_is_noticed_when_it_comes(session, database, now):
    person = registered(session, email="maria@example.net", conditions=("asthma",))
    work(session, database, now)
    assert work(session, database, now).people == 0
    assert work(session, database, now + timedelta(days=6)).changed == 0
    assert work(session, database, datetime(2021, 3, 17, 14, tzinfo=UTC)).mailed == 1
    assert kept(session, person)[1] == "4.1"


def test_a_birthday_is_noticed_on_its_day(session, database, now):
    person = registered(session, date(1956, 3, 12), email="maria@example.net")
    work(session, database, now)
    assert kept(session, person)[1] == ""
    assert work(session, database, now + timedelta(days=1)).people == 0
    assert work(session, database, now + timedelta(days=2)).mailed == 1
    assert kept(session, person) == ("2,5", "2")
    assert work(session, database, now + timedelta(days=2)).people == 0


def test_a_younger_product_makes_younger_people_eligible(session, database):
    with time_machine.travel(datetime(2021, 5, 7, 15, tzinfo=UTC), tick=True):
        child = registered(session, date(2007, 1, 1), email="parent@example.net", guardian="Pat Lee")
        work(session, database, clock.now())
        assert status(session, child, clock.now()).kind == "too_young"
        assert work(session, database, datetime(2021, 5, 10, 15, tzinfo=UTC)).mailed == 1
    assert kept(session, child)[1] == "5"


def test_the_new_plan_takes_over_on_its_day(session, database):
    with time_machine.travel(datetime(2021, 1, 13, 15, tzinfo=UTC), tick=True):
        person = registered(session, date(1952, 1, 1), email="maria@example.net")
        work(session, database, clock.now())
        assert kept(session, person) == ("2.1,4", "")
        assert work(session, database, datetime(2021, 1, 14, 15, tzinfo=UTC)).mailed == 1
    assert kept(session, person) == ("2,5", "2")
    assert set(tallies(session).values()) == {1}
    assert len(tallies(session)) == 1


def test_a_record_that_was_merged_is_counted_no_more(session, database, now):
    kept_one, lost = registered(session), registered(session)
    work(session, database, now)
    lost.merged_into_id = kept_one.id
    session.commit()
    look_again(session, now=now)
    session.commit()
    work(session, database, now)
    assert tallies(session) == {(WAKE, "5"): 1}
    assert session.get(EligibilityStatus, lost.id) is None


def test_answers_that_go_back_to_the_record_they_came_from_leave_no_status_behind(session, database, now):
    person, on_file = registered(session, born=date(1957, 3, 20)), someone(session, birth_date=date(1957, 3, 20))
    separated(session, joined(session, on_file, person, chosen={"answers": "other"}))
    assert session.get(EligibilityStatus, on_file.id) is None
    assert kept(session, person)
    assert tallies(session) == counted(session)
    assert isinstance(work(session, database, now + timedelta(days=9_000), at_most=5), Kept)


def test_whoever_has_died_is_counted_no_more_until_that_was_a_mistake(session, database, now):
    one, before = registered(session), registered(session)
    session.add(RecordClosure(recipient_id=before.id, died_on=YOUNG, closed_at=now))
    session.commit()
    today = clock.local_date(now, ZONE)
    close_record(session, STAFF, CloseRecord(one.id, today), now=now, today=today)
    session.commit()
    work(session, database, now)
    assert (tallies(session), counted(session)) == ({}, {})
    answer(session, one, now=now, industry="food", in_person="yes")
    assert tallies(session) == {}
    session.rollback()
    open_record_again(session, STAFF, OpenRecordAgain(one.id, "Another person"), now=now, today=today)
    session.commit()
    assert tallies(session) == counted(session) == {(WAKE, "3.2,4.2,5"): 1}
    work(session, database, now)
    assert told(session) == []


def test_what_is_kept_is_what_the_page_would_find_out(session, database, now):
    people = [
        registered(session, date(1940 + number, 3, 10), county_fips=(WAKE, ALAMANCE)[number % 2],
                   conditions=("asthma",) if number % 3 else ("none",), guardian="Pat Lee")
        for number in range(0, 80, 3)
    ]  # fmt: skip
    closed(session, "2", date(2021, 3, 5), ALAMANCE)
    opened(session, "4.1", date(2021, 3, 9), WAKE)
    work(session, database, now, portion=4)
    for person in people:
        found = status(session, person, now)
        matches, code = kept(session, person)
        assert matches == ",".join(found.matches)
        assert code == (found.group.code if found.kind == "open" else "")
    assert tallies(session) == counted(session)


def test_mails_of_the_night_wait_for_the_morning(session, database, now):
    registered(session, email="maria@example.net", conditions=("asthma",))
    work(session, database, now)
    work(session, database, datetime(2021, 3, 17, 5, tzinfo=UTC))
    (due,) = session.scalars(select(OutboxMessage.due_at).where(OutboxMessage.kind == "eligibility.opened"))
    assert due == datetime(2021, 3, 17, 13, tzinfo=UTC)


def test_a_worker_killed_in_the_middle_is_followed_by_one_that_goes_on(session, database, settings, now):
    people = [registered(session, email=f"p{number}@example.net", conditions=("asthma",)) for number in range(300)]
    work(session, database, now)
    opened(session, "4.1", date(2021, 3, 10))
    session.rollback()
    code = (
        "import os, sys; sys.path.insert(0, '.');"
        "from datetime import UTC, datetime; from app import config, factory;"
        "from app.domain.eligibility.recompute import recompute_due;"
        "parts = factory.make_machines(config.load(os.environ));"
        "recompute_due(parts.database, zone=parts.settings.zone, now=datetime(2021, 3, 10, 15, tzinfo=UTC), portion=1)"
    )
    environment = os.environ | {
        "CVMS_INSTANCE": str(settings.instance_dir), "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key, "CVMS_TESTING": "1",
    }  # fmt: skip
    worker = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment)
    deadline = time.monotonic() + 60
    while not 20 <= len(told(session)) < 250:
        assert time.monotonic() < deadline
        assert worker.poll() is None
        time.sleep(0.01)
    session.rollback()
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert len(told(session)) < 300
    work(session, database, now)
    assert told(session) == sorted(person.id for person in people)
    latest = session.scalars(select(EligibilityRun).order_by(EligibilityRun.id.desc())).first()
    assert (latest.people, latest.mailed) == (300, 300)
    assert latest.finished_at is not None
    assert session.scalar(select(func.sum(EligibilityTally.people))) == 300


def test_two_workers_share_a_run_and_tell_nobody_twice(session, database, now):
    people = [registered(session, email=f"p{number}@example.net", conditions=("asthma",)) for number in range(60)]
    work(session, database, now)
    opened(session, "4.1", date(2021, 3, 10))
    session.rollback()
    threads = [
        threading.Thread(target=recompute_due, args=(database,), kwargs={"zone": ZONE, "now": now, "portion": 3})
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told(session) == sorted(person.id for person in people)
    assert tallies(session) == counted(session)
