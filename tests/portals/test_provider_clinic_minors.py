"""Minors at the clinic: who agreed, what is asked where nobody did, and where people stand by the state's plan."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.accounts.models import Account
from app.domain.recipients.guardians.decide import set_consent
from app.domain.recipients.models import Recipient
from app.domain.vaccinations.models import Administration, VisitConsent
from app.infra.audit import AuditEntry
from tests import make
from tests.browserless import text_of
from tests.make.eligibility import registered
from tests.make.guardians import CHILD_BORN, dependant
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import dose, someone, visit

AGREED = {"guardian_name": "Rosa Lopez", "guardian_relation": "parent", "agrees": "y"}


@pytest.fixture
def place(session, now):
    made = make.location(session, "Eastside Clinic")
    make_lot(session, made, product="pfizer")
    return made


@pytest.fixture
def nurse(session, site, place):
    account = make.healthcare_provider(session, place, first_name="Nora", last_name="Kim")
    site.sign_in(account)
    return account


def dose_page(place, coming):
    return f"/provider/{place.id}/clinic/visits/{coming.id}/dose"


def given(session):
    return session.scalars(select(Administration)).all()


def test_a_minor_without_consent_gets_no_dose_before_a_guardian_agreed_here_and_now(site, session, place, nurse):
    coming = visit(session, place, someone(session, place, first_name="Mia", birth_date=CHILD_BORN))
    page = site.open(dose_page(place, coming))
    assert "a parent or guardian has not agreed yet" in text_of(page)
    assert not page.select("#dose")
    page = site.submit(page, "#consent", **AGREED)
    assert "Consent: Rosa Lopez (Mother or father)" in text_of(page)
    site.submit(page, "#dose", fact_sheet_given="y", reason_age="16 by tomorrow")
    assert len(given(session)) == 1
    kept = session.scalars(select(VisitConsent)).one()
    assert (kept.visit_id, kept.guardian_name, kept.relation, kept.text) == (
        coming.id, "Rosa Lopez", "parent", "2021-05"
    )  # fmt: skip
    assert kept.recorded_by_id == nurse.id
    assert "recipient.consent_given" in session.scalars(select(AuditEntry.act)).all()


@pytest.mark.parametrize("missing", ["guardian_name", "guardian_relation", "agrees"])
def test_each_part_of_the_consent_is_needed(site, session, place, nurse, missing):
    coming = visit(session, place, someone(session, place, birth_date=CHILD_BORN))
    told = {name: value for name, value in AGREED.items() if name != missing}
    site.submit(site.open(dose_page(place, coming)), "#consent", expect=422, **told)
    assert session.scalars(select(VisitConsent)).all() == []


def test_consent_given_in_the_portal_is_shown_and_taken_back_is_asked_for_again(site, session, place, nurse, now):
    made = dependant(session, someone(session, first_name="Rosa"))
    coming = visit(session, place, session.get(Recipient, made.dependant_id))
    page = site.open(dose_page(place, coming))
    assert "Consent: Ann Lee (Mother or father)" in text_of(page)
    session.rollback()
    set_consent(session, make.actor(session, session.get(Account, made.account_id)), made.id, given=False, now=now)
    session.commit()
    page = site.submit(page, "#dose", fact_sheet_given="y", reason_age="16 by tomorrow")
    assert page.select("#consent")
    assert given(session) == []


def test_of_two_who_record_it_at_once_one_consent_is_kept(site, session, place, nurse):
    coming = visit(session, place, someone(session, place, birth_date=CHILD_BORN))
    first, second = (site.open(dose_page(place, coming)) for _ in range(2))
    site.submit(first, "#consent", **AGREED)
    page = site.submit(second, "#consent", **(AGREED | {"guardian_name": "Somebody Else"}))
    assert "Rosa Lopez" in text_of(page)
    assert len(session.scalars(select(VisitConsent)).all()) == 1


def test_adults_are_asked_for_no_consent_and_read_no_word_of_it(site, session, place, nurse):
    coming = visit(session, place, someone(session, place))
    assert "onsent" not in text_of(site.open(dose_page(place, coming)))
    site.open(dose_page(place, coming).replace("/dose", "/consent"))
    assert site.url.endswith("/dose")


def test_one_line_says_where_somebody_stands_until_the_first_dose(site, session, place, nurse, now):
    someone_registered = registered(session)
    coming = visit(session, place, someone_registered)
    page = site.open(dose_page(place, coming))
    assert "ligible" in text_of(page)
    known = visit(session, place, someone(session, place, first_name="Olga"))
    assert "Not known: the registration is not complete" in text_of(site.open(dose_page(place, known)))
    had = someone(session, place, first_name="Dora")
    dose(session, place, had, make_lot(session, place, number="EN7"), given_at=now - timedelta(days=30))
    assert "ligible" not in text_of(site.open(dose_page(place, visit(session, place, had))))


def test_a_clinic_closes_a_record_by_death_after_a_confirmation(site, session, place, nurse):
    person = someone(session, place, email="maria@example.net")
    here = f"/provider/{place.id}/recipients/{person.id}"
    page = site.open(site.open(here).find("a", string="This person has died")["href"])
    told = {"died_on__month": "3", "died_on__day": "9", "died_on__year": "2021"}
    site.submit(page, "#close", expect=422, **told)
    page = site.submit(page, "#close", **told, sure="y")
    assert "Died on Mar 9, 2021: the record is closed" in text_of(page)
    assert not page.find("a", string="This person has died")
    assert "The record is closed already." in text_of(site.open(f"{here}/close"))


def test_a_day_of_death_before_the_birth_or_to_come_is_told_at_the_field(site, session, place, nurse):
    person = someone(session, place)
    for year in ("1949", "2022"):
        page = site.open(f"/provider/{place.id}/recipients/{person.id}/close")
        told = {"died_on__month": "3", "died_on__day": "9", "died_on__year": year, "sure": "y"}
        assert "Enter a day after the birth" in text_of(site.submit(page, "#close", expect=422, **told))
