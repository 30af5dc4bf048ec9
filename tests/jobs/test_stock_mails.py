"""Mails about stock can be written, say what to do, and tell recipients nothing about their health."""

import re
from datetime import date, timedelta

import pytest

from app.domain.inventory.recall import LiftRecall, MakeRecall, lift_recall, recall
from app.domain.vaccinations.recalled_people import tell_people_of_recalls
from app.infra.kept_mail import KeptMail
from app.jobs import worker  # noqa: F401 -- registers the composers, as the worker does
from app.jobs.deliver_mail import deliver_due
from app.jobs.warn_of_stock import warn_due
from tests import make
from tests.make import transfers as moving
from tests.make.inventory import lot as make_lot
from tests.make.transfers import STATE
from tests.make.vaccinations import ZONE, dose, someone

TODAY = date(2021, 3, 10)


@pytest.fixture
def place(session, now):
    return make.location(session, "Eastside Clinic")


def sent(session, database, settings):
    session.commit()
    session.rollback()
    deliver_due(database, settings)
    session.expire_all()
    return session.query(KeptMail).order_by(KeptMail.id).all()


def test_a_recall_stops_the_managers_and_calls_the_people_without_saying_why(session, database, settings, place, now):
    boss = make.manager(session, place)
    lot = make_lot(session, place, number="EN6199")
    for language, mail in (("en", "maria@example.net"), ("es", "rosa@example.net")):
        dose(session, place, someone(session, place, email=mail, language=language), lot)
    sent(session, database, settings)
    session.query(KeptMail).delete()
    recall(session, STATE, MakeRecall("pfizer", "EN6199", "Particles were seen"), now=now)
    session.commit()
    tell_people_of_recalls(database, now=now)
    mails = {mail.to: mail for mail in sent(session, database, settings)}
    assert set(mails) == {boss.email, "maria@example.net", "rosa@example.net"}
    assert "EN6199" in mails[boss.email].text
    assert "Particles were seen" in mails[boss.email].text
    for to in ("maria@example.net", "rosa@example.net"):
        told = mails[to].subject + mails[to].text
        assert not re.search(r"EN6199|Pfizer|dose|dosis|recall|lot|Eastside|Particles", told)


def test_a_recall_that_was_lifted_meanwhile_is_not_announced(session, database, settings, place, now):
    make.manager(session, place)
    make_lot(session, place, number="EN6199")
    made = recall(session, STATE, MakeRecall("pfizer", "EN6199", "Particles"), now=now)
    lift_recall(session, STATE, LiftRecall(made.id, "A mistake"), now=now)
    assert sent(session, database, settings) == []


def test_every_step_of_a_transfer_can_be_told(session, database, settings, place, now):
    other = make.location(session, "Westside Clinic")
    boss = make.manager(session, other)
    transfer = moving.received(session, place, other, (make_lot(session, place), 5))
    mails = [mail for mail in sent(session, database, settings) if mail.to == boss.email]
    assert [mail.subject for mail in mails] == [
        "A transfer of vaccine was requested",
        "A transfer of vaccine was approved",
        "Vaccine is on its way",
        "A transfer of vaccine has arrived",
    ]
    assert f"/provider/{other.id}/transfers/{transfer.id}" in mails[0].text
    assert transfer.code in mails[0].text


def test_the_days_warnings_are_one_mail(session, database, settings, place, now):
    make.manager(session, place)
    make_lot(session, place, number="EN1", expires_on=TODAY + timedelta(days=3))
    make_lot(session, place, number="EN2", expires_on=date(2069, 12, 31))
    session.rollback()
    warn_due(database, zone=ZONE, now=now)
    (mail,) = sent(session, database, settings)
    assert "EN1" in mail.text
    assert "03/13/2021" in mail.text
    assert "EN2" in mail.text
    assert mail.subject == "Please look at the stock of Eastside Clinic"
