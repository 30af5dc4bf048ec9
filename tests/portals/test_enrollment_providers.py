"""The practising providers of a location: by hand while they are few, by workbook when they are many."""

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app.domain.accounts.models import Account
from app.domain.enrollment.models import PracticingProvider
from tests.browserless import text_of
from tests.files.workbooks import saved, xlsx
from tests.make import enrollment as making

HEADINGS = ("First Name", "Last Name", "Title", "License Number")
NORA = {"first_name": "Nora", "last_name": "Nolan", "title": "NP", "license_number": "NP-1"}


@pytest.fixture
def location(session, now):
    return making.locations_of(session, making.with_section_a(session))[0]


@pytest.fixture
def coordinator(site, session, location):
    return site.sign_in(session.get_one(Account, making.coordinator_of(session, location).id))


def at(location, rest=""):
    return f"/enrollment/{location.enrollment_id}/locations/{location.id}/providers{rest}"


def listed(session):
    query = select(PracticingProvider.license_number).where(PracticingProvider.removed_at.is_(None))
    return sorted(session.scalars(query))


def people(count):
    return [(f"Ann{chr(97 + n)}", "Lee", "MD", f"L-{n}") for n in range(count)]


def upload(site, location, rows, *, name="people.xlsx", **how):
    data = rows if isinstance(rows, bytes) else xlsx([HEADINGS, *rows], sheet="Practicing Providers")
    page = site.open(at(location, "/workbook"))
    return site.submit(page, "form[enctype]", file=(io.BytesIO(data), name), **how)


def test_somebody_is_added_by_hand_and_taken_off(coordinator, session, location):
    page = coordinator.submit(coordinator.open(at(location)), "#provider", **NORA)
    assert "Added: Nora Nolan" in text_of(page)
    page = coordinator.submit(page, "#provider", expect=422, **{**NORA, "license_number": "np 1"})
    assert "on the list already" in text_of(page, "#license_number-error")
    assert page.select_one("#first_name")["value"] == "Nora"
    page = coordinator.submit(page, "form[action$='/remove']")
    assert "Nobody on the list yet" in text_of(page)
    assert listed(session) == []


def test_what_is_missing_stands_beside_its_field(coordinator, location):
    page = coordinator.submit(
        coordinator.open(at(location)), "#provider", expect=422, first_name="N0ra", last_name="Nolan", title="NP",
        license_number="",
    )  # fmt: skip
    assert "Enter the license number" in text_of(page, "#license_number-error")
    page = coordinator.submit(page, "#provider", expect=422, license_number="NP-1")
    assert "letters, no digits" in text_of(page, "#first_name-error")


def test_the_template_is_filled_in_and_uploaded(coordinator, session, location):
    book = load_workbook(io.BytesIO(coordinator.get(at(location, "/workbook/template.xlsx")).data))
    sheet = book["Practicing Providers"]
    for place, value in enumerate(people(1)[0], start=1):
        sheet.cell(3, place, value)
    page = upload(coordinator, location, saved(book))
    assert "1 person was added" in text_of(page)
    assert listed(session) == ["L-0"]


def test_from_twenty_five_on_the_workbook_comes_first(coordinator, session, location):
    page = upload(coordinator, location, people(25))
    assert "25 people were added" in text_of(page)
    assert page.select_one("details #provider")
    assert len(listed(session)) == 25
    assert "was added" not in text_of(upload(coordinator, location, people(25)))
    assert len(listed(session)) == 25


def test_mistakes_are_named_by_cell_and_come_back_to_be_mended(coordinator, session, location):
    page = upload(coordinator, location, [*people(2), ("Bea", "Lee", "Astronaut", "L-9"), ("Cid", "Lee", "MD", "")])
    text = text_of(page)
    assert "2 people were added" in text
    assert "2 rows to mend" in text
    assert "C4" in text
    assert "Astronaut" in text
    assert "D5" in text
    assert listed(session) == ["L-0", "L-1"]
    book = load_workbook(io.BytesIO(coordinator.get(at(location, "/workbook/rows-to-mend.xlsx")).data))
    sheet = book["Practicing Providers"]
    titles = [cell.value.rstrip("*") for cell in sheet[1] if cell.value]
    column = {title: place + 1 for place, title in enumerate(titles)}
    sheet.cell(2, column["Title"], "PA")
    sheet.cell(3, column["License Number"], "L-10")
    page = upload(coordinator, location, saved(book))
    assert "2 people were added" in text_of(page)
    assert listed(session) == ["L-0", "L-1", "L-10", "L-9"]
    coordinator.get(at(location, "/workbook/rows-to-mend.xlsx"), expect=404)


def test_a_file_that_is_no_workbook_is_refused_in_one_sentence(coordinator, session, location):
    page = upload(coordinator, location, b"hello", expect=422)
    assert text_of(page, "#file-error")
    assert listed(session) == []


def test_once_submitted_the_list_is_only_read(site, session, now):
    location = making.locations_of(session, making.submitted(session))[0]
    site.sign_in(session.get_one(Account, making.coordinator_of(session, location).id))
    page = site.open(at(location))
    assert "Nora Nolan" in text_of(page)
    assert page.select("main form") == []
    page = site.open(at(location, "/workbook"))
    assert "cannot be changed at the moment" in text_of(page)
