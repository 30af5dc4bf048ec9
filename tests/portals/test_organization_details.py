"""The contact confirms or corrects what is known of the organization; only then may people be uploaded."""

import pytest

from app.domain.organizations.models import Organization
from app.domain.organizations.queries import is_confirmed
from tests import make
from tests.browserless import text_of
from tests.make.organizations import organization


@pytest.fixture
def made(session, site):
    made = organization(session)
    site.sign_in(make.contact(session, made.id))
    return made


def url(made):
    return f"/organization/{made.id}/details"


def test_all_details_are_filled_in_and_confirmed_with_one_button(site, session, made):
    page = site.open(url(made))
    assert page.select_one("[name=name]")["value"] == "Harvest Foods"
    assert page.select_one("[name=industry] [selected]")["value"] == "food"
    assert page.select_one("[name=state] [selected]").text == "North Carolina"
    assert not is_confirmed(session, made.id)
    page = site.submit(page, press="These details are right")
    assert "You can now upload your people" in text_of(page)
    assert is_confirmed(session, made.id)
    assert "Confirmed on" in text_of(site.open(url(made)))


def test_details_are_corrected_while_they_are_confirmed(site, session, made):
    site.submit(site.open(url(made)), city="Cary", zip="27511", phone="919-555-0100")
    session.expire_all()
    kept = session.get(Organization, made.id)
    assert (kept.city, kept.zip, kept.phone, kept.version) == ("Cary", "27511", "9195550100", 2)


@pytest.mark.parametrize(
    ("field", "typed"), [("name", ""), ("name", "x" * 256), ("industry", ""), ("zip", "1"), ("phone", "abc")]
)
def test_a_mistake_is_told_and_nothing_is_confirmed(site, session, made, field, typed):
    page = site.submit(site.open(url(made)), expect=422, **{field: typed})
    assert page.select_one(".usa-form-group--error [name]")["name"] == field
    assert not is_confirmed(session, made.id)


def test_what_a_clinic_corrected_meanwhile_is_told(site, session, made):
    page = site.open(url(made))
    made = session.get(Organization, made.id)
    made.city, made.version = "Durham", 2
    session.commit()
    page = site.submit(page, expect=409, phone="9195550100")
    assert "“Durham”" in text_of(page, "#city-error")
    assert not is_confirmed(session, made.id)
    site.submit(page, city="Durham")
    session.expire_all()
    assert (session.get(Organization, made.id).city, is_confirmed(session, made.id)) == ("Durham", True)


def test_another_organizations_contact_finds_no_page(site, session, made):
    other = organization(session, "Other Foods")
    site.open(url(other), expect=404)
    place = make.location(session)
    site.sign_in(make.manager(session, place)).open(url(made), expect=404)
