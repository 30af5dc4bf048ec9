"""How much somebody may send in a day: counted by file and by megabyte, and free again when the day is over."""

from datetime import timedelta

from app.domain.program.daily_files import count_files, full_until
from tests.domain.test_program_settings import decide

MEGABYTE = 1024 * 1024
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def until(session, now, sender="account 1"):
    return full_until(session, sender, now=now, today=now.date())


def send(session, now, *sizes, sender="account 1"):
    count_files(session, sender, sizes, now=now)


def test_two_hundred_files_a_day_are_enough_and_one_is_free_again_when_the_first_is_a_day_old(session, now):
    send(session, now, 1)
    send(session, now + MINUTE, *[1] * 198)
    assert until(session, now + 2 * MINUTE) is None
    send(session, now + 2 * MINUTE, 1)
    assert until(session, now + 3 * MINUTE) == now + DAY
    assert until(session, now + DAY) is None


def test_five_hundred_megabytes_a_day_are_enough_and_a_begun_one_counts(session, now):
    send(session, now, 400 * MEGABYTE, 98 * MEGABYTE + 1)
    assert until(session, now + MINUTE) is None
    send(session, now + MINUTE, 1)
    assert until(session, now + 2 * MINUTE) == now + DAY


def test_the_limit_that_lasts_longer_counts(session, now):
    decide(session, now, "files_a_day", "10", now.date())
    decide(session, now, "megabytes_a_day", "50", now.date())
    send(session, now, *[1] * 9)
    send(session, now + MINUTE, 60 * MEGABYTE)
    assert until(session, now + 2 * MINUTE) == now + MINUTE + DAY


def test_one_sender_does_not_use_up_the_day_of_another(session, now):
    send(session, now, *[1] * 200)
    assert until(session, now, sender="account 2") is None


def test_what_was_sent_while_the_clock_was_wrong_holds_nobody_up_for_long(session, now):
    send(session, now + timedelta(days=40), *[1] * 200)
    assert until(session, now) is None


def test_no_file_is_no_try(session, now):
    send(session, now)
    assert until(session, now) is None
