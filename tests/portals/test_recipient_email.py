"""Another e-mail address counts once it is confirmed; the old one is told."""

import re

import pytest
from sqlalchemy import select

from app.domain.accounts.models import Account
from app.domain.recipients.complete_registration import CompleteRegistration, complete_registration
from app.domain.recipients.joining.change_email import pending_change
from app.domain.recipients.models import Recipient
from app.domain.recipients.registration import Registration
from app.infra import clock
from app.infra.kept_mail import latest_mails
from app.jobs.deliver_mail import deliver_due
from tests import make
from tests.browserless import text_of
from tests.make.eligibility import ANSWERS, ZONE, registered
from tests.make.merging import joined

OLD, NEW = "maria@example.net", "maria.new@example.net"


def mails(site):
    site.session.rollback()
    machines = site.app.extensions["cvms"]
    deliver_due(machines.database, machines.settings)
    with machines.database.reading() as session:
        return {mail.to: mail.text for mail in reversed(latest_mails(session))}


def link_in(text):
    return re.search(r"http://cvms\.test(/account/recipient/confirm-email/\S+)", text)[1]


@pytest.fixture
def maria(session, now):
    return registered(session, email=OLD)


def answers(session, person, account, at=None, **other):
    """The person saves the answers with another address. `at`: the record that the account is of, where that was joined."""
    session.expire_all()
    told = ANSWERS | {"first_name": person.first_name, "last_name": person.last_name} | other
    moment = clock.now()
    command = CompleteRegistration((at or person).id, person.version, Registration(**told), clock.local_date(moment, ZONE))
    complete_registration(session, make.actor(session, account), command, now=moment)
    session.commit()


def addresses(session, person, account):
    session.expire_all()
    found = session.get_one(Recipient, person.id).email, session.get_one(Account, account.id).email
    session.rollback()
    return found


def test_mails_go_to_the_old_address_until_the_new_one_is_confirmed(site, session, maria):
    account = make.person(session, maria.id, email=OLD)
    answers(session, maria, account, email=NEW)
    assert addresses(session, maria, account) == (OLD, OLD)
    sent = mails(site)
    assert "Another e-mail address was given" in sent[OLD]
    assert NEW not in sent[OLD]
    page = site.sign_in(account).open(f"/recipient/{maria.id}/registration/contact")
    assert f"We have sent a mail to {NEW}" in text_of(page)
    link = link_in(sent[NEW])
    page = site.anonymous().open(link)
    assert addresses(session, maria, account) == (OLD, OLD)
    site.submit(page)
    assert addresses(session, maria, account) == (NEW, NEW)
    site.open(link, expect=404)


def save(site, person, email):
    """The person changes the address on the page and saves the answers."""
    page = site.open(f"/recipient/{person.id}/registration/contact")
    page = site.submit(page, "#step-form", press="Next", email=email)
    return site.open(f"/recipient/{person.id}/registration/review")


def test_whoever_finds_an_open_browser_does_not_change_the_address(site, session, maria):
    account = make.person(session, maria.id, email=OLD)
    site.sign_in(account)
    page = save(site, maria, NEW)
    assert "so that nobody else can do that" in text_of(page)
    page = site.submit(page, "#finish", current="Wrong-Password-1", expect=422)
    assert "not your password" in text_of(page)
    assert NEW not in mails(site)
    site.submit(page, "#finish", current=make.PASSWORD)
    assert set(mails(site)) == {OLD, NEW}
    assert addresses(session, maria, account) == (OLD, OLD)


def test_the_blank_that_a_telephone_puts_behind_a_word_is_no_part_of_it(site, session, maria):
    account = make.person(session, maria.id, email=OLD)
    site.sign_in(account)
    page = site.open(f"/recipient/{maria.id}/registration/name")
    site.submit(page, "#step-form", press="Next", first_name=" Ana  Maria ", last_name="Lopez\u00a0", suffix="Jr. ")
    page = save(site, maria, f"{NEW} ")
    site.submit(page, "#finish", current=make.PASSWORD)
    session.expire_all()
    kept = session.get_one(Recipient, maria.id)
    assert (kept.first_name, kept.last_name, kept.suffix) == ("Ana Maria", "Lopez", "Jr.")
    session.rollback()
    assert set(mails(site)) == {OLD, NEW}


