"""Whatever the domain publishes has somebody who writes it, and a mail says nothing about health."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from app import factory
from app.infra import outbox
from app.infra.kept_mail import KeptMail
from app.jobs import worker  # noqa: F401 -- registers the composers, as the worker does
from app.jobs.deliver_mail import deliver_due
from app.jobs.mails.registry import composer_of
from tests import make
from tests.make.inventory import lot
from tests.make.vaccinations import dose, someone

APP = Path(factory.__file__).parent


@pytest.mark.once
def test_every_kind_of_mail_that_is_published_can_be_written():
    code = "".join(path.read_text() for path in (APP / "domain").rglob("*.py"))
    kinds = set(re.findall(r'outbox\.publish(?:_many)?\(\s*session,\s*"([a-z_.]+)"', code))
    assert "vaccinations.dose_recorded" in kinds
    assert {kind for kind in kinds if composer_of(kind) is None} == set()


def test_after_a_dose_the_person_learns_that_there_is_news_but_not_which(session, database, settings, now):
    clinic = make.location(session)
    maria = someone(session, clinic, email="maria@example.net")
    make.person(session, maria.id, email="maria@example.net")
    dose(session, clinic, maria, lot(session, clinic, number="EN6199"))
    session.rollback()
    deliver_due(database, settings)
    mail = session.query(KeptMail).one()
    assert mail.to == "maria@example.net"
    assert f"/recipient/{maria.id}" in mail.text
    assert not re.search(r"EN6199|Pfizer|dose", mail.text)


def asked_for_a_password(session, now):
    account = make.manager(session, make.location(session), name="mmiller", email="m@clinic.example")
    outbox.publish(session, "accounts.reset_asked", now=now, account_id=str(account.id), realm="provider")
    session.commit()


@pytest.mark.parametrize(("written", "before_a_mail"), [("smtp", "smtp+starttls"), ("smtp://", "smtp://cvms:secret@")])
def test_a_mail_waits_while_the_server_does_not_even_greet_us(session, database, settings, smtp, now, written, before_a_mail):
    asked_for_a_password(session, now)
    deliver_due(database, replace(settings, smtp_url=smtp.url.replace(written, before_a_mail)))
    assert outbox.counts(session) == {"waiting": 1}
    session.rollback()
    with time_machine.travel(now + timedelta(minutes=5)):
        deliver_due(database, replace(settings, smtp_url=smtp.url))
    assert len(smtp.messages) == 1


def test_a_mail_that_cannot_be_written_is_none_that_may_have_been_sent(session, database, settings, smtp, now):
    asked_for_a_password(session, now)
    deliver_due(database, replace(settings, smtp_url=smtp.url, mail_sender="nobody\n@cvms.example"))
    assert outbox.counts(session) == {"waiting": 1}
