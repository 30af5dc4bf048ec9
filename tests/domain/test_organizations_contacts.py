"""Points of Contact: invited when created, mended, invited again, unseen by other organizations."""

import pytest
from sqlalchemy import func, select, update

from app.domain.accounts.access import system
from app.domain.accounts.invitations import accept_with_new_account, make_link, open_invitation
from app.domain.accounts.models import Invitation
from app.domain.errors import EditedMeanwhile, NotAllowed, NotFound
from app.domain.organizations import queries
from app.domain.organizations.create_point_of_contact import CreatePointOfContact, create_point_of_contact
from app.domain.organizations.edit_point_of_contact import (
    EditContactField,
    ResendInvitation,
    edit_contact_field,
    resend_invitation,
)
from app.domain.organizations.errors import (
    AlreadyContact,
    AlreadySignedIn,
    DetailRefused,
    RightPersonNotConfirmed,
)
from app.domain.organizations.models import PointOfContact
from app.infra.outbox import OutboxMessage
from tests import make
from tests.make.organizations import organization, point_of_contact


@pytest.fixture
def manager(session):
    place = make.location(session)
    return make.actor(session, make.manager(session, place)), place.id


def create(session, manager, now, organization_id, **details):
    actor, place = manager
    typed = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"} | details
    command = CreatePointOfContact(place, organization_id, confirmed_right_person=True, **typed)
    return create_point_of_contact(session, actor, command, now=now)


def mails(session, invitation_id):
    query = select(func.count()).select_from(OutboxMessage)
    return session.scalar(query.where(OutboxMessage.about_id == invitation_id))


def accept(session, contact, now):
    token = make_link(session, "invitation", now=now, invitation_id=contact.invitation_id)
    session.flush()
    invitation, link = open_invitation(session, token, now=now)
    return accept_with_new_account(session, invitation, link, make.PASSWORD, now=now)


def status(session, manager, contact):
    (found,) = queries.contacts_of(session, manager[0], contact.organization_id)
    return found


def test_a_new_contact_is_invited_under_their_address_and_the_portals_ending(session, manager, now):
    contact = create(session, manager, now, organization(session).id)
    invitation = session.get(Invitation, contact.invitation_id)
    assert invitation.sign_in_name == "jane.doe@example.com.cvms.org"
    assert (invitation.role, invitation.scope_id) == ("organization_contact", contact.organization_id)
    assert mails(session, invitation.id) == 1
    assert status(session, manager, contact).progress == "invited"


def test_a_contact_of_two_organizations_gets_two_user_names(session, manager, now):
    first = create(session, manager, now, organization(session).id)
    second = create(session, manager, now, organization(session, "Other Foods").id)
    accept(session, first, now)
    accept(session, second, now)
    assert status(session, manager, first).sign_in_name == "jane.doe@example.com.cvms.org"
    assert status(session, manager, second).sign_in_name == "jane.doe@example.com.2.cvms.org"


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("first_name", "", "missing"),
        ("last_name", "", "missing"),
        ("last_name", "Doe2", "malformed"),
        ("first_name", "J" * 41, "too_long"),
        ("email", "", "missing"),
        ("email", "jane.doe", "malformed"),
        ("email", "a@example.com, b@example.com", "malformed"),
        ("phone", "555-0100", "malformed"),
    ],
)
def test_a_contact_without_what_is_needed_is_not_created(session, manager, now, field, typed, reason):
    made = organization(session)
    with pytest.raises(DetailRefused) as refusal:
        create(session, manager, now, made.id, **{field: typed})
    assert (refusal.value.field, refusal.value.reason) == (field, reason)
    assert session.scalar(select(func.count()).select_from(PointOfContact)) == 0


def test_whoever_creates_a_contact_must_have_asked_for_the_right_person(session, manager, now):
    actor, place = manager
    command = CreatePointOfContact(place, organization(session).id, "Jane", "Doe", "jane@example.com")
    with pytest.raises(RightPersonNotConfirmed):
        create_point_of_contact(session, actor, command, now=now)


def test_an_organization_has_several_contacts_but_each_address_once(session, manager, now):
    made = organization(session)
    jane = create(session, manager, now, made.id)
    create(session, manager, now, made.id, first_name="Juan", email="juan@example.com")
    with pytest.raises(AlreadyContact) as refusal:
        create(session, manager, now, made.id, email="Jane.Doe@Example.com")
    assert refusal.value.contact is jane
    assert len(queries.contacts_of(session, manager[0], made.id)) == 2


def test_a_healthcare_provider_creates_no_contact(session, manager, now):
    made, place = organization(session), make.location(session, "Westside Clinic")
    nurse = make.actor(session, make.healthcare_provider(session, place))
    with pytest.raises(NotAllowed):
        create(session, (nurse, place.id), now, made.id)
    with pytest.raises(NotFound):
        create(session, (manager[0], place.id), now, made.id)


