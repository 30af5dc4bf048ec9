"""A location's people narrowed by employer, days and finished series, and the list taken along."""

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import event, select

from app.infra.audit import AuditEntry
from tests import make
from tests.browserless import text_of
from tests.make.inventory import lot as make_lot
from tests.make.organizations import organization
from tests.make.vaccinations import dose, someone


@pytest.fixture
def place(session, now):
    return make.location(session)


@pytest.fixture
def base(site, session, place):
    """The address of the list; the Location Manager is signed in."""
    site.sign_in(make.manager(session, place))
    return f"/provider/{place.id}/recipients"


@pytest.fixture
def crowd(session, place, now):
    """Ana works at Harvest Foods; Cy has one dose, Di both, Eve one that is enough."""
    stock, single = make_lot(session, place, number="EN1"), make_lot(session, place, product="janssen", number="JA1")
    employer = organization(session, "Harvest Foods")
    someone(session, place, first_name="Ana", last_name="Brown", organization_id=employer.id)
    once = someone(session, place, first_name="Cy", last_name="Evans", registered_at=now)
    twice = someone(session, place, first_name="Di", last_name="Fox")
    enough = someone(session, place, first_name="Eve", last_name="Gray")
    dose(session, place, once, stock)
    dose(session, place, twice, stock, given_at=now - timedelta(days=28))
    dose(session, place, twice, stock)
    dose(session, place, enough, single, given_at=now - timedelta(days=3))


def names(page):
    return [link.text for link in page.select("tbody th a")]


def days(name, month, day):
    return {f"{name}-month": str(month), f"{name}-day": str(day), f"{name}-year": "2021"}


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({"doses": "complete"}, ["Di Fox", "Eve Gray"]),
        ({"employer": "harv"}, ["Ana Brown"]),
        ({"employer": "foods"}, []),
        (days("first", 3, 10), ["Cy Evans", "Di Fox"]),
        (days("last", 3, 9), ["Di Fox", "Eve Gray"]),
        (days("first", 3, 7) | days("last", 3, 7), ["Eve Gray"]),
        (days("first", 2, 1) | days("last", 2, 9), []),
        (days("last", 3, 9) | {"name": "fox"}, ["Di Fox"]),
    ],
)
def test_the_list_is_narrowed_by_employer_days_and_finished_series(site, base, chosen, found):
    assert names(site.submit(site.open(base), "form[role=search]", **chosen)) == found


def test_days_that_cannot_be_are_refused_beside_their_field(site, base):
    page = site.submit(site.open(base), "form[role=search]", expect=422, **days("first", 3, 9), **days("last", 3, 1))
    assert "before the first day" in text_of(page, ".usa-form-group--error")


@pytest.mark.usefixtures("crowd")
def test_the_list_is_taken_along_as_it_is_narrowed(site, session, base):
    page = site.submit(site.open(base), "form[role=search]", doses="complete")
    links = {link.text: link["href"] for link in page.select("main a") if "recipients." in link["href"]}
    rows = list(csv.DictReader(io.StringIO(site.get(links["CSV file"]).data.decode("utf-8-sig"))))
    assert [(row["Last name"], row["Doses"], row["Lot of the last dose"]) for row in rows] == [
        ("Fox", "2", "EN1"), ("Gray", "1", "JA1"),
    ]  # fmt: skip
    assert {row["Series complete"] for row in rows} == {"Yes"}
    sheet = openpyxl.load_workbook(io.BytesIO(site.get(links["Excel workbook"]).data)).active
    assert [cell.value for cell in sheet["A"]] == ["Last name", "Fox", "Gray"]
    noted = session.scalars(select(AuditEntry).where(AuditEntry.act == "recipients.exported")).all()
    assert [entry.facts["filters"] for entry in noted] == [["complete"]] * 2


def test_nothing_in_it_is_a_formula(site, session, place, base):
    someone(session, place, first_name="=1+1", last_name="@SUM(A1)")
    (row,) = csv.DictReader(io.StringIO(site.get(f"{base}.csv").data.decode("utf-8-sig")))
    assert (row["First name"], row["Last name"]) == ("'=1+1", "'@SUM(A1)")
    sheet = openpyxl.load_workbook(io.BytesIO(site.get(f"{base}.xlsx").data)).active
    assert (sheet["B2"].value, sheet["B2"].data_type) == ("=1+1", "s")


def test_only_managers_take_it_along(site, session, place, base):
    site.sign_in(make.healthcare_provider(session, place))
    assert "Take this list along" not in text_of(site.open(base))
    site.get(f"{base}.csv", expect=403)


def test_a_long_list_is_exported_whole_with_few_questions(site, session, database, place, base):
    for number in range(120):
        someone(session, place, last_name=f"Brown{number:03}")
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *what: asked.append(what[2]))
    rows = site.get(f"{base}.csv").data.decode("utf-8-sig").splitlines()
    assert len(rows) == 121
    assert len(asked) <= 13
