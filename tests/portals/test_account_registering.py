"""Anybody registers when the state has opened it; nobody learns who is on record."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.domain.accounts.access import Role, system
from app.domain.accounts.invitations import Invite, invite
from app.domain.accounts.models import Account
from app.domain.accounts.sessions import PER_NAME
from app.domain.errors import Conflict
from app.domain.program.settings import ChangeSetting, change_setting
from app.domain.recipients.joining.decide_likeness import DecideLikeness, decide_likeness, list_likenesses
from app.domain.recipients.joining.models import SelfRegistration
from app.domain.recipients.joining.self_register import forget_unconfirmed
from app.domain.recipients.models import Recipient
from app.infra import clock
from app.infra.kept_mail import latest_mails
from app.jobs.deliver_mail import deliver_due
from tests import make
from tests.browserless import form_data, text_of
from tests.make.guardians import dependant
from tests.make.recipients import on_record
from tests.make.vaccinations import someone

REGISTER = "/account/recipient/register"
PASSWORD = "Good-Password-1"
BORN = {"birth_date__month": "4", "birth_date__day": "28", "birth_date__year": "1950"}
MARIA = {"first_name": "Maria", "last_name": "López", "email": "maria@example.net"} | BORN


def registration(session, text, *, since=date(2021, 3, 1)):
    change_setting(session, system("test"), ChangeSetting("self_registration_open", text, since), now=clock.now())
    session.commit()


@pytest.fixture
def opened(session, now):
    registration(session, "yes")


def links(text):
    return re.findall(r"http://cvms\.test(\S+)", text)


def mails(site):
    site.session.rollback()
    machines = site.app.extensions["cvms"]
    deliver_due(machines.database, machines.settings)
    with machines.database.reading() as session:
        return latest_mails(session)


def ask(site, **typed):
    return site.submit(site.open(REGISTER), **(MARIA | typed))


def maria_on_record(session, **other):
    row = ("Maria", "", "Lopez", "04/28/1950", other.pop("email", ""), other.pop("phone", ""), "Raleigh", "27601")
    return on_record(session, row, **other)


def count(session, table):
    session.rollback()
    found = session.scalar(select(func.count()).select_from(table))
    session.rollback()
    return found


def test_a_guardian_does_not_register_as_the_child_with_a_mailbox_of_the_family(site, session, opened):
    parent = someone(session, first_name="Rosa", email="rosa@example.net")
    child = session.get_one(Recipient, dependant(session, parent).dependant_id)
    child.email = child.email_folded = "rosa@example.net"
    session.commit()
    born = {"birth_date__month": "6", "birth_date__day": "15", "birth_date__year": "2005"}
    ask(site, first_name="Mia", last_name="Lopez", email="rosa@example.net", **born)
    page = site.open(links(mails(site)[0].text)[0])
    site.submit(page, password=PASSWORD, again=PASSWORD)
    session.expire_all()
    asked = session.scalars(select(SelfRegistration)).one()
    assert (asked.recipient_id == child.id, asked.possible_id) == (False, child.id)
    session.rollback()
    assert not any("same-person" in mail.text for mail in mails(site))


def test_while_it_is_closed_the_page_says_what_to_do_and_nothing_is_offered(site, session, now):
    page = site.open(REGISTER)
    assert "by invitation" in text_of(page)
    assert "a clinic can register you" in text_of(page)
    for url in ("/", "/account/sign-in/recipient"):
        assert not site.open(url).select(f'a[href="{REGISTER}"]')
    assert mails(site) == []


def test_a_decision_for_a_later_day_opens_it_on_that_day(site, session, now):
    registration(session, "yes", since=date(2021, 3, 12))
    assert "by invitation" in text_of(site.open(REGISTER))
    with time_machine.travel(now + timedelta(days=2)):
        assert site.open("/").select(f'a[href="{REGISTER}"]')
        assert site.open("/account/sign-in/recipient").select(f'a[href="{REGISTER}"]')
        assert site.open(REGISTER).select_one("#email")


def test_a_new_person_confirms_the_address_chooses_a_password_and_goes_on_with_the_questions(site, session, opened):
    page = ask(site)
    assert text_of(page, "h1") == "Now, check your email"
    assert count(session, Recipient) == 0
    (mail,) = mails(site)
    assert mail.to == "maria@example.net"
    page = site.submit(site.open(links(mail.text)[0]), password="short", again="short", expect=422)
    assert "12 characters" in text_of(page, "[role=alert]")
    page = site.submit(page, password=PASSWORD, again=PASSWORD)
    assert "/recipient/" in site.url
    name = re.search(r"user name is (mlopez-\d{5})", text_of(page))[1]
    person = session.scalars(select(Recipient)).one()
    assert (person.last_name, person.birth_date, person.email) == ("López", date(1950, 4, 28), "maria@example.net")
    assert person.source == "self"
    page = site.open(f"/recipient/{person.id}/registration/name")
    assert "Apr 28, 1950" in text_of(page)
    assert name in mails(site)[0].text


def test_whoever_registers_in_spanish_goes_on_in_spanish(site, session, opened):
    spanish = {"Accept-Language": "es-MX"}
    site.submit(site.open(REGISTER, headers=spanish), **MARIA)
    page = site.open(links(mails(site)[0].text)[0], headers=spanish)
    data = form_data(page.select_one("main form[method=post]")) | {"password": PASSWORD, "again": PASSWORD}
    page = site.open(site.url, method="POST", data=data, headers=spanish)
    assert "/recipient/" in site.url
    assert page.html["lang"] == "es"


def test_a_link_works_once_and_in_one_browser(site, session, opened):
    ask(site)
    link = links(mails(site)[0].text)[0]
    page, slow = site.anonymous().open(link), site.client
    site.submit(site.anonymous().open(link), password=PASSWORD, again=PASSWORD)
    assert "sign in" in text_of(site.anonymous().open(link, expect=404))
    site.client = slow
    site.submit(page, password="Another-Password-2", again="Another-Password-2", expect=404)
    assert count(session, Recipient) == count(session, Account) == 1


def test_a_form_whose_answer_was_lost_is_sent_again_and_lets_in(site, session, opened):
    ask(site)
    link = links(mails(site)[0].text)[0]
    typed = form_data(site.anonymous().open(link).select_one("main form")) | {"password": PASSWORD, "again": PASSWORD}
    before = site.client.get_cookie("cvms").value
    site.open(link, method="POST", data=typed)
    site.client.set_cookie("cvms", before)
    again = site.open(link, method="POST", data=typed)
    assert "/recipient/" in site.url
    assert re.search(r"user name is mlopez-\d{5}", text_of(again))
    assert count(session, Recipient) == count(session, Account) == 1


def test_a_used_link_is_no_way_to_guess_a_password(site, session, opened):
    ask(site)
    link = links(mails(site)[0].text)[0]
    typed = form_data(site.anonymous().open(link).select_one("main form"))
    before = site.client.get_cookie("cvms").value
    site.open(link, method="POST", data=typed | {"password": PASSWORD, "again": PASSWORD})
    for guess in (*(f"Another-Password-{number}" for number in range(PER_NAME)), PASSWORD):
        site.client.set_cookie("cvms", before)
        page = site.open(link, method="POST", data=typed | {"password": guess, "again": guess}, expect=404)
        assert "used already" in text_of(page)


def test_two_links_of_one_mailbox_make_one_person(site, session, opened):
    ask(site)
    ask(site, first_name="maria", last_name="LOPEZ")
    one, other = (links(mail.text)[0] for mail in mails(site))
    site.submit(site.open(one), password=PASSWORD, again=PASSWORD)
    site.anonymous()
    page = site.submit(site.open(other), password=PASSWORD, again=PASSWORD, expect=404)
    assert "You have an account" in text_of(page)
    assert count(session, Recipient) == count(session, Account) == 1


def test_an_old_link_says_to_register_again(site, session, opened, now):
    ask(site)
    link = links(mails(site)[0].text)[0]
    with time_machine.travel(now + timedelta(days=7, minutes=1)):
        page = site.open(link, expect=404)
    assert "Register again" in text_of(page)


def test_somebody_on_record_with_this_address_gets_that_record(site, session, opened, now):
    known = maria_on_record(session, email="Maria@Example.net")
    offer = Invite(Role.RECIPIENT, known.id, "Maria@Example.net", "Maria", "Lopez", "recipient")
    waiting = invite(session, system("test"), offer, now=now)
    session.commit()
    ask(site)
    link = next(links(mail.text)[0] for mail in mails(site) if "/register/" in mail.text)
    site.submit(site.open(link), password=PASSWORD, again=PASSWORD)
    assert str(known.id) in site.url
    assert count(session, Recipient) == 1
    session.refresh(waiting)
    assert waiting.accepted_at is not None


def test_somebody_with_an_account_is_mailed_the_user_name_and_the_page_is_the_same(site, session, opened):
    known = maria_on_record(session, email="maria@example.net")
    make.person(session, known.id, name="mlopez-11111", email="maria@example.net")
    fresh = text_of(ask(site, email="other@example.net"))
    assert text_of(ask(site)) == fresh
    by_address = {mail.to: mail.text for mail in mails(site)}
    assert "mlopez-11111" in by_address["maria@example.net"]
    assert "/register/" not in by_address["maria@example.net"]
    assert "mlopez" not in by_address["other@example.net"]


def test_a_stranger_learns_nothing_and_opens_nothing_of_a_record_with_another_address(site, session, opened):
    known = maria_on_record(session, email="real@example.net", phone="9195558765", registered_at=clock.now())
    nobody = text_of(ask(site, first_name="Nobody", email="x@example.net"))
    assert text_of(ask(site, email="stranger@example.net")) == nobody
    texts = {mail.to: re.sub(r"/register/\S+", "", mail.text) for mail in mails(site)}
    assert texts["x@example.net"].replace("Nobody", "Maria") == texts["stranger@example.net"]
    link = next(links(mail.text)[0] for mail in mails(site) if mail.to == "stranger@example.net")
    page = site.submit(site.open(link), password=PASSWORD, again=PASSWORD)
    assert str(known.id) not in site.url
    assert "8765" not in text_of(page)
    site.open(f"/recipient/{known.id}", expect=404)
    asked = session.scalars(select(SelfRegistration).where(SelfRegistration.confirmed_at.is_not(None))).one()
    assert asked.possible_id == known.id
    assert "stranger" not in next(mail.text for mail in mails(site) if mail.to == "real@example.net")


def held(site, session, **other):
    """Maria is on record with another address, and has registered with a new one."""
    known = maria_on_record(session, email="old@example.net", **other)
    ask(site)
    site.submit(site.open(links(mails(site)[0].text)[0]), password=PASSWORD, again=PASSWORD)
    return known, site.client


def test_whoever_reads_the_address_on_record_makes_one_of_the_two(site, session, opened):
    known, browser = held(site, session)
    mail = next(mail for mail in mails(site) if mail.to == "old@example.net")
    link = links(mail.text)[0]
    page = site.anonymous().open(link)
    assert "maria@example.net" in text_of(page)
    page = site.submit(page, **(BORN | {"birth_date__day": "27"}), expect=422)
    assert "not the date of birth" in text_of(page, "[role=alert]")
    site.submit(page, **BORN)
    site.open(link, expect=404)
    made = session.scalars(select(Recipient).where(Recipient.id != known.id)).one()
    assert made.merged_into_id == known.id
    site.client = browser
    assert "Maria" in text_of(site.open(f"/recipient/{made.id}"))


def test_staff_decide_where_nobody_answers(site, session, opened, now):
    known, _ = held(site, session, zip="27601")
    site.sign_in(make.administrator(session))
    page = site.open("/state/self-registered")
    page = site.open(page.select_one(".results a")["href"])
    assert "old@example.net" not in text_of(page)
    page = site.submit(page, expect=422)
    page = site.submit(page, person="different")
    assert "Nothing waits" in text_of(page)
    made = session.scalars(select(Recipient).where(Recipient.id != known.id)).one()
    assert made.merged_into_id is None


def test_staff_say_that_it_is_the_same_person_and_a_second_answer_is_too_late(site, session, opened, now):
    known, _ = held(site, session)
    staff = make.actor(session, make.administrator(session))
    (waiting,) = list_likenesses(session, staff).items
    for _ in range(2):
        decide_likeness(session, staff, DecideLikeness(waiting.asked.id, same=True), today=now.date(), now=now)
    with pytest.raises(Conflict):
        decide_likeness(session, staff, DecideLikeness(waiting.asked.id, same=False), today=now.date(), now=now)
    assert waiting.made.merged_into_id == known.id


def test_answers_that_the_record_on_file_has_not_come_along(site, session, opened, now):
    known, _ = held(site, session)
    made = session.scalars(select(Recipient).where(Recipient.id != known.id)).one()
    made.registered_at, made.city, made.answers = now, "Durham", {"living": "none"}
    session.commit()
    staff = make.actor(session, make.administrator(session))
    (waiting,) = list_likenesses(session, staff).items
    decide_likeness(session, staff, DecideLikeness(waiting.asked.id, same=True), today=now.date(), now=now)
    session.commit()
    session.refresh(known)
    assert (known.registered_at, known.city, known.answers["living"]) == (now, "Durham", "none")


def test_what_cannot_be_a_name_a_day_or_an_address_is_said_beside_it(site, session, opened):
    wrong = {"first_name": "M4ria", "birth_date__year": "2050", "email": "maria at example"}
    page = site.submit(site.open(REGISTER), **(MARIA | wrong), expect=422)
    assert page.select_one("#first_name")["value"] == "M4ria"
    assert len(page.select(".usa-error-message")) == 3
    assert count(session, SelfRegistration) == 0


def test_a_mailbox_is_not_flooded_and_an_address_that_tries_too_often_waits(site, session, opened):
    for number in range(20):
        ask(site, email=f"p{number % 2}@example.net")
    assert len(mails(site)) == 12
    page = site.submit(site.open(REGISTER), **MARIA, expect=422)
    assert "fifteen minutes" in text_of(page)


def test_what_nobody_confirmed_is_forgotten(site, session, database, opened, now):
    ask(site)
    ask(site, email="other@example.net")
    link = next(links(mail.text)[0] for mail in mails(site) if mail.to == "other@example.net")
    site.submit(site.open(link), password=PASSWORD, again=PASSWORD)
    forget_unconfirmed(database, now=now + timedelta(days=7))
    assert count(session, SelfRegistration) == 2
    forget_unconfirmed(database, now=now + timedelta(days=9))
    assert session.scalars(select(SelfRegistration.email)).all() == ["other@example.net"]
