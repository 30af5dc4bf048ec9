"""The clock of a machine was wrong for a while and is put right: nothing waits for the day that it had shown."""

from datetime import timedelta

from app.domain.accounts import attempts, sessions
from app.infra import outbox, queue
from tests import make

IDLE, LONGEST = timedelta(hours=1), timedelta(hours=12)
DAY, YEAR = timedelta(days=1), timedelta(days=365)


def test_what_was_claimed_on_a_day_to_come_is_due_now_and_clocks_may_differ_a_little(session, database, now):
    for number in range(2):
        outbox.publish(session, "test.mail", now=now - YEAR, number=str(number))
    session.commit()
    begun, claimed = outbox.claim(database, now=now + DAY)
    assert outbox.begin_sending(database, begun.id, now=now + DAY)
    assert [message.id for message in outbox.claim(database, now=now)] == [claimed.id]
    assert [message.id for message in outbox.troubled(session)] == [begun.id]
    session.rollback()
    assert outbox.claim(database, now=now - timedelta(minutes=1)) == []


def test_a_session_goes_on_after_a_small_jump_and_ends_after_a_large_one(session, database, now):
    ann = make.administrator(session)

    def alive(token, at):
        session.rollback()
        behind = sessions.find_session(session, token, idle=IDLE, longest=LONGEST, now=at)
        return behind and behind[0]

    token = sessions.start_session(session, ann.id, device="", now=now + timedelta(hours=2))
    far = sessions.start_session(session, ann.id, device="", now=now + YEAR)
    session.commit()
    assert alive(far, now) is None
    found = alive(token, now)
    known, seen_at = found.id, found.seen_at
    session.rollback()
    sessions.touch_session(database, known, seen_at, now=now)
    assert alive(token, now + timedelta(minutes=59)) is not None
    assert alive(token, now + timedelta(minutes=61)) is None


def test_nobody_is_locked_out_until_a_day_that_the_clock_once_showed(session, database, now):
    hour = timedelta(hours=1)
    for moment in (now, now + YEAR):
        attempts.note(database, "sign-in", "ann", now=moment)
    assert attempts.counts(session, "sign-in", ["ann"], within=hour, now=now) == {"ann": 1}
    assert not attempts.blocked(session, "sign-in", "ann", limit=2, within=hour, now=now)
    assert not attempts.any_blocked(session, [("sign-in", "ann", 2)], within=hour, now=now)
    assert attempts.blocked(session, "sign-in", "ann", limit=1, within=hour, now=now)


def test_a_sign_of_life_from_a_day_to_come_is_none(session, database, now):
    queue.beat(database, "one", now=now + DAY)
    assert queue.worker_is_silent(session, now=now)
    session.rollback()
    queue.beat(database, "two", now=now)
    assert not queue.worker_is_silent(session, now=now)
