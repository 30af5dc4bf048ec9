"""After a dose: a confirmed address is told of news, an unconfirmed one is invited and learns nothing."""

import pytest
from sqlalchemy import select

from app.domain.recipients.models import Recipient
from app.infra.outbox import OutboxMessage
from app.jobs.deliver_mail import deliver_due
from tests import make
from tests.conftest import settings_for
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import dose, someone


@pytest.fixture
def vaccinate(session, database, database_url, smtp, tmp_path, now):
    """Give a dose to somebody and deliver all mails; what arrived at their address."""
    place = make.location(session)
    stock = make_lot(session, place)

    def act(account=False, **details):
        person = someone(session, place)
        session.get(Recipient, person.id).email = "maria@example.org"
        session.get(Recipient, person.id).email_folded = "maria@example.org"
        if account:
            make.person(session, person.id, email="maria@example.org")
        session.commit()
        dose(session, place, person, stock)
        for _ in range(2):
            deliver_due(database, settings_for(tmp_path, database_url, SMTP_URL=smtp.url))
        return [mail for mail in smtp.messages if mail["To"].addresses[0].addr_spec == "maria@example.org"]

    return act


def test_who_has_an_account_is_told_that_there_are_news(vaccinate):
    mails = vaccinate(account=True)
    assert [mail["Subject"] for mail in mails] == ["There is something new in your record"]


def test_an_address_that_nobody_confirmed_is_invited_and_learns_nothing(vaccinate, session):
    mails = vaccinate()
    assert len(mails) == 1
    assert "/account/invitations/" in mails[0].get_content()
    assert "dose" not in mails[0].get_content().lower()
    kinds = session.scalars(select(OutboxMessage.kind).order_by(OutboxMessage.id)).all()
    assert kinds[-2:] == ["vaccinations.dose_recorded", "accounts.invited"]