def test_other_answers_are_saved_without_the_password(site, session, maria):
    account = make.person(session, maria.id, email=OLD)
    site.sign_in(account)
    page = site.open(f"/recipient/{maria.id}/registration/contact")
    site.submit(page, "#step-form", press="Next", phone="919 555 0100")
    page = site.open(f"/recipient/{maria.id}/registration/review")
    assert page.find("input", type="password") is None
    site.submit(page, "#finish")
    session.expire_all()
    assert session.get_one(Recipient, maria.id).phone == "9195550100"


def test_the_password_cannot_be_left_out_by_hand(site, session, maria):
    account = make.person(session, maria.id, email=OLD)
    site.sign_in(account)
    page = save(site, maria, NEW)
    page.find("input", type="password").decompose()
    site.submit(page, "#finish", expect=422)
    assert NEW not in mails(site)


def test_the_latest_address_counts(site, session, maria):
    account = make.person(session, maria.id, email=OLD)
    answers(session, maria, account, email="typo@example.net")
    answers(session, maria, account, email=NEW)
    sent = mails(site)
    assert "typo@example.net" not in sent
    site.submit(site.anonymous().open(link_in(sent[NEW])))
    assert addresses(session, maria, account) == (NEW, NEW)


def test_a_mistyped_address_is_taken_back_and_its_link_opens_nothing(site, session, maria):
    account = make.person(session, maria.id, email=OLD)
    answers(session, maria, account, email="typo@example.net")
    link = link_in(mails(site)["typo@example.net"])
    site.sign_in(account)
    page = site.open(f"/recipient/{maria.id}")
    assert f"Until then we write to {OLD}" in text_of(page)
    page = site.submit(page, 'form[action$="/forget-address"]')
    assert "typo@example.net" not in text_of(page)
    assert "Took back a new e-mail address" in text_of(site.open(f"/recipient/{maria.id}/access"))
    site.anonymous().open(link, expect=404)
    assert addresses(session, maria, account) == (OLD, OLD)


def test_the_same_answers_saved_twice_send_one_mail(site, session, maria):
    account = make.person(session, maria.id, email=OLD)
    for _ in range(2):
        answers(session, maria, account, email=NEW)
    site.session.rollback()
    machines = site.app.extensions["cvms"]
    deliver_due(machines.database, machines.settings)
    with machines.database.reading() as opened:
        assert [mail.to for mail in latest_mails(opened)].count(NEW) == 1


def test_an_address_that_is_taken_out_is_gone_at_once_and_told(site, session, maria):
    account = make.person(session, maria.id, email=OLD)
    answers(session, maria, account, email="", contact_way="none")
    assert addresses(session, maria, account)[0] is None
    assert "taken out" in mails(site)[OLD]
    assert pending_change(session, maria.id) is None


def test_an_account_with_another_mailbox_keeps_it(site, session, maria):
    account = make.person(session, maria.id, email="mother@example.net")
    answers(session, maria, account, email=NEW)
    site.submit(site.anonymous().open(link_in(mails(site)[NEW])))
    assert addresses(session, maria, account) == (NEW, "mother@example.net")


def test_a_person_without_address_is_first_written_to_when_it_is_confirmed(site, session, now):
    person = registered(session, email=None)
    account = make.person(session, person.id, email="x@example.net")
    answers(session, person, account, email=NEW)
    assert session.scalars(select(Recipient.email).where(Recipient.id == person.id)).one() is None
    assert set(mails(site)) == {NEW}


def test_the_mailbox_of_an_account_moves_along_though_its_record_was_joined_with_another(site, session, maria):
    other = registered(session, email=OLD, first_name="Marie")
    account = make.person(session, other.id, email=OLD)
    joined(session, maria, other)
    answers(session, maria, account, at=other, email=NEW)
    site.submit(site.anonymous().open(link_in(mails(site)[NEW])))
    assert addresses(session, maria, account) == (NEW, NEW)


def test_a_change_asked_for_before_joining_ends_with_the_next_one(site, session, maria):
    other = registered(session, email=OLD, first_name="Marie")
    account = make.person(session, other.id, email=OLD)
    answers(session, other, account, email="typo@example.net")
    link = link_in(mails(site)["typo@example.net"])
    joined(session, maria, other)
    session.expire_all()
    assert pending_change(session, maria.id).email == "typo@example.net"
    answers(session, maria, account, at=other, email=NEW)
    site.anonymous().open(link, expect=404)
    site.submit(site.anonymous().open(link_in(mails(site)[NEW])))
    assert addresses(session, maria, account) == (NEW, NEW)
