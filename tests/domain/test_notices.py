"""Announcements: what may be announced, who is told by mail and how often, and when the program rests."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.accounts.access import Role, system
from app.domain.errors import Conflict, NotAllowed
from app.domain.program.notices.current import PORTALS, load_standing
from app.domain.program.notices.models import Notice
from app.domain.program.notices.read_only import SwitchReadOnly, switch_read_only
from app.domain.program.notices.schedule import NoticeRefused, ScheduleNotice, cancel_notice, check_notice, get_notice
from app.domain.program.notices.tell import people_to_tell, tell_due
from app.infra.outbox import OutboxMessage
from app.jobs.rest import unless_resting
from app.web.announcements import Announcements
from tests import make
from tests.make.notices import notice, resting
from tests.together import ends

NOW = datetime(2021, 3, 10, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)
STAFF = system("test")


def command(**other):
    told = {
        "kind": "downtime", "title": "Rest", "text": "We move.", "title_es": "", "text_es": "", "portals": ("provider",),
        "shown_from": NOW, "starts_at": NOW + HOUR, "ends_at": NOW + 2 * HOUR,
    }  # fmt: skip
    return ScheduleNotice(**(told | other))


@pytest.mark.once
@pytest.mark.parametrize(
    ("other", "field", "why"),
    [
        ({"portals": ()}, "portals", "missing"),
        ({"portals": ("kitchen",)}, "portals", "missing"),
        ({"title": " "}, "title", "missing"),
        ({"portals": ("recipient",)}, "title_es", "missing"),
        ({"read_only": True}, "title_es", "missing"),
        ({"ends_at": NOW + HOUR}, "ends", "order"),
        ({"shown_from": NOW - 3 * HOUR, "starts_at": NOW - 2 * HOUR, "ends_at": NOW}, "ends", "past"),
        ({"ends_at": NOW + timedelta(days=91)}, "ends", "long"),
        ({"shown_from": NOW + timedelta(minutes=61)}, "shown", "late"),
    ],
)
def test_what_cannot_be_announced_names_the_answer_to_change(other, field, why):
    with pytest.raises(NoticeRefused) as refusal:
        check_notice(command(**other), now=NOW)
    assert (refusal.value.field, refusal.value.why) == (field, why)


@pytest.mark.once
def test_a_rest_is_for_everybody_and_mails_are_not_due_in_the_past():
    spanish = {"title_es": "Descanso", "text_es": "Nos mudamos."}
    assert check_notice(command(read_only=True, **spanish), now=NOW).portals == list(PORTALS)
    assert check_notice(command(mail_days=7), now=NOW).mail_at == NOW
    later = command(starts_at=NOW + timedelta(days=5), ends_at=NOW + timedelta(days=6), mail_days=3)
    assert check_notice(later, now=NOW).mail_at == NOW + timedelta(days=2)


def test_it_is_shown_in_its_portals_in_its_time_and_on_the_front_door_when_it_is_for_all(session, now):
    notice(session, begins=1, lasts=1, portals=("provider",), shown_from=now)
    notice(session, begins=0, lasts=1, portals=PORTALS)
    standing = load_standing(session, now=now)
    counts = [len(standing.shown(portal, now)) for portal in ("provider", "state", "front", "")]
    assert counts == [2, 1, 1, 1]
    assert [len(standing.shown("provider", now + hours * HOUR)) for hours in (1, 1.99, 2)] == [1, 1, 0]


def test_the_program_rests_by_the_clock_or_by_the_switch(session, now):
    made = notice(session, begins=1, lasts=2, read_only=True)
    standing = load_standing(session, now=now)
    assert [bool(standing.rest(now + hours * HOUR)) for hours in (0, 1, 2.99, 3)] == [False, True, True, False]
    assert standing.rest(now + HOUR).until == made.ends_at
    resting(session)
    assert load_standing(session, now=now).rest(now).until is None
    resting(session, on=False)
    assert load_standing(session, now=now).rest(now) is None
    assert session.get_one(Notice, made.id).cancelled_at is None


def test_switching_off_ends_a_rest_under_way(session, now):
    made = notice(session, lasts=2, read_only=True)
    switch_read_only(session, STAFF, SwitchReadOnly(False), now=now + HOUR)
    assert made.cancelled_at == now + HOUR
    assert load_standing(session, now=now + HOUR).rest(now + HOUR) is None


def mailed(session):
    session.rollback()
    query = select(OutboxMessage).where(OutboxMessage.kind == "program.notice").order_by(OutboxMessage.id)
    return [(one.payload["account_id"], one.payload["what"]) for one in session.scalars(query)]


@pytest.fixture
def users(session, now):
    """Five providers, one of them with two roles; an employer's contact; one whose role has ended."""
    clinic, other = make.location(session, "Eastside Clinic"), make.location(session, "Westside Clinic")
    found = [make.manager(session, clinic)] + [make.healthcare_provider(session, clinic) for _ in range(4)]
    make.account(session, Role.HEALTHCARE_PROVIDER, other.id, realm="provider").grants[0].ended_at = now
    make.account(session, Role.STATE_VIEWER, realm="state")
    session.commit()
    return {str(one.id) for one in found}


