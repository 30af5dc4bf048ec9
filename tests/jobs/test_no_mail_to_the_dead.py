"""Whoever has died gets no mail any more: every kind of mail that goes to recipients is walked through."""

from datetime import timedelta

import pytest

import app.jobs.deliver_mail  # noqa: F401 - declares every composer
from app.domain.accounts.access import Role, system
from app.domain.accounts.invitations import Invite, invite
from app.domain.recipients.closing.models import RecordClosure
from app.domain.recipients.guardians.models import Guardianship
from app.domain.recipients.joining.models import EmailChange, SelfRegistration
from app.domain.recipients.models import Recipient
from app.infra import clock
from app.jobs.mails.registry import Post, composer_of, kinds
from tests import make
from tests.make.eligibility import opened, registered
from tests.make.guardians import dependant
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import dose

MAIL = "maria@example.net"
TO_OTHERS = (
    *("enrollment.", "helpdesk.", "transfers.", "inventory.", "providers.", "uploads.", "program.notice"),
    *("accounts.sleep_near", "accounts.asleep", "accounts.glass_broken"),
)
"""Providers, employers and the state; and whoever wrote to the help desk, who may do so for the family."""


def told_of_a_dose(session, person, account):
    clinic = make.location(session, "Eastside Clinic")
    return {"administration_id": str(dose(session, clinic, person, make_lot(session, clinic)).id)}


def due(session, person, account):
    clinic = make.location(session, "Eastside Clinic")
    dose(session, clinic, person, make_lot(session, clinic), given_at=clock.now() - timedelta(days=40))
    return {"recipient_id": str(person.id), "step": "2", "kind": "overdue"}


def invited(session, person, account):
    offer = Invite(Role.RECIPIENT, person.id, MAIL, "Maria", "Lopez", "recipient")
    made = invite(session, system("test"), offer, now=clock.now())
    return {"invitation_id": str(made.id)}


def change(session, person, account):
    made = EmailChange(
        recipient_id=person.id, email="new@example.net", old_email=MAIL, asked_at=clock.now(), account_id=account.id
    )
    return {"change_id": kept(session, made)}


def asked_again(session, person, account):
    made = SelfRegistration(
        first_name=person.first_name, last_name=person.last_name, birth_date=person.birth_date, email=MAIL,
        asked_at=clock.now(),
    )  # fmt: skip
    return {"registration_id": kept(session, made)}


def looks_like(session, person, account):
    other = registered(session, email="other@example.net")
    made = SelfRegistration(
        first_name=person.first_name, last_name=person.last_name, birth_date=person.birth_date,
        email="other@example.net", asked_at=clock.now(), confirmed_at=clock.now(), recipient_id=other.id,
        possible_id=person.id,
    )  # fmt: skip
    return {"registration_id": kept(session, made)}


def of_age(session, person, account):
    return {"guardianship_id": str(dependant(session, person).id)}


def kept(session, made):
    session.add(made)
    session.flush()
    return str(made.id)


def of_account_changed(session, person, account):
    return {**of_account(session, person, account), "change": "off", "what": "signed_out"}


def of_record(session, person, account):
    return {"recipient_id": str(person.id)}


def whose_turn_it_is(session, person, account):
    opened(session, "5", clock.now().date() - timedelta(days=1))
    return of_record(session, person, account)


def of_account(session, person, account):
    return {"account_id": str(account.id), "realm": "recipient"}


TO_RECIPIENTS = {
    "accounts.changed": of_account_changed,
    "accounts.invited": invited,
    "accounts.named": of_account,
    "accounts.names_asked": of_account,
    "accounts.password_changed": of_account,
    "accounts.reset_asked": of_account,
    "accounts.outside_identity": of_account_changed,
    "accounts.second_factor": of_account_changed,
    "eligibility.opened": whose_turn_it_is,
    "recipients.email_asked": change,
    "recipients.email_changing": change,
    "recipients.handed_over": of_age,
    "recipients.perhaps_the_same": looks_like,
    "recipients.registered": of_record,
    "recipients.self_registration_asked": asked_again,
    "reminders.dose_due": due,
    "vaccinations.dose_recorded": told_of_a_dose,
    "vaccinations.proof_changed": of_record,
    "vaccinations.recalled": of_record,
}


@pytest.fixture
def person(session, now):
    return registered(session, email=MAIL)


@pytest.fixture
def account(session, person):
    return make.person(session, person.id, email=MAIL, first_name="Maria")


@pytest.fixture
def write(session, settings, now):
    def letter(kind, payload):
        return composer_of(kind)(session, payload, Post(settings, clock.now()))

    return letter


def dies(session, person):
    session.add(RecordClosure(recipient_id=person.id, died_on=person.birth_date, closed_at=clock.now()))
    session.flush()


def test_every_kind_of_mail_is_known_to_go_to_recipients_or_to_others():
    assert {kind for kind in kinds() if not kind.startswith(TO_OTHERS)} == TO_RECIPIENTS.keys()


@pytest.mark.parametrize("kind", sorted(TO_RECIPIENTS))
def test_the_living_get_it_and_the_dead_do_not(session, write, person, account, kind):
    payload = TO_RECIPIENTS[kind](session, person, account)
    assert write(kind, payload) is not None
    dies(session, person)
    assert write(kind, payload) is None


@pytest.mark.parametrize("kind", ["eligibility.opened", "vaccinations.recalled", "accounts.reset_asked"])
def test_a_record_that_was_joined_counts_as_the_one_that_was_kept(session, write, person, account, kind):
    payload = TO_RECIPIENTS[kind](session, person, account)
    twin = registered(session, email="twin@example.net")
    session.get(Recipient, person.id).merged_into_id = twin.id
    dies(session, twin)
    assert write(kind, payload) is None


def test_nothing_about_a_child_goes_to_a_guardian_who_has_died(session, write, person, account):
    child = session.get(Guardianship, dependant(session, person).id).dependant_id
    payload = due(session, session.get(Recipient, child), account)
    assert write("reminders.dose_due", payload).to == MAIL
    dies(session, person)
    assert write("reminders.dose_due", payload) is None


def test_a_mailbox_that_two_people_share_still_tells_the_name_of_the_one_who_lives(session, write, person, account):
    widow = registered(session, email=MAIL)
    own = make.person(session, widow.id, email=MAIL, name="widow1")
    dies(session, person)
    letter = write("accounts.names_asked", {"account_id": str(account.id), "realm": "recipient"})
    assert [one.name for one in letter.context["names"]] == ["widow1"]
    assert write("accounts.reset_asked", {"account_id": str(own.id), "realm": "recipient"}) is not None
