"""Somebody in no list walks in: registered, checked in, vaccinated; a likely duplicate is shown first."""

from datetime import date

import pytest
from sqlalchemy import func, select

from app.domain.accounts.models import SignInName
from app.domain.inventory.models import Lot
from app.domain.recipients.models import Listing, Recipient
from app.domain.vaccinations.models import Visit
from app.infra.audit import AuditEntry
from tests import make
from tests.browserless import text_of
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import someone

BORN = {"birth_date-month": "5", "birth_date-day": "2", "birth_date-year": "1948"}
WALTER = {
    "first_name": "Walter", "last_name": "Ingram", "zip": "27601", "county_fips": "37183", "gender": "male",
    "races": "2106-3", "ethnicity": "2186-5", **BORN,
}  # fmt: skip


@pytest.fixture
def place(session, now):
    return make.location(session)


@pytest.fixture
def base(site, session, place):
    site.sign_in(make.healthcare_provider(session, place))
    return f"/provider/{place.id}/clinic"


@pytest.fixture
def known(session):
    """Walter as another list knows him."""
    return someone(
        session, first_name="Walter", last_name="Ingram", birth_date=date(1948, 5, 2),
        phone="9195550142", city="Cary", zip="27511",
    )  # fmt: skip


def register(site, base, *, expect=200, **told):
    return site.submit(site.open(f"{base}/walk-in"), "#walk-in", expect=expect, **(WALTER | told))


def count(session, model):
    session.expire_all()
    return session.scalar(select(func.count()).select_from(model))


def test_a_walk_in_is_registered_checked_in_screened_and_vaccinated(site, session, base, place):
    stock = make_lot(session, place)
    page = register(site, base, phone="(919) 555-0199", email="Walter@Example.org", city="Raleigh")
    assert page.h1.text == "Dose for Walter Ingram"
    page = site.submit(page, "#dose", rest_is_no="y", fact_sheet_given="y")
    assert page.h1.text == "Visit of Walter Ingram"
    session.expire_all()
    made = session.scalars(select(Recipient)).one()
    assert (made.phone, made.email, made.city, made.zip) == ("9195550199", "Walter@example.org", "Raleigh", "27601")
    assert session.get(Lot, stock.id).balance == 9
    assert session.scalars(select(Visit.walk_in)).one() is True
    assert session.scalars(select(Listing.scope_id)).all() == [place.id]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"first_name": ""}, "Enter the first name"),
        ({"last_name": "Ingram3"}, "Last name"),
        ({"birth_date-year": "2031"}, "Date of birth"),
        ({"birth_date-year": "1848"}, "Date of birth"),
        ({"birth_date-month": ""}, "Enter a real date"),
        ({"zip": "276"}, "ZIP code"),
        ({"zip": ""}, "Enter the ZIP code"),
        ({"county_fips": "", "zip": "28999"}, "Choose the county"),
        ({"phone": "12"}, "Phone"),
        ({"email": "walter"}, "E-mail"),
        ({"races": []}, "Tick at least one box"),
        ({"races": ["2106-3", "declined"]}, "not both"),
        ({"gender": ""}, "Choose an answer"),
        ({"first_name": "x" * 500}, "First name"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_nothing_is_lost(site, session, base, wrong, said):
    page = register(site, base, expect=422, street="12 Oak St", **wrong)
    assert said in text_of(page, ".usa-form-group--error")
    assert len(page.select(".usa-form-group--error")) == 1
    assert page.select_one("[name=street]")["value"] == "12 Oak St"
    assert count(session, Recipient) == 0


@pytest.mark.parametrize(("zip_code", "county"), [("27601", "37183"), ("28202-1234", "37119"), ("28801", "37021")])
def test_the_county_follows_from_the_zip_code(site, session, base, zip_code, county):
    register(site, base, county_fips="", zip=zip_code)
    assert session.scalars(select(Recipient.county_fips)).one() == county


def test_a_county_that_was_chosen_stays_though_most_of_the_zip_code_is_elsewhere(site, session, base):
    register(site, base, county_fips="37063", zip="27601")
    assert session.scalars(select(Recipient.county_fips)).one() == "37063"


def test_what_was_searched_with_is_not_typed_again(site, session, base):
    asked = {"last_name": "Ingram", "detail": "Walter", **BORN}
    page = site.submit(site.open(base), "#find", **asked)
    page = site.open(page.find("a", string="Register as a walk-in")["href"])
    typed = {name: page.select_one(f"[name={name}]").get("value") for name in ("first_name", "last_name", *BORN)}
    assert typed == {"first_name": "Walter", "last_name": "Ingram", **BORN}
    assert page.select_one("[autofocus]")["name"] == "zip"
    page = site.submit(page, "#walk-in", zip="27601", gender="male", races="2106-3", ethnicity="2186-5")
    assert page.h1.text == "Dose for Walter Ingram"


@pytest.mark.parametrize("detail", ["0142", "27601", "walter@example.org", "R-7F3K"])
def test_a_number_or_an_address_is_not_taken_for_a_first_name(site, base, detail):
    page = site.submit(site.open(base), "#find", last_name="Ingram", detail=detail, **BORN)
    page = site.open(page.find("a", string="Register as a walk-in")["href"])
    assert not page.select_one("[name=first_name]").get("value")
    assert page.select_one("[autofocus]")["name"] == "first_name"


def test_an_address_outside_the_state_needs_no_county(site, session, base):
    register(site, base, state_abbr="VA", county_fips="", zip="24060")
    assert session.scalars(select(Recipient.county_fips)).one() in ("", None)


def test_a_likely_duplicate_is_shown_and_can_be_checked_in_instead(site, session, base, known):
    page = register(site, base, expect=422)
    assert "Somebody like this is on record already" in text_of(page, "[data-error-summary]")
    assert "Walter Ingram Born May 2, 1948 · Cary No dose yet" in text_of(page, "main .results")
    assert "9195550142" not in str(page)
    assert str(known.id) not in str(page)
    assert page.select_one("#walk-in [name=first_name]")["value"] == "Walter"
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.subject_id == known.id)).all()
    assert acts == ["recipient.shown_as_likely_duplicate"]
    page = site.submit(page, 'form[action$="/check-in"]')
    assert page.h1.text == "Dose for Walter Ingram"
    assert count(session, Recipient) == 1
    assert session.scalars(select(Visit.recipient_id)).one() == known.id