def test_a_corrected_address_is_invited_and_names_the_user_anew(session, manager, now):
    contact = point_of_contact(session, organization(session), "jnae@example.com")
    actor, place = manager
    edit = EditContactField(place, contact.id, "email", "jane@example.com", version=1)
    edit_contact_field(session, actor, edit, now=now)
    invitation = session.get(Invitation, contact.invitation_id)
    assert (invitation.email, invitation.sign_in_name) == ("jane@example.com", "jane@example.com.cvms.org")
    assert (contact.email_folded, contact.version) == ("jane@example.com", 2)
    assert mails(session, invitation.id) == 2


def test_a_corrected_name_needs_no_second_mail(session, manager, now):
    contact = point_of_contact(session, organization(session))
    edit_contact_field(
        session, manager[0], EditContactField(manager[1], contact.id, "first_name", "Janet", 1), now=now
    )
    assert session.get(Invitation, contact.invitation_id).first_name == "Janet"
    assert mails(session, contact.invitation_id) == 1


def test_the_account_of_a_contact_who_has_signed_in_stays_theirs(session, manager, now):
    contact = point_of_contact(session, organization(session))
    account = accept(session, contact, now)
    edit = EditContactField(manager[1], contact.id, "email", "new@example.com", version=1)
    edit_contact_field(session, manager[0], edit, now=now)
    assert contact.email == "new@example.com"
    assert account.email == "jane.doe@example.com"
    assert session.get(Invitation, contact.invitation_id).email == "jane.doe@example.com"
    assert mails(session, contact.invitation_id) == 1


def test_an_address_is_not_changed_into_that_of_another_contact(session, manager, now):
    made = organization(session)
    point_of_contact(session, made, "juan@example.com")
    jane = point_of_contact(session, made)
    with pytest.raises(AlreadyContact):
        edit_contact_field(
            session,
            manager[0],
            EditContactField(manager[1], jane.id, "email", "JUAN@example.com", 1),
            now=now,
        )


def test_an_edit_of_a_contact_from_an_older_version_tells_both_values(session, manager, now):
    actor, place = manager
    contact = point_of_contact(session, organization(session))
    edit_contact_field(session, actor, EditContactField(place, contact.id, "last_name", "Smith", 1), now=now)
    with pytest.raises(EditedMeanwhile) as refusal:
        edit_contact_field(
            session, actor, EditContactField(place, contact.id, "last_name", "Jones", 1), now=now
        )
    assert (refusal.value.typed, refusal.value.stored) == ("Jones", "Smith")
    with pytest.raises(NotFound):
        edit_contact_field(
            session, actor, EditContactField(place, contact.id, "invitation_id", "x", 2), now=now
        )


def test_an_invitation_is_sent_again_until_it_is_accepted(session, manager, now):
    contact = point_of_contact(session, organization(session))
    again = ResendInvitation(manager[1], contact.id)
    resend_invitation(session, manager[0], again, now=now)
    assert mails(session, contact.invitation_id) == 2
    accept(session, contact, now)
    assert status(session, manager, contact).progress == "signed_in"
    with pytest.raises(AlreadySignedIn):
        resend_invitation(session, manager[0], again, now=now)


def test_whose_access_was_ended_is_invited_again_by_the_state(session, manager, now):
    contact = point_of_contact(session, organization(session))
    account = accept(session, contact, now)
    account.grants[0].ended_at = now
    session.flush()
    assert status(session, manager, contact).progress == "ended"
    with pytest.raises(AlreadySignedIn):
        resend_invitation(session, manager[0], ResendInvitation(manager[1], contact.id), now=now)
    resend_invitation(session, system("state"), ResendInvitation(None, contact.id), now=now)
    assert status(session, manager, contact).progress == "invited"
    assert mails(session, contact.invitation_id) == 1
    accept(session, contact, now)
    assert status(session, manager, contact).progress == "signed_in"


def test_a_mail_that_failed_shows_as_trouble_until_another_is_sent(session, manager, now):
    contact = point_of_contact(session, organization(session))
    session.execute(update(OutboxMessage).values(status="failed"))
    assert status(session, manager, contact).progress == "mail_trouble"
    resend_invitation(session, manager[0], ResendInvitation(manager[1], contact.id), now=now)
    session.flush()
    assert status(session, manager, contact).progress == "invited"


def test_a_contact_sees_the_contacts_of_their_own_organization_only(session):
    own, other = organization(session), organization(session, "Other Foods")
    jane, juan = point_of_contact(session, own), point_of_contact(session, other, "juan@example.com")
    actor = make.actor(session, make.contact(session, own.id))
    assert queries.get_contact(session, actor, jane.id) is jane
    with pytest.raises(NotFound):
        queries.get_contact(session, actor, juan.id)
    assert [found.contact for found in queries.contacts_of(session, actor, own.id)] == [jane]
    assert queries.contacts_of(session, actor, other.id) == []
