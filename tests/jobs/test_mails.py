"""Whatever the domain publishes has somebody who writes it, and a mail says nothing about health."""

import re
from pathlib import Path

import pytest

from app import factory
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