def test_a_person_who_only_looks_the_same_gets_a_record_of_their_own(site, session, base, known):
    page = register(site, base, expect=422)
    page = site.submit(page, "#walk-in", different_person="y")
    assert page.h1.text == "Dose for Walter Ingram"
    assert count(session, Recipient) == 2


def test_the_tick_that_it_is_another_person_is_not_offered_before_anybody_was_shown(site, base):
    assert not site.open(f"{base}/walk-in").select("[name=different_person]")


def test_a_double_click_registers_once(site, session, base):
    page = site.open(f"{base}/walk-in")
    for _ in range(2):
        site.url = f"{base}/walk-in"
        after = site.submit(page, "#walk-in", **WALTER)
    assert after.h1.text == "Dose for Walter Ingram"
    assert (count(session, Recipient), count(session, Visit)) == (1, 1)


def test_what_was_typed_survives_a_session_that_ended_meanwhile(site, session, base):
    nurse = session.scalars(select(SignInName)).one()
    page = site.open(f"{base}/walk-in")
    site.client.delete_cookie("cvms")
    page = site.submit(page, "#walk-in", expect=401, **WALTER)
    page = site.submit(page, name=nurse.name, password=make.PASSWORD)
    assert page.select_one("[name=first_name]")["value"] == "Walter"
    assert page.select_one("[name=races][checked]")["value"] == "2106-3"
    page = site.submit(page, "#walk-in")
    assert page.h1.text == "Dose for Walter Ingram"


def test_a_walk_in_is_marked_in_the_queue(site, session, base):
    register(site, base)
    assert text_of(site.open(base), "#queue tbody th") == "Walter Ingram walk-in"
