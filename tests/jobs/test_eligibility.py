"""Groups are opened from the command line, the worker follows, and those whose turn it is get a mail."""

import re
from datetime import date

import pytest

from app.domain.accounts.access import system
from app.domain.reminders.choices import switch_reminders
from app.infra.kept_mail import KeptMail
from app.infra.outbox import OutboxMessage
from app.jobs import worker
from app.jobs.deliver_mail import deliver_due
from tests import make
from tests.make.eligibility import ALAMANCE, answer, closed, opened, registered
from tests.make.inventory import lot
from tests.make.vaccinations import dose


def cvms(app, *arguments):
    return app.test_cli_runner().invoke(args=["cvms", "eligibility", *arguments])


def follow(machines):
    worker.add_jobs(machines.queue, machines.settings, machines.database, machines.storage)
    machines.queue.run("eligibility")


def mails(session):
    session.rollback()
    return session.query(KeptMail).filter(KeptMail.subject.startswith("There is news")).all()


def waiting(session):
    session.rollback()
    return session.query(OutboxMessage).filter_by(kind="eligibility.opened", status="waiting").count()


def test_the_mail_says_that_it_is_ones_turn_and_no_appointment_and_nothing_of_health(session, machines, now):
    maria = registered(session, email="maria@example.net", conditions=("asthma",))
    make.person(session, maria.id, email="maria@example.net")
    session.rollback()
    follow(machines)
    opened(session, "4.1", date(2021, 3, 10))
    session.rollback()
    follow(machines)
    follow(machines)
    deliver_due(machines.database, machines.settings)
    (mail,) = mails(session)
    assert mail.to == "maria@example.net"
    assert "not an appointment" in mail.text
    assert f"/recipient/{maria.id}" in mail.text
    assert not re.search(r"(?i)group|asthma|condition|4\.1", mail.text)


def stops(session, maria, now):
    switch_reminders(session, system("test"), maria.id, on=False, now=now)


def says_so_in_the_answers(session, maria, now):
    answer(session, maria, conditions=("asthma",), contact_way="none")


def has_a_dose(session, maria, now):
    clinic = make.location(session)
    dose(session, clinic, maria, lot(session, clinic))


def is_told_too_early(session, maria, now):
    closed(session, "4.1", date(2021, 3, 10))


@pytest.mark.parametrize("meanwhile", [stops, says_so_in_the_answers, has_a_dose, is_told_too_early])
def test_who_is_not_to_be_told_when_the_mail_is_written_gets_none(session, machines, now, meanwhile):
    maria = registered(session, email="maria@example.net", conditions=("asthma",))
    make.person(session, maria.id, email="maria@example.net")
    session.rollback()
    follow(machines)
    opened(session, "4.1", date(2021, 3, 10))
    session.rollback()
    follow(machines)
    assert waiting(session) == 1
    meanwhile(session, maria, now)
    session.commit()
    deliver_due(machines.database, machines.settings)
    assert mails(session) == []
    assert waiting(session) == 0


def test_an_address_that_nobody_confirmed_gets_no_mail(session, machines, now):
    registered(session, email="maria@example.net", conditions=("asthma",))
    session.rollback()
    follow(machines)
    opened(session, "4.1", date(2021, 3, 10))
    session.rollback()
    follow(machines)
    deliver_due(machines.database, machines.settings)
    assert mails(session) == []


def test_groups_are_listed_opened_previewed_and_closed(app, session, now):
    registered(session, conditions=("asthma",))
    registered(session, conditions=("asthma",), county_fips=ALAMANCE)
    session.rollback()
    preview = cvms(app, "open", "4.1", "2021-03-10", "--preview")
    assert "makes 2 registered people eligible" in preview.output
    assert "Alamance: 1" in preview.output
    assert cvms(app, "open", "4.1", "2021-03-10", "--county", "alamance county", "--hold-mail").exit_code == 0
    assert cvms(app, "recompute").output == "2 people were looked at; every status is up to date.\n"
    assert cvms(app, "recompute", "--everybody").output.startswith("2 people")
    listed = cvms(app, "list").output
    assert "nc-2021-01-14" in listed
    assert "4.1  Group 4, first part: 2 people, 1 of them eligible" in listed
    assert "Alamance: from 2021-03-10, mail held" in listed
    assert cvms(app, "close", "4.1", "2021-03-12", "--county", "Alamance").exit_code == 0
    assert "Alamance: from 2021-03-10 until 2021-03-12" in cvms(app, "list").output
    assert cvms(app, "follow-state", "4.1", "--county", "Alamance").exit_code == 0
    assert "Alamance" not in cvms(app, "list").output
    assert "1b.1" in cvms(app, "list", "--plan", "nc-2020-12-30").output


def test_what_cannot_be_done_is_said_in_a_sentence(app, session, now):
    for arguments, sentence in (
        (("open", "9", "2021-03-10"), "There is no group"),
        (("open", "5", "soon"), "does not match the format"),
        (("open", "5", "2021-03-10", "--county", "Atlantis"), "not a county"),
        (("open", "1a", "2021-03-10", "--plan", "nc-2020-12-30", "--preview"), "not in force"),
        (("list", "--plan", "x"), "There is no plan x"),
        (("close", "5", "2021-03-10"), "It opens on 2021-04-07 only"),
        (("close", "3", "2021-03-10", "--plan", "nc-2020-12-30"), "not open in the state"),
        (("follow-state", "5", "--county", "Wake"), "does as the state already"),
    ):
        told = cvms(app, *arguments)
        assert told.exit_code != 0, arguments
        assert sentence in told.output, told.output
