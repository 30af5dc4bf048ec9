"""The state decides about lists: forms, workbooks, uploads and rules follow, and what was used stays readable."""

from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
import time_machine
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from app.domain.eligibility.facts import Told, facts_on
from app.domain.program.decide_list import decisions_on
from app.domain.program.industries import INDUSTRIES
from app.domain.program.living import lists_in_force
from app.domain.program.models import ListDecision
from tests import make
from tests.browserless import text_of
from tests.make.organizations import organization
from tests.make.vaccinations import someone

TODAY = date(2021, 3, 10)
NEW = {"label": "Fishing and hunting", "label_es": "Pesca y caza", "sector": "frontline", "place": "1"}


@pytest.fixture
def staff(site, session, now):
    return site.sign_in(make.administrator(session))


def day(value):
    return {"day__month": str(value.month), "day__day": str(value.day), "day__year": str(value.year)}


def options(page, name="industry"):
    return [option.text.strip() for option in page.select(f"select[name={name}] option")][1:]


def entry(staff, code, name="industries"):
    return staff.open(f"/state/lists/{name}/{code}")


def test_a_new_industry_is_offered_from_its_day_on_everywhere(staff, session):
    tomorrow = TODAY + timedelta(days=1)
    page = staff.submit(staff.open("/state/lists/industries/new"), "#entry", **NEW, **day(tomorrow))
    assert "What changes soon" in text_of(page)
    assert "Fishing and hunting" not in options(staff.open("/state/organizations/new"))
    with time_machine.travel("2021-03-11 15:00", tick=False):
        staff.sign_in(make.administrator(session))
        assert options(staff.open("/state/organizations/new"))[0] == "Fishing and hunting"
        made = staff.submit(
            staff.open("/state/organizations/new"), name="Outer Banks Fishing", industry="fishing_and_hunting"
        )
        assert "Fishing and hunting" in text_of(made, "#details")
    with lists_in_force(lambda: decisions_on(session, tomorrow)):
        assert INDUSTRIES.find("fishing AND hunting").sector == "frontline"
        assert facts_on(tomorrow, date(1980, 1, 1), "fishing_and_hunting", Told()).sector == "frontline"
    assert INDUSTRIES.find("Fishing and hunting") is None


def test_recipients_read_a_renamed_entry_in_their_language_and_uploads_know_both_names(site, session, staff):
    page = entry(staff, "education")
    assert page.select_one("#label_es")["value"]
    staff.submit(page, "#entry", label="Schools and child care", label_es="Escuelas y guarderías", **day(TODAY))
    with lists_in_force(lambda: decisions_on(session, TODAY)):
        assert {INDUSTRIES.find(word).code for word in ("schools and child care", "Education and child care")} == {
            "education"
        }
    session.rollback()
    patient = someone(session, make.location(session))
    account = make.person(session, patient.id)
    url = f"/recipient/{patient.id}/registration/work"
    assert "Schools and child care" in options(site.sign_in(account).open(url))
    account.language = "es"
    session.commit()
    assert "Escuelas y guarderías" in options(site.open(url))


def test_an_ended_entry_is_offered_no_more_and_stays_readable(staff, session):
    made = organization(session, "Harvest Foods", industry="finance")
    staff.submit(entry(staff, "finance"), "#entry", offered=[], **day(TODAY))
    assert "Financial services" not in options(staff.open("/state/organizations/new"))
    assert "Financial services" in text_of(staff.open(f"/state/organizations/{made.id}"), "#details")
    page = staff.open("/state/lists/industries")
    assert "Not offered today" in text_of(page)
    staff.submit(entry(staff, "finance"), "#entry", offered="y", place="1", **day(TODAY))
    assert options(staff.open("/state/organizations/new"))[0] == "Financial services"


def test_the_workbook_of_an_upload_offers_what_the_list_offers(site, session, staff):
    staff.submit(staff.open("/state/lists/industries/new"), "#entry", **NEW, **day(TODAY))
    place = make.location(session)
    site.sign_in(make.manager(session, place))
    page = site.open(f"/provider/{place.id}/uploads")
    book = openpyxl.load_workbook(BytesIO(site.get(page.select_one('a[href$=".xlsx"]')["href"]).data))
    words = {cell.value for column in book["Lists"].columns for cell in column}
    assert "Fishing and hunting" in words
    book.close()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"label": " "}, "Fill this in"),
        ({"label_es": ""}, "Fill this in"),
        ({"label": "x" * 121}, "Use 120 characters or fewer"),
        ({"label": "retail"}, "Another entry of this list"),
        ({"sector": ""}, "Choose one from the list"),
        ({"sector": "royalty"}, "Choose one from the list"),
        ({"place": "22"}, "Enter a number from 1 to 21"),
        ({"place": "first"}, "Enter a number from 1 to 21"),
        (day(TODAY - timedelta(days=1)), "This day is past"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(staff, session, typed, said):
    sent = NEW | day(TODAY) | typed
    page = staff.submit(staff.open("/state/lists/industries/new"), "#entry", expect=422, **sent)
    assert said in text_of(page, ".usa-form-group--error")
    assert session.scalar(select(ListDecision.id)) is None


def test_what_the_program_needs_is_renamed_but_not_ended(staff):
    page = staff.submit(entry(staff, "other", "waste_reasons"), "#entry", expect=422, offered=[], **day(TODAY))
    assert "It can be renamed, not ended" in text_of(page, ".usa-form-group--error")
    staff.submit(entry(staff, "other", "waste_reasons"), "#entry", label="Something else", **day(TODAY))
    assert "Something else" in text_of(staff.open("/state/lists/waste_reasons"))


def test_decisions_are_history_and_only_administrators_make_them(site, session, staff):
    staff.submit(staff.open("/state/lists/industries/new"), "#entry", **NEW, **day(TODAY))
    assert "Ann Lee" in text_of(staff.open("/state/lists/industries"))
    with pytest.raises(DatabaseError):
        session.execute(text("UPDATE list_decision SET label = 'x'"))
    session.rollback()
    staff.open("/state/lists/counties", expect=404)
    staff.open("/state/lists/industries/knitting", expect=404)
    site.sign_in(make.manager(session, make.location(session)))
    for url in (
        "/state/lists",
        "/state/lists/industries",
        "/state/lists/industries/new",
        "/state/lists/industries/other",
    ):
        site.open(url, expect=404)
