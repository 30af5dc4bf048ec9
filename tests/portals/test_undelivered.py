"""Invitations that cannot arrive are shown to whoever caused them, and sent again to the right address."""

import dataclasses

from sqlalchemy import select

from app.domain.accounts.access import Role, system
from app.domain.accounts.invitations import Invite, invite
from app.domain.recipients.models import Listing, Recipient
from app.infra import clock, outbox
from app.infra.outbox import OutboxMessage
from app.jobs.deliver_mail import deliver_due
from tests import make
from tests.browserless import text_of
from tests.make.organizations import organization
from tests.make.vaccinations import someone

WRONG, RIGHT = "maira@example.net", "maria@example.net"


def listed(session, kind, scope_id, person):
    session.add(
        Listing(
            scope_kind=kind, scope_id=scope_id, recipient_id=person.id, last_folded=person.last_folded,
            first_folded=person.first_folded, how="upload", listed_at=clock.now(),
        )
    )  # fmt: skip


def invited(session, person, email=WRONG):
    offer = Invite(Role.RECIPIENT, person.id, email, person.first_name, person.last_name, "recipient")
    made = invite(session, system("test"), offer, now=clock.now())
    session.commit()
    return made


def employed(session, employer, **other):
    """Somebody whom the employer's upload put on record."""
    person = someone(session, None, email=WRONG, **other)
    person.organization_id = employer.id
    listed(session, "organization", employer.id, person)
    session.commit()
    return person


def deliver(site, smtp):
    site.session.rollback()
    machines = site.app.extensions["cvms"]
    deliver_due(machines.database, dataclasses.replace(machines.settings, smtp_url=smtp.url))


def employer_with_contact(site, session):
    employer = organization(session, "Harvest Foods")
    employer.confirmed_at = clock.now()
    session.commit()
    site.sign_in(make.contact(session, employer.id))
    return employer, f"/organization/{employer.id}/people"


def test_a_refused_address_is_shown_corrected_and_reached(site, session, smtp, now):
    employer, people = employer_with_contact(site, session)
    person = employed(session, employer)
    invited(session, person)
    smtp.refuse.add(WRONG)
    assert "did not arrive" not in text_of(site.open(people))
    deliver(site, smtp)
    page = site.open(people)
    page = site.open(page.select_one('a[href$="/undelivered"]')["href"])
    assert "Maria Lopez" in text_of(page)
    assert WRONG in text_of(page)
    page = site.open(page.select_one("#main .results a")["href"])
    page = site.submit(page, email="maria at example", expect=422)
    page = site.submit(page, email=RIGHT)
    assert "Every invitation was delivered" in text_of(page)
    deliver(site, smtp)
    assert len(smtp.to(RIGHT)) == 1
    assert session.scalars(select(Recipient.email).where(Recipient.id == person.id)).one() == RIGHT
    assert "did not arrive" not in text_of(site.open(people))


def test_a_mail_that_came_back_later_is_shown_as_well(site, session, smtp, now):
    employer, people = employer_with_contact(site, session)
    made = invited(session, employed(session, employer))
    deliver(site, smtp)
    message = session.scalars(select(OutboxMessage).where(OutboxMessage.about_id == made.id)).one()
    assert outbox.mark_bounced(session, message.id, "550 no such mailbox")
    session.commit()
    assert not outbox.mark_bounced(session, make.NOBODY, "550")
    session.rollback()
    assert "did not arrive" in text_of(site.open(people))


def test_an_employer_sees_nothing_of_people_whom_somebody_else_had_invited(site, session, smtp, now):
    employer, people = employer_with_contact(site, session)
    known = someone(session, make.location(session), email=WRONG)
    listed(session, "organization", employer.id, known)
    invited(session, known)
    smtp.refuse.add(WRONG)
    deliver(site, smtp)
    assert "did not arrive" not in text_of(site.open(people))
    message = session.scalars(select(OutboxMessage)).one()
    url = f"{people}/undelivered/{message.id}"
    session.rollback()
    site.open(url, expect=404)


def test_a_clinic_sees_those_of_its_uploads(site, session, smtp, now):
    clinic = make.location(session)
    person = someone(session, None, email=WRONG)
    listed(session, "location", clinic.id, person)
    invited(session, person)
    smtp.refuse.add(WRONG)
    deliver(site, smtp)
    site.sign_in(make.manager(session, clinic))
    page = site.open(f"/provider/{clinic.id}/uploads")
    page = site.open(page.select_one('a[href$="/undelivered"]')["href"])
    page = site.open(page.select_one("#main .results a")["href"])
    site.submit(page, email=RIGHT)
    deliver(site, smtp)
    assert len(smtp.to(RIGHT)) == 1


def test_who_registered_keeps_the_own_address(site, session, smtp, now):
    employer, people = employer_with_contact(site, session)
    person = employed(session, employer, registered_at=now)
    invited(session, person)
    smtp.refuse.add(WRONG)
    deliver(site, smtp)
    page = site.open(f"{people}/undelivered")
    site.submit(site.open(page.select_one("#main .results a")["href"]), email=RIGHT)
    assert session.scalars(select(Recipient.email).where(Recipient.id == person.id)).one() == WRONG