def test_everybody_who_works_there_is_told_once_also_when_a_worker_stops_in_between(session, database, users, now):
    made = notice(session, begins=48, portals=("provider",), mail_days=1)
    assert people_to_tell(session, STAFF, ["provider"], now=now) == len(users)
    session.rollback()
    assert tell_due(database, now=now) == 0
    due = now + timedelta(hours=24)
    workers = [threading.Thread(target=tell_due, args=(database,), kwargs={"now": due, "portion": 2}) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert tell_due(database, now=due) == 0
    told = mailed(session)
    assert sorted(told) == sorted((user, "planned") for user in users)
    assert session.get_one(Notice, made.id).mail_done_at == due


def test_whoever_was_told_is_told_that_it_does_not_take_place(session, database, users, now):
    quiet, told = notice(session, begins=48, mail_days=1), notice(session, begins=48, mail_days=7)
    session.rollback()
    tell_due(database, now=now)
    for one in (quiet, told):
        cancel_notice(session, STAFF, one.id, now=now)
        cancel_notice(session, STAFF, one.id, now=now)
    session.commit()
    tell_due(database, now=now + timedelta(hours=30))
    assert [what for _, what in mailed(session)] == ["planned"] * len(users) + ["cancelled"] * len(users)


def test_whoever_is_told_while_it_is_taken_back_learns_that_too(session, database, users, now):
    made = notice(session, begins=48, mail_days=7).id
    session.rollback()

    def take_back(own):
        shown = get_notice(own, STAFF, made)  # as the page does before anything else
        time.sleep(0.6)
        cancel_notice(own, STAFF, made, now=now)
        assert shown.cancelled_at == now

    def tell(_own):
        time.sleep(0.2)
        tell_due(database, now=now)

    assert ends(database, take_back, tell) == ["done", "done"]
    tell_due(database, now=now)
    told = mailed(session)
    assert {user for user, what in told if what == "planned"} == {user for user, what in told if what == "cancelled"}


def test_only_staff_announce_and_nothing_that_is_over_is_taken_back(session, now):
    made = notice(session, lasts=1)
    boss = make.actor(session, make.account(session, Role.STATE_VIEWER, realm="state"))
    with pytest.raises(NotAllowed):
        cancel_notice(session, boss, made.id, now=now)
    with pytest.raises(Conflict):
        cancel_notice(session, STAFF, made.id, now=now + HOUR)


def test_work_that_writes_peoples_data_waits_and_mails_go_on(session, database, now):
    done = []
    jobs = [unless_resting(database, name, lambda name=name: done.append(name)) for name in ("uploads", "mail")]
    resting(session)
    for job in jobs:
        job()
    resting(session, on=False)
    jobs[0]()
    assert done == ["mail", "uploads"]


def test_another_process_learns_of_it_when_what_it_knows_is_two_seconds_old(session, database, now):
    here, there = Announcements(lasts=3600), Announcements(lasts=0)
    for one in (here, there):
        assert one.standing(database, now=now).rest(now) is None
    session.rollback()
    resting(session)
    assert there.standing(database, now=now).rest(now)
    assert here.standing(database, now=now).rest(now) is None
    here.forget()
    assert here.standing(database, now=now).rest(now)
