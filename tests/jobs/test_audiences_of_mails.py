"""A mail names the telephone of those who get it, as the state has decided for each audience."""

import pytest

from app.domain.accounts.access import Role, system
from app.domain.accounts.invitations import Invite, invite
from app.domain.accounts.password_reset import ask_for_reset
from app.domain.program.support import DecideSupport, Support, decide_support
from app.infra.kept_mail import KeptMail
from app.jobs import worker  # noqa: F401 -- registers the composers, as the worker does
from app.jobs.deliver_mail import deliver_due
from tests import make
from tests.make.organizations import organization
from tests.make.vaccinations import someone

LINES = {"recipient": "(919) 555-0177", "organization": "(919) 555-0188", "provider": "(919) 555-0199"}


@pytest.fixture(autouse=True)
def _lines(session, now):
    for audience, phone in LINES.items():
        line = DecideSupport(audience, Support(phone=phone), now.date())
        decide_support(session, system("test"), line, today=now.date(), now=now)
    session.commit()


def only_mail(session, database, settings):
    session.commit()
    deliver_due(database, settings)
    session.rollback()
    return session.query(KeptMail).one()


@pytest.mark.parametrize("realm", LINES)
def test_an_invitation_has_the_line_of_whom_it_invites(session, database, settings, now, realm):
    role, place = {
        "recipient": (Role.RECIPIENT, someone),
        "organization": (Role.ORGANIZATION_CONTACT, lambda own: organization(own, "Harvest Foods")),
        "provider": (Role.HEALTHCARE_PROVIDER, make.location),
    }[realm]
    offer = Invite(role, place(session).id, "maria@example.net", "Maria", "Lopez", realm, "maria.lopez")
    invite(session, system("test"), offer, now=now)
    assert LINES[realm] in only_mail(session, database, settings).text


def test_a_new_password_is_sent_with_the_line_of_the_portal_that_was_asked(session, database, settings, now):
    account = make.person(session, someone(session).id, email="maria@example.net")
    ask_for_reset(session, "recipient", account.names[0].name, now=now)
    assert LINES["recipient"] in only_mail(session, database, settings).text
