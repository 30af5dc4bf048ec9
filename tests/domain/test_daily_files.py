"""How much somebody may send in a day: counted by file and by megabyte, and free again when the day is over."""

from datetime import timedelta

from app.domain.program.daily_files import count_files
from tests.domain.test_program_settings import decide
from tests.together import at_once

MEGABYTE = 1024 * 1024
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def send(session, now, *sizes, sender="account 1"):
    """Send files of these bytes; None where they were taken, else when the sender may again."""
    return count_files(session, sender, sizes, now=now, today=now.date())


def full_until(session, now, sender="account 1"):
    """When the sender may send one more file, which is taken back; None where it is taken."""
    with session.begin_nested() as tried:
        until = send(session, now, 1, sender=sender)
        tried.rollback()
    return until


def test_two_hundred_files_a_day_are_enough_and_one_is_free_again_when_the_first_is_a_day_old(session, now):
    send(session, now, 1)
    send(session, now + MINUTE, *[1] * 198)
    assert full_until(session, now + 2 * MINUTE) is None
    send(session, now + 2 * MINUTE, 1)
    assert full_until(session, now + 3 * MINUTE) == now + DAY
    assert full_until(session, now + DAY) is None


def test_five_hundred_megabytes_a_day_are_enough_and_a_begun_one_counts(session, now):
    send(session, now, 400 * MEGABYTE, 98 * MEGABYTE + 1)
    assert full_until(session, now + MINUTE) is None
    send(session, now + MINUTE, 1)
    assert full_until(session, now + 2 * MINUTE) == now + DAY


def test_the_limit_that_lasts_longer_counts(session, now):
    decide(session, now, "files_a_day", "10", now.date())
    decide(session, now, "megabytes_a_day", "50", now.date())
    send(session, now, *[1] * 9)
    send(session, now + MINUTE, 60 * MEGABYTE)
    assert full_until(session, now + 2 * MINUTE) == now + MINUTE + DAY


def test_one_sender_does_not_use_up_the_day_of_another(session, now):
    send(session, now, *[1] * 200)
    assert full_until(session, now, sender="account 2") is None


def test_what_was_sent_while_the_clock_was_wrong_holds_nobody_up_for_long(session, now):
    send(session, now + timedelta(days=40), *[1] * 200)
    assert full_until(session, now) is None


def test_no_file_is_no_try(session, now):
    send(session, now, *[1] * 200)
    assert send(session, now) is None


def test_what_is_refused_is_not_counted(session, now):
    send(session, now, *[1] * 200)
    assert send(session, now + MINUTE, MEGABYTE) == now + DAY
    assert full_until(session, now + DAY) is None


def test_of_many_forms_at_the_same_moment_none_is_taken_after_the_one_that_filled_the_day(database, session, now):
    decide(session, now, "files_a_day", "10", now.date())
    send(session, now, *[1] * 8)
    session.commit()
    told = []
    assert at_once(database, *[lambda own: told.append(send(own, now + MINUTE, 1))] * 5) == [None] * 5
    assert told.count(None) == 2
