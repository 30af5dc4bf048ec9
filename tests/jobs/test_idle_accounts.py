"""Accounts of staff that nobody uses are warned, sleep, and are woken; everybody else is left alone."""

import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select

from app.domain.accounts import sessions
from app.domain.accounts.access import Role
from app.domain.accounts.idle import idle_accounts, warn
from app.domain.accounts.models import Account
from app.domain.program.settings import ChangeSetting, change_setting
from app.infra import clock
from app.infra.audit import AuditEntry
from app.infra.kept_mail import KeptMail
from app.jobs import worker  # noqa: F401 -- registers the composers, as the worker does
from app.jobs.deliver_mail import deliver_due
from app.jobs.rest_idle_accounts import once_a_day, rest_idle_accounts
from tests import make
from tests.browserless import text_of
from tests.make.accounts import PASSWORD
from tests.together import ends

ZONE = ZoneInfo("America/New_York")


@pytest.fixture
def clinic(session, now):
    return make.location(session, "Eastside Clinic")


@pytest.fixture
def nurse(session, clinic):
    return make.healthcare_provider(session, clinic, name="nora", email="nora@clinic.example")


def used(session, account, at):
    sessions.start_session(session, account.id, device="x", now=at)
    session.commit()


def rounds(database, session, start, *days):
    """The daily round on these days after the start; how many it touched on each."""
    session.rollback()
    return [rest_idle_accounts(database, zone=ZONE, now=start + timedelta(days=day, hours=1)) for day in days]


def asleep(session, account):
    session.expire_all()
    return session.get_one(Account, account.id).slept_at is not None


def mail_texts(session, database, settings, at=None):
    session.rollback()
    with time_machine.travel(at or clock.now()):
        deliver_due(database, settings)
    return session.scalars(select(KeptMail.text).where(KeptMail.to == "nora@clinic.example")).all()


def test_staff_are_warned_two_weeks_before_and_sleep_after_ninety_days(session, database, settings, nurse, now):
    used(session, nurse, now)
    assert rounds(database, session, now, 75, 76, 77, 89) == [0, 1, 0, 0]
    (text,) = mail_texts(session, database, settings, now + timedelta(days=89))
    assert "before Jun 8, 2021" in text
    assert not asleep(session, nurse)
    assert rounds(database, session, now, 90, 91) == [1, 0]
    assert asleep(session, nurse)
    assert any("Forgot your password" in text for text in mail_texts(session, database, settings, now + timedelta(days=91)))
    assert "account.put_to_sleep" in session.scalars(select(AuditEntry.act)).all()


def test_two_workers_that_look_at_once_warn_once(session, database, settings, nurse, now):
    used(session, nurse, now)
    with database.reading() as reading:
        (found,) = idle_accounts(reading, unused_for=timedelta(days=90), now=now + timedelta(days=77))

    def look(own):
        warn(own, found, unused_for=timedelta(days=90), now=now + timedelta(days=77))

    session.rollback()
    assert ends(database, look, look) == ["done", "done"]
    assert len(mail_texts(session, database, settings, now + timedelta(days=78))) == 1


def test_whoever_signs_in_after_the_warning_begins_anew(session, database, nurse, now):
    used(session, nurse, now)
    assert rounds(database, session, now, 76) == [1]
    used(session, nurse, now + timedelta(days=85))
    assert rounds(database, session, now, 90, 100, 85 + 75) == [0, 0, 0]
    assert rounds(database, session, now, 85 + 76, 85 + 89, 85 + 90) == [1, 0, 1]


def test_nobody_sleeps_without_two_weeks_of_warning(session, database, nurse, now):
    """An installation that begins to look finds accounts that were silent for a year."""
    used(session, nurse, now)
    assert rounds(database, session, now, 365, 366, 365 + 13, 365 + 14) == [1, 0, 0, 1]


def test_recipients_contacts_and_officers_never_sleep(session, database, clinic, now):
    from tests.make.organizations import organization
    from tests.make.vaccinations import someone

    made = [
        make.person(session, someone(session, clinic).id),
        make.contact(session, organization(session).id),
        make.account(session, Role.OFFICER_CEO, make.NOBODY, realm="enrollment"),
    ]
    assert rounds(database, session, now, 76, 90, 400) == [0, 0, 0]
    assert not any(asleep(session, one) for one in made)


def test_the_state_decides_the_days(session, database, nurse, now):
    used(session, nurse, now)
    boss = make.administrator(session)
    change_setting(
        session, make.actor(session, boss), ChangeSetting("idle_account_days", "30", now.date()), now=now
    )
    session.commit()
    used(session, boss, now + timedelta(days=31))
    assert rounds(database, session, now, 15, 16, 30) == [0, 1, 1]
    assert asleep(session, nurse)
    assert not asleep(session, boss)


def test_one_who_sleeps_is_told_only_with_the_right_password_and_wakes_with_a_new_one(
    site, session, database, settings, nurse, now
):
    used(session, nurse, now - timedelta(days=200))
    nurse.created_at -= timedelta(days=200)
    for grant in nurse.grants:
        grant.given_at -= timedelta(days=200)
    session.commit()
    assert rounds(database, session, now, -14, 0) == [1, 1]
    page = site.open("/account/sign-in/provider")
    assert "sleeps" in text_of(site.submit(page, expect=422, name="nora", password=PASSWORD))
    assert "sleeps" not in text_of(site.submit(page, expect=422, name="nora", password="Wrong-doses-2021"))
    site.submit(site.open("/account/provider/forgotten-password"), name="nora")
    link = next(text for text in mail_texts(session, database, settings) if "/new-password/" in text)
    path = next(word for word in link.split() if "/new-password/" in word).removeprefix(settings.public_url)
    site.submit(site.open(path), password="Brand-new-2021", again="Brand-new-2021")
    assert not asleep(session, nurse)
    assert rounds(database, session, now, 1, 75) == [0, 0]


def test_a_manager_wakes_one_who_sleeps(site, session, database, nurse, now):
    nurse.slept_at = now
    session.commit()
    site.sign_in(make.administrator(session))
    page = site.open(f"/state/users/{nurse.id}")
    assert "Asleep" in text_of(page, ".page-head")
    site.submit(page, "main form[action$=wake]")
    assert not asleep(session, nurse)


@pytest.mark.once
def test_the_round_is_made_once_a_day_after_nine():
    seen = []
    job = once_a_day(ZONE, lambda now: seen.append(now.astimezone(ZONE).day) or 1)
    for moment in ("2021-03-10T08:59", "2021-03-10T09:01", "2021-03-10T20:00", "2021-03-11T09:00", "2021-03-11T23:59"):
        with time_machine.travel(datetime.fromisoformat(moment).replace(tzinfo=ZONE)):
            job()
    assert seen == [10, 11]


@pytest.mark.once
def test_a_round_that_takes_long_is_not_begun_again_beside_itself():
    begun, may_end, rounds, told = threading.Event(), threading.Event(), [], []

    def takes_long(now):
        rounds.append(now)
        begun.set()
        may_end.wait(10)
        return 1

    job = once_a_day(ZONE, takes_long, hour=0)
    threads = [threading.Thread(target=lambda: told.append(job())) for _ in range(2)]
    threads[0].start()
    begun.wait(10)
    threads[1].start()
    threads[1].join(1)
    may_end.set()
    for thread in threads:
        thread.join()
    assert (told, len(rounds)) == ([0, 1], 1)
