"""Attacks on people's own records: registering in somebody's name, guessing, strangers' families, links in mails."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update

from app.domain.accounts.access import Role, system
from app.domain.accounts.invitations import give_role
from app.domain.accounts.models import Account, Grant
from app.domain.errors import NotFound
from app.domain.program.settings import ChangeSetting, change_setting
from app.domain.recipients.guardians.decide import DecideGuardianship, decide_guardianship
from app.domain.recipients.guardians.errors import NotAMinor
from app.domain.recipients.guardians.models import Guardianship
from app.domain.recipients.joining.access_codes import PrintAccessCode, print_access_code
from app.domain.recipients.joining.decide_likeness import list_likenesses
from app.domain.recipients.joining.models import EmailChange, SelfRegistration
from app.domain.recipients.models import Recipient
from app.domain.reminders.choices import stop_token
from app.domain.reminders.models import ReminderStop
from app.infra.kept_mail import latest_mails
from app.jobs.deliver_mail import deliver_due
from tests import make
from tests.browserless import form_data, text_of
from tests.make.guardians import dependant
from tests.make.recipients import on_record
from tests.make.vaccinations import ZONE, nurse_at, someone

REGISTER, CODE = "/account/recipient/register", "/account/recipient/code"
NEW = "Good-Password-1"
BORN = {"birth_date__month": "4", "birth_date__day": "28", "birth_date__year": "1950"}
MARIA = {"first_name": "Maria", "last_name": "Lopez", "email": "maria@example.net"} | BORN


@pytest.fixture
def opened(session, now):
    change_setting(session, system("test"), ChangeSetting("self_registration_open", "yes", date(2021, 3, 1)), now=now)
    session.commit()


def mails(site):
    site.session.rollback()
    machines = site.app.extensions["cvms"]
    deliver_due(machines.database, machines.settings)
    with machines.database.reading() as session:
        return latest_mails(session)


def link_to(site, address):
    """The newest link in the mails to an address."""
    texts = [mail.text for mail in mails(site) if mail.to == address]
    return re.search(r"http://cvms\.test(/account/recipient/\S+)", texts[0])[1]


def joined(site, **typed):
    """Register, follow the link and choose a password."""
    typed = MARIA | typed
    site.anonymous().submit(site.open(REGISTER), **typed)
    return site.submit(site.open(link_to(site, typed["email"])), password=NEW, again=NEW)


def post(site, url, *, expect=200, **data):
    """A POST with a good token, from no page of ours."""
    token = site.open("/account/").select_one("[name=csrf_token]")["value"]
    return site.open(url, method="POST", data={"csrf_token": token} | data, expect=expect)


def test_who_registers_first_in_somebodys_name_does_not_get_the_record_of_that_person(site, session, opened):
    joined(site, email="attacker@example.net")
    joined(site, email="maria@example.net")
    assert not [mail for mail in mails(site) if "another e-mail" in mail.subject]
    staff = make.actor(session, make.administrator(session))
    (waiting,) = list_likenesses(session, staff).items
    assert waiting.asked.email == "maria@example.net"


def test_nobody_sends_words_of_their_own_to_strangers(site, session, opened):
    site.submit(site.open(REGISTER), **(MARIA | {"first_name": "Visit", "last_name": "www.prize.example now"}))
    (mail,) = mails(site)
    for part in (str(mail.to), mail.subject, mail.text):
        assert "prize" not in part


@pytest.mark.parametrize("name", ["Maria\r\nBcc: x@example.net", "Maria\x00", "<b>Maria</b>", "{{ 7*7 }}", "a@b.example"])
def test_a_name_brings_no_lines_tags_or_addresses(site, session, opened, name):
    site.submit(site.open(REGISTER), **(MARIA | {"first_name": name}), expect=200 if name == "Maria\x00" else 422)
    assert session.scalar(select(func.count()).select_from(SelfRegistration)) == (name == "Maria\x00")
    assert all("Bcc" not in mail.text for mail in mails(site))


@pytest.mark.parametrize("address", ["a@example.net,b@example.net", "a@example.net\r\nBcc: b@example.net", "<a@example.net>"])
def test_one_address_is_one_address(site, session, opened, address):
    site.submit(site.open(REGISTER), **(MARIA | {"email": address}), expect=422)
    site.submit(site.open("/account/recipient/find-user-name"), email=address, expect=422)


def test_registering_reads_the_same_whoever_is_on_record(site, session, opened):
    known = on_record(session, ("Maria", "", "Lopez", "04/28/1950", "maria@example.net", "", "Raleigh", "27601"))
    pages = [str(site.anonymous().submit(site.open(REGISTER), **MARIA).select_one("main"))]
    make.person(session, known.id, email="maria@example.net")
    pages += [str(site.anonymous().submit(site.open(REGISTER), **(MARIA | other)).select_one("main"))
              for other in ({}, {"email": "x@example.net"}, {"first_name": "Nobody"})]  # fmt: skip
    assert len(set(pages)) == 1


def test_a_link_to_register_makes_one_account_and_is_dead_then(site, session, opened):
    site.submit(site.open(REGISTER), **MARIA)
    link = link_to(site, "maria@example.net")
    data = form_data(site.open(link).select_one("main form[method=post]")) | {"password": NEW, "again": NEW}
    before = site.client.get_cookie("cvms").value
    site.client.post(link, data=data)
    site.client.set_cookie("cvms", before)
    site.open(link, method="POST", data=data | {"password": NEW + "!", "again": NEW + "!"}, expect=404)
    site.anonymous().open(link, expect=404)
    assert session.scalar(select(func.count()).select_from(Account)) == 1


def printed(session, place, person, *, days=30, now):
    code = print_access_code(
        session, nurse_at(place.id), PrintAccessCode(place.id, person.id, "passport", days), now=now
    ).code
    session.commit()
    return code


def use(site, code, born, *, expect=200, **other):
    typed = {"code": code, "password": NEW, "again": NEW, "birth_date__month": str(born.month)}
    typed |= {"birth_date__day": str(born.day), "birth_date__year": str(born.year)}
    return site.submit(site.open(CODE), expect=expect, **(typed | other))


def test_the_birth_date_for_a_sheet_that_was_found_cannot_be_tried_out_in_days(site, session, now):
    place = make.location(session)
    rosa = someone(session, place, first_name="Rosa")
    code, tries = printed(session, place, rosa, now=now), 0
    for hour in range(24):
        with time_machine.travel(now + timedelta(hours=hour), tick=False):
            page = use(site, code, rosa.birth_date + timedelta(days=1), expect=422)
            tries += "tried too often" not in text_of(page)
    assert tries < 10
    with time_machine.travel(now + timedelta(hours=23), tick=False):
        assert "tried too often" in text_of(use(site, code, rosa.birth_date, expect=422))
    with time_machine.travel(now + timedelta(days=3), tick=False):
        assert "Welcome" in text_of(use(site, code, rosa.birth_date), "body")


def test_a_paper_code_whose_answer_was_lost_lets_in_with_the_password_that_it_set(site, session, now):
    place = make.location(session)
    rosa = someone(session, place, first_name="Rosa")
    code = printed(session, place, rosa, now=now)
    for _ in range(2):
        page = use(site.anonymous(), code, rosa.birth_date)
        assert "Your user name is" in text_of(page, "body")
    assert session.scalar(select(func.count()).select_from(Account).where(Account.first_name == "Rosa")) == 1
    session.rollback()
    use(site.anonymous(), code, rosa.birth_date, password=NEW + "!", again=NEW + "!", expect=422)
    use(site.anonymous(), code, rosa.birth_date + timedelta(days=1), expect=422)


def test_a_used_paper_code_opens_no_account_that_works_elsewhere_since(site, session, now):
    place = make.location(session)
    rosa = someone(session, place, first_name="Rosa")
    code = printed(session, place, rosa, now=now)
    use(site.anonymous(), code, rosa.birth_date)
    account = session.scalars(select(Account).where(Account.first_name == "Rosa")).one()
    give_role(session, system("test"), account, Role.HEALTHCARE_PROVIDER, place.id, now=now)
    session.commit()
    use(site.anonymous(), code, rosa.birth_date, expect=422)


def test_a_paper_code_ends_the_sessions_of_whoever_was_in_the_account(site, session, now):
    place = make.location(session)
    rosa = someone(session, place, first_name="Rosa")
    account = make.person(session, rosa.id)
    thief = site.sign_in(account).client
    code = printed(session, place, rosa, now=now)
    use(site.anonymous(), code, rosa.birth_date)
    site.client = thief
    assert "sign-in" in (site.open(f"/recipient/{rosa.id}") and site.url)


def test_a_nurse_prints_no_code_for_somebody_of_another_clinic(site, session, now):
    here, there = make.location(session), make.location(session, "Westside Clinic")
    stranger = someone(session, there, first_name="Rosa")
    site.sign_in(make.healthcare_provider(session, here))
    site.open(f"/provider/{here.id}/recipients/{stranger.id}/access-code", expect=404)
    with pytest.raises(NotFound):
        printed(session, here, stranger, now=now)


@pytest.fixture
def families(session, now):
    """Two parents who act for a child each: (recipient, account, guardianship), twice."""
    place, found = make.location(session), []
    for name in ("Ana", "Ben"):
        parent = someone(session, place, first_name=name, birth_date=date(1980, 1, 2))
        child = dependant(session, parent, first_name=f"Child of {name}")
        found.append((parent, session.get_one(Account, child.account_id), child))
    return found


def test_nobody_consents_for_or_leaves_a_strangers_family(site, session, families):
    (ana, account, _), (ben, _, his) = families
    site.sign_in(account)
    for mine in (ana.id, ben.id, his.dependant_id):
        for act in ("consent", "end"):
            post(site, f"/recipient/{mine}/family/{his.id}/{act}", expect=404, given="no", sure="y")
    session.refresh(his)
    assert his.has_consent
    assert his.ended_at is None


def test_a_guardian_does_not_act_as_the_child_to_add_more(site, session, families):
    _, account, hers = families[0]
    site.sign_in(account).open(f"/recipient/{hers.dependant_id}")
    for page in ("family", "family/add"):
        site.open(f"/recipient/{hers.dependant_id}/{page}", expect=403)


def test_a_page_of_somebody_else_changes_no_consent(site, session, families):
    ana, account, hers = families[0]
    site.sign_in(account).open(
        f"/recipient/{ana.id}/family/{hers.id}/consent", method="POST", data={"given": "no"}, expect=409
    )
    session.refresh(hers)
    assert hers.has_consent


def test_a_wrong_birth_date_does_not_let_somebody_act_for_an_adult(session, families, now):
    _, _, hers = families[0]
    kept = someone(session, make.location(session, "South"), first_name="Child", birth_date=date(1999, 6, 15))
    session.execute(update(Guardianship).where(Guardianship.id == hers.id).values(possible_id=kept.id))
    session.commit()
    staff = make.actor(session, make.administrator(session))
    with pytest.raises(NotAMinor):
        decide_guardianship(session, staff, DecideGuardianship(hers.id, same=True), zone=ZONE, now=now)
    session.rollback()
    assert session.get_one(Recipient, hers.dependant_id).merged_into_id is None
    assert session.get_one(Guardianship, hers.id).decision == ""


def test_the_birth_date_on_file_tells_how_long_somebody_acts(session, families, now):
    _, account, hers = families[0]
    until, older = hers.until, date(2004, 6, 15)
    kept = someone(session, make.location(session, "South"), first_name="Child", birth_date=older)
    session.execute(update(Guardianship).where(Guardianship.id == hers.id).values(possible_id=kept.id))
    session.commit()
    staff = make.actor(session, make.administrator(session))
    decide_guardianship(session, staff, DecideGuardianship(hers.id, same=True), zone=ZONE, now=now)
    session.commit()
    session.expire_all()
    assert hers.until == until - timedelta(days=365)
    rights = select(Grant.until).where(Grant.scope_id == hers.dependant_id, Grant.account_id == account.id)
    assert session.scalar(rights) == hers.until


def test_the_link_of_a_reminder_stops_reminders_and_nothing_else(site, session, now):
    place = make.location(session)
    rosa = someone(session, place, first_name="Rosa")
    link = f"/recipient/reminders/stop/{stop_token(rosa.id)}"
    for _ in range(2):
        page = site.anonymous().open(link)
    assert session.scalar(select(func.count()).select_from(ReminderStop)) == 0
    assert "Rosa" not in str(page)
    for _ in range(2):
        site.anonymous().open(link, method="POST", data={"List-Unsubscribe": "One-Click"})
    assert session.scalar(select(func.count()).select_from(ReminderStop)) == 1
    site.open(f"/recipient/{rosa.id}")
    assert "sign-in" in site.url
    for forged in ("x", "%00", str(rosa.id), link.rpartition("/")[2][:-2], "gAAAAA" + "A" * 3000):
        site.open(f"/recipient/reminders/stop/{forged}", method="POST", expect=404)


def test_an_address_that_a_clinic_typed_is_confirmed_by_its_owner(site, session, now):
    rosa = someone(session, make.location(session), first_name="Rosa", email="rosa@example.net")
    account = make.person(session, rosa.id)
    session.execute(update(Account).where(Account.id == account.id).values(email=None, email_folded=None))
    session.commit()
    page = site.sign_in(account).open(f"/recipient/{rosa.id}/reminders")
    assert "Please confirm" in text_of(page)
    for _ in range(4):
        post(site, f"/recipient/{rosa.id}/reminders/confirm-address")
    assert len(mails(site)) == 1
    site.anonymous()
    site.submit(site.open(link_to(site, "rosa@example.net")))
    assert "They go to rosa@example.net" in text_of(site.sign_in(account).open(f"/recipient/{rosa.id}/reminders"))
    assert session.scalars(select(EmailChange.confirmed)).all() == [True]


@pytest.mark.parametrize(
    "back", ["//[x", "http://[", "//evil.example", "/\\evil.example", "\t//evil.example", "https://evil.example/", "/%00"]
)
def test_the_switch_of_language_leads_nowhere_else(site, session, now, back):
    token = site.open("/proof").select_one("[name=csrf_token]")["value"]
    data = {"csrf_token": token, "lang": "es", "back": back}
    answer = site.client.post("/account/language", data=data, headers={"Referer": back.strip()})
    assert answer.headers["Location"] in {"/", "/%00"}
    assert site.client.post("/account/language", headers={"Referer": back.strip()}).status_code == 409
    answer = site.client.get("/account/sign-in/recipient", query_string={"next": back})
    assert answer.status_code == 200


def test_nobody_reads_who_opened_the_record_of_somebody_else(site, session, families):
    (_, account, _), (ben, _, his) = families
    site.sign_in(account)
    for person in (ben.id, his.dependant_id):
        for page in ("", "/access", "/reminders", "/something-is-wrong", "/proof"):
            site.open(f"/recipient/{person}{page}", expect=404)
        post(site, f"/recipient/{person}/reminders/switch", expect=404, on="no")
    assert session.scalar(select(func.count()).select_from(ReminderStop)) == 0
