"""The reminder as a mail: worded so that nobody takes it for an appointment, asked again when it is sent."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.domain.accounts.access import system
from app.domain.program.support import DecideSupport, Support, decide_support
from app.domain.reminders.choices import stop_by_link
from app.infra import clock
from app.infra.kept_mail import KeptMail
from app.infra.outbox import OutboxMessage
from app.jobs import worker  # noqa: F401 -- registers the composers, as the worker does
from app.jobs.deliver_mail import deliver_due
from app.jobs.remind_of_doses import remind_of_doses
from tests import make
from tests.conftest import settings_for
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import ZONE, dose, someone

DUE = datetime(2021, 3, 31, 14, tzinfo=UTC)


@pytest.fixture
def clinic(session, now):
    return make.location(session, "Eastside Clinic")


@pytest.fixture
def reminded(session, database, clinic):
    """Somebody whose second dose is due on DUE, with the reminder waiting in the outbox."""
    person = someone(session, email="maria@example.net")
    make.person(session, person.id, email="maria@example.net")
    dose(session, clinic, person, make_lot(session, clinic, product="pfizer"))
    session.commit()
    assert remind_of_doses(database, zone=ZONE, overdue_days=14, now=DUE) == 1
    return person


def deliver(session, database, settings, moment):
    session.commit()
    session.rollback()
    with time_machine.travel(moment, tick=False):
        deliver_due(database, settings)
    session.expire_all()
    return session.query(KeptMail).filter(KeptMail.subject.contains("due")).all()


def test_the_mail_is_no_appointment_and_tells_no_health_data(session, database, settings, reminded, clinic):
    (mail,) = deliver(session, database, settings, DUE)
    assert mail.to == "maria@example.net"
    assert mail.subject == "Your next dose may be due"
    assert "not an appointment" in mail.text
    assert f"/recipient/{reminded.id}" in mail.text
    assert not re.search(r"Pfizer|Eastside|2021|March|Lopez", mail.text.split("--")[0])


def test_it_tells_the_telephone_of_recipients(session, database, settings, reminded, now):
    line = DecideSupport("recipient", Support(phone="(919) 555-0177"), now.date())
    decide_support(session, system("test"), line, today=now.date(), now=now)
    (mail,) = deliver(session, database, settings, DUE)
    assert "(919) 555-0177" in mail.text


def test_nobody_is_reminded_of_a_dose_they_had_before_the_mail_went(session, database, settings, reminded, clinic):
    with time_machine.travel(DUE, tick=False):
        dose(session, clinic, reminded, make_lot(session, clinic, product="pfizer"))
    assert deliver(session, database, settings, DUE + timedelta(hours=1)) == []


def test_a_stop_before_the_mail_went_holds(session, database, settings, reminded):
    from app.domain.reminders.choices import stop_token

    stop_by_link(session, stop_token(reminded.id), now=clock.now())
    assert deliver(session, database, settings, DUE) == []


def test_a_worker_that_wakes_at_night_sends_the_reminder_in_the_morning(session, database, settings, reminded):
    night = datetime(2021, 4, 1, 7, tzinfo=UTC)
    assert deliver(session, database, settings, night) == []
    waiting = session.query(OutboxMessage).filter_by(kind="reminders.dose_due").one()
    assert waiting.due_at.astimezone(ZONE).hour == 9
    assert (waiting.status, waiting.attempts) == ("waiting", 0)
    assert len(deliver(session, database, settings, datetime(2021, 4, 1, 13, 1, tzinfo=UTC))) == 1


def test_mail_programs_can_unsubscribe_with_one_press(session, database, tmp_path, smtp, reminded, database_url):
    deliver(session, database, settings_for(tmp_path, database_url, SMTP_URL=smtp.url), DUE)
    (mail,) = [mail for mail in smtp.to("maria@example.net") if "due" in mail["Subject"]]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = "".join(str(mail["List-Unsubscribe"]).split()).strip("<>")
    assert link.startswith("http://cvms.test/recipient/reminders/stop/")
    stop_by_link(session, link.rsplit("/", 1)[1], now=clock.now())
    assert link in "".join(mail.get_content().split()) or link in mail.get_content()
