"""Staff of the state register employers and their contacts, and invite practices to enroll."""

import pytest
from sqlalchemy import select

from app.domain.accounts.access import Role
from app.domain.accounts.models import Invitation
from app.domain.enrollment.models import Enrollment
from app.domain.organizations.models import Organization, PointOfContact
from app.infra.outbox import OutboxMessage
from tests import make
from tests.browserless import text_of
from tests.make.organizations import organization, point_of_contact


@pytest.fixture
def staff(site, session, now):
    return site.sign_in(make.account(session, Role.STATE_STAFF, realm="state"))


def test_staff_bring_in_an_employer_and_its_contact_as_a_clinic_does(staff, session):
    page = staff.open("/state/organizations?q=har")
    assert "No organization matches" in text_of(page, "#found")
    page = staff.open(page.select_one("#found a")["href"])
    page = staff.submit(page, name="Harvest Foods", industry="food", city="Raleigh", state="NC", zip="27601")
    assert "Created. Check the details, then add its contact." in text_of(page)
    page = staff.submit(staff.open(f"{staff.url}?edit=city"), city="Durham")
    assert "Durham" in text_of(page, "#details")
    page = staff.open(page.find(lambda tag: tag.name == "a" and "New point of contact" in tag.text)["href"])
    page = staff.submit(page, first_name="Jane", last_name="Jones", email="jane@harvest.example", right_person="y")
    assert "jane@harvest.example.cvms.org" in text_of(page)
    assert (session.scalar(select(Organization.city)), session.scalar(select(PointOfContact.first_name))) == (
        "Durham", "Jane",
    )  # fmt: skip
    staff.submit(page, 'main form[action$="/invitation"]')
    assert session.scalars(select(OutboxMessage.kind)).all()


def test_staff_see_whose_access_has_ended_and_invite_them_again(staff, session, now):
    contact = point_of_contact(session, organization(session))
    jane = make.account(session, Role.ORGANIZATION_CONTACT, contact.organization_id, realm="organization")
    invitation = session.get_one(Invitation, contact.invitation_id)
    invitation.accepted_at, invitation.account_id = now, jane.id
    jane.grants[0].ended_at = now
    session.commit()
    page = staff.open(f"/state/organizations/contacts/{contact.id}")
    assert "Access ended" in text_of(page, ".page-head")
    page = staff.submit(page, 'main form[action$="/invitation"]')
    assert "Invited" in text_of(page, ".page-head")


def test_the_state_invites_a_practice_to_enroll(staff, session):
    page = staff.open("/state/enrollments")
    page = staff.open(page.find(lambda tag: tag.name == "a" and "Invite an organization" in tag.text)["href"])
    wrong = staff.submit(page, "#invite", expect=422, first_name="Olga", last_name="Ortiz", email="olga at practice")
    assert "one complete e-mail address" in text_of(wrong, ".usa-form-group--error")
    page = staff.submit(wrong, "#invite", email="olga@practice.example")
    assert "The invitation is on its way to olga@practice.example." in text_of(page)
    (made,) = session.scalars(select(Enrollment))
    assert made.answers["administrator_last_name"] == "Ortiz"
    assert "enrollment.administrator_invited" in set(session.scalars(select(OutboxMessage.kind)))


def test_clinics_reach_neither(site, session, now):
    site.sign_in(make.manager(session, make.location(session)))
    for url in ("/state/organizations", "/state/organizations/new", "/state/enrollments/invite"):
        site.open(url, expect=404)
