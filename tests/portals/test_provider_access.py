"""A person without e-mail gets a code on paper from a clinic, and gets in with it."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select

from app.domain.accounts.access import Role
from app.domain.accounts.models import Account, Grant
from app.domain.recipients.joining.models import AccessCode
from app.infra import clock
from app.infra.audit import AuditEntry
from tests import make
from tests.browserless import form_data, text_of
from tests.documents.pdf_parts import codes_on, page_count, rasterised
from tests.documents.pdf_parts import text_of as pdf_text
from tests.make.merging import joined
from tests.make.vaccinations import someone

CODE = "/account/recipient/code"
PASSWORD = "Good-Password-1"


@pytest.fixture
def clinic(session, now):
    return make.location(session)


@pytest.fixture
def rosa(session, clinic):
    return someone(session, clinic, first_name="Rosa", last_name="Diaz")


def sheet(site, session, clinic, rosa):
    """The clinic prints the sheet; the code on it."""
    site.sign_in(make.healthcare_provider(session, clinic))
    url = f"/provider/{clinic.id}/recipients/{rosa.id}/access-code"
    page = site.open(url)
    data = form_data(page.select_one("main form[method=post]")) | {"document": "passport", "checked": "y"}
    site.open(url, method="POST", data=data)
    return site.response.data


def code_on(pdf):
    return re.search(r"\b[2-9A-Z]{5}-[2-9A-Z]{5}-[2-9A-Z]{5}\b", pdf_text(pdf))[0]


def use(site, code, born, *, expect=200, password=PASSWORD):
    page = site.open(CODE)
    typed = {"code": code, "password": password, "again": password}
    for part in ("month", "day", "year"):
        typed[f"birth_date__{part}"] = str(getattr(born, part))
    return site.submit(page, expect=expect, **typed)


def test_the_sheet_holds_the_code_and_its_pictures_the_page_and_the_code_for_the_door(site, session, clinic, rosa):
    pdf = sheet(site, session, clinic, rosa)
    text = pdf_text(pdf)
    assert "Rosa" in text
    assert code_on(pdf)
    assert {picture.text for picture in codes_on(rasterised(pdf, 150))} == {f"http://cvms.test{CODE}", rosa.code}
    assert page_count(pdf) == 1
    kept = session.scalars(select(AccessCode)).one()
    assert (kept.document, kept.place_id) == ("passport", clinic.id)
    assert code_on(pdf).replace("-", "") not in kept.code_hash.upper()
    assert session.scalars(select(AuditEntry).where(AuditEntry.act == "recipient.access_code_printed")).one()


def test_nothing_is_printed_before_somebody_looked_at_a_document(site, session, clinic, rosa):
    site.sign_in(make.healthcare_provider(session, clinic))
    page = site.open(f"/provider/{clinic.id}/recipients/{rosa.id}")
    url = page.select_one('a[href$="/access-code"]')["href"]
    page = site.submit(site.open(url), expect=422)
    assert "what you looked at" in text_of(page, "[role=alert]")
    assert session.scalars(select(AccessCode)).all() == []


def test_people_of_another_clinic_get_no_code_here(site, session, clinic, rosa):
    other = make.location(session, "Other Clinic")
    site.sign_in(make.healthcare_provider(session, other))
    site.open(f"/provider/{other.id}/recipients/{rosa.id}/access-code", expect=404)


def test_the_code_makes_an_account_once_and_tells_the_user_name(site, session, clinic, rosa):
    code, born = code_on(sheet(site, session, clinic, rosa)), rosa.birth_date
    page = use(site.anonymous(), f" {code.lower().replace('-', ' ')} ", born)
    assert str(rosa.id) in site.url
    assert re.search(r"user name is rdiaz-\d{5}", text_of(page))
    told = text_of(site.open(f"/recipient/{rosa.id}/access"))
    assert "You Chose a password with a code on paper" in told
    assert f"{clinic.name} Printed a code on paper that opens the record" in told
    page = use(site.anonymous(), code, born, password="Another-Password-2", expect=422)
    assert "not right" in text_of(page, "[role=alert]")


def test_somebody_who_is_locked_out_gets_back_into_the_same_account(site, session, clinic, rosa):
    account = make.person(session, rosa.id, name="rdiaz-11111")
    code = code_on(sheet(site, session, clinic, rosa))
    page = use(site.anonymous(), code, rosa.birth_date)
    assert "rdiaz-11111" in text_of(page)
    site.submit(site.anonymous().open("/account/sign-in/recipient"), name="rdiaz-11111", password=PASSWORD)
    assert str(rosa.id) in site.url
    grants = select(Grant).where(Grant.scope_id == rosa.id)
    assert [grant.account_id for grant in session.scalars(grants)] == [account.id]


def test_a_sheet_never_opens_an_account_that_works_elsewhere_too(site, session, clinic, rosa):
    boss = make.manager(session, clinic, name="rdiaz", first_name="Rosa", last_name="Diaz")
    session.add(
        Grant(
            account_id=boss.id,
            role=Role.RECIPIENT.value,
            scope_kind="recipient",
            scope_id=rosa.id,
            given_at=clock.now(),
        )
    )
    session.commit()
    before = boss.password_hash
    use(site.anonymous(), code_on(sheet(site, session, clinic, rosa)), rosa.birth_date)
    session.expire_all()
    assert session.get_one(Account, boss.id).password_hash == before
    site.open(f"/provider/{clinic.id}/clinic", expect=404)


def test_a_wrong_birth_date_and_a_wrong_code_read_the_same_and_guessing_is_stopped(site, session, clinic, rosa):
    code, born = code_on(sheet(site, session, clinic, rosa)), rosa.birth_date
    site.anonymous()
    wrong = text_of(use(site, code, born + timedelta(days=1), expect=422), "[role=alert]")
    assert text_of(use(site, "AAAAA-AAAAA-AAAAA", born, expect=422), "[role=alert]") == wrong
    for _ in range(7):
        use(site, code, born + timedelta(days=1), expect=422)
    assert "tried too often" in text_of(use(site, code, born, expect=422), "[role=alert]")


def test_a_code_ends_by_its_day_and_by_a_newer_one(site, session, clinic, rosa, now):
    old, born = code_on(sheet(site, session, clinic, rosa)), rosa.birth_date
    with time_machine.travel(now + timedelta(days=1)):
        newer = code_on(sheet(site, session, clinic, rosa))
        use(site.anonymous(), old, born, expect=422)
    with time_machine.travel(now + timedelta(days=15, minutes=1)):
        use(site.anonymous(), newer, born, expect=422)


def test_a_code_works_to_the_end_of_the_day_that_the_sheet_names(site, session, clinic, rosa):
    pdf = sheet(site, session, clinic, rosa)
    named = re.search(r"until (\w+ \d+, \d{4})", pdf_text(pdf).replace("\u00a0", " "))[1]
    evening = datetime.strptime(f"{named} 23:30", "%b %d, %Y %H:%M").replace(tzinfo=ZoneInfo("America/New_York"))
    with time_machine.travel(evening):
        use(site.anonymous(), code_on(pdf), rosa.birth_date)
    assert str(rosa.id) in site.url


def test_a_weak_password_does_not_use_the_code_up(site, session, clinic, rosa):
    code = code_on(sheet(site, session, clinic, rosa))
    page = use(site.anonymous(), code, rosa.birth_date, password="short", expect=422)
    assert "12 characters" in text_of(page, "[role=alert]")
    use(site, code, rosa.birth_date)
    assert str(rosa.id) in site.url


def test_of_two_records_that_were_joined_only_the_latest_sheet_opens_the_person(site, session, clinic, rosa):
    other = someone(session, clinic, first_name="Rosa", last_name="Diaz")
    first = code_on(sheet(site, session, clinic, other))
    joined(session, rosa, other)
    with time_machine.travel(clock.now() + timedelta(minutes=5)):
        second = code_on(sheet(site, session, clinic, rosa))
        site.anonymous()
        use(site, first, rosa.birth_date, expect=422)
        use(site, second, rosa.birth_date)
