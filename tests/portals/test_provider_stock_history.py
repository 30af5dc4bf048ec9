"""Account History: who received what when at a location, filtered, paged, and taken along."""

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import event, select

from app.domain.accounts.access import system
from app.domain.inventory.deprecate import Deprecate, deprecate
from app.infra.audit import AuditEntry
from tests import make
from tests.browserless import text_of
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import dose, someone


@pytest.fixture
def place(session, now):
    return make.location(session)


@pytest.fixture
def base(site, session, place):
    """The address of the inventory; the Location Manager is signed in."""
    site.sign_in(make.manager(session, place, first_name="Mo", last_name="Miller"))
    return f"/provider/{place.id}/inventory"


def entries(page):
    return [" ".join(row.get_text(" ").split()) for row in page.select("#history tbody tr")]


def follow(site, page, words):
    return site.open(next(link["href"] for link in page.select("main a") if words in link.text))


def test_it_is_reached_from_the_inventory_through_the_location_and_related(site, session, base, place):
    stock = make_lot(session, place, number="EN6201", doses=6)
    dose(session, place, someone(session, place, first_name="Rosa", last_name="Diaz"), stock)
    page = follow(site, site.open(base), "About this location")
    assert page.h1.text == place.name
    assert page.select_one("a[href='#related']")
    assert "Rosa Diaz" in text_of(page, "tbody tr")
    page = follow(site, page, "View All")
    assert page.h1.text == "Account History"
    assert "Dose given Pfizer-BioNTech COVID-19 vaccine EN6201 −1 Rosa Diaz dose 1" in entries(page)[0]
    assert "Received Pfizer-BioNTech COVID-19 vaccine EN6201 +6 –" in entries(page)[1]


def test_there_is_a_shorter_way(site, base):
    page = follow(site, site.open(base), "Account History")
    assert "Nothing happened here yet" in text_of(page)


def test_it_is_narrowed_by_kind_lot_vaccine_and_recipient(site, session, base, place):
    first = make_lot(session, place, number="EN1", doses=6)
    other = make_lot(session, place, number="MO2", doses=10, product="moderna-10")
    dose(session, place, someone(session, place, first_name="Rosa", last_name="Diaz"), first)
    dose(session, place, someone(session, place, first_name="Sam", last_name="Tran"), first)
    page = site.open(f"{base}/history")
    assert len(entries(page)) == 4
    assert [text.count("Received") for text in entries(site.submit(page, kind="received"))] == [1, 1]
    (line,) = entries(site.submit(page, lot=str(other.id)))
    assert "MO2" in line
    (line,) = entries(site.submit(page, product=str(other.product_id)))
    assert "MO2" in line
    (line,) = entries(site.submit(page, name="Diaz"))
    assert "Rosa Diaz" in line
    assert "Diaz" not in site.url
    assert "Nothing fits" in text_of(site.submit(page, name="Nobody"))


def test_it_is_narrowed_by_local_days_which_both_count(site, session, base, place):
    make_lot(session, place, number="EN1")
    page = site.open(f"{base}/history")
    today = {"first-month": "3", "first-day": "10", "first-year": "2021"}
    through = {"last-month": "3", "last-day": "10", "last-year": "2021"}
    assert len(entries(site.submit(page, **(today | through)))) == 1
    assert entries(site.submit(page, **(today | {"first-day": "11"}))) == []
    assert entries(site.submit(page, **(through | {"last-day": "9"}))) == []


def test_days_that_cannot_be_are_refused_beside_their_field(site, base):
    page = site.open(f"{base}/history")
    wrong = {"first-month": "2", "first-day": "30", "first-year": "2021"}
    assert "Enter a real date" in text_of(site.submit(page, expect=422, **wrong), ".usa-form-group--error")
    late = {"first-month": "3", "first-day": "9", "first-year": "2021"}
    early = {"last-month": "3", "last-day": "1", "last-year": "2021"}
    page = site.submit(page, expect=422, **(late | early))
    assert "before the first day" in text_of(page, ".usa-form-group--error")


def test_made_up_filters_narrow_nothing(site, session, base, place):
    make_lot(session, place)
    page = site.open(f"{base}/history?kind=water&lot=x&product=1&first=yesterday&q=zzz&after=zzz")
    assert len(entries(page)) == 1


def test_many_entries_are_paged_and_ask_the_database_as_often_as_few(site, session, base, place, database, now):
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *what: asked.append(what[2]))
    stock = make_lot(session, place, doses=100)
    dose(session, place, someone(session, place), stock)
    asked.clear()
    site.open(f"{base}/history")
    few = len(asked)
    for _ in range(60):
        command = Deprecate(place.id, stock.id, "waste", "broken", 1)
        deprecate(session, system("test"), command, now=now, today=now.date())
    session.commit()
    asked.clear()
    page = site.open(f"{base}/history?kind=wasted")
    assert len(asked) <= few <= 14
    assert len(entries(page)) == 50
    page = site.open(page.select_one("a[rel=next]")["href"])
    assert len(entries(page)) == 10
    assert "kind=wasted" in site.url


def test_the_manager_takes_it_along_as_workbook_and_csv_and_that_is_logged(site, session, base, place, now):
    stock = make_lot(session, place, number="EN6201", doses=6, expires_on=now.date() + timedelta(days=20))
    dose(session, place, someone(session, place, first_name="Rosa", last_name="Diaz"), stock)
    command = Deprecate(place.id, stock.id, "waste", "other", 2, "=1+1")
    deprecate(session, system("test"), command, now=now + timedelta(minutes=1), today=now.date())
    session.commit()
    page = site.open(f"{base}/history")
    told = site.get(page.find("a", string="Excel workbook")["href"])
    sheet = openpyxl.load_workbook(io.BytesIO(told.data)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:6] == ("When", "What", "Vaccine", "Lot", "Expires", "Doses")
    assert [row[1] for row in rows[1:]] == ["Wasted", "Dose given", "Received"]
    assert rows[2][6] == "Rosa Diaz"
    assert (rows[1][5], rows[1][11]) == (-2, "=1+1")
    assert sheet["L2"].data_type == "s"
    told = site.get(page.find("a", string="CSV file")["href"])
    lines = list(csv.DictReader(io.StringIO(told.data.decode("utf-8-sig"))))
    assert [line["Doses"] for line in lines] == ["-2", "-1", "6"]
    assert lines[0]["Reference"] == "'=1+1"
    assert lines[1]["Recipient"] == "Rosa Diaz"
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.act == "inventory.history_exported")).all()
    assert len(acts) == 2


def test_the_export_holds_what_the_list_shows(site, session, base, place):
    make_lot(session, place, number="EN1")
    make_lot(session, place, number="EN2")
    page = site.open(f"{base}/history")
    lot = next(option["value"] for option in page.select("[name=lot] option") if option.text == "EN2")
    page = site.submit(page, lot=lot)
    told = site.get(page.find("a", string="CSV file")["href"]).data.decode("utf-8-sig")
    assert "EN2" in told
    assert "EN1" not in told


def test_a_healthcare_provider_reads_it_and_takes_nothing_along(site, session, base, place):
    make_lot(session, place)
    site.sign_in(make.healthcare_provider(session, place))
    page = site.open(f"{base}/history")
    assert "Excel workbook" not in text_of(page)
    site.get(f"{base}/history.xlsx", expect=403)


def test_htmx_gets_the_list_only(site, session, base, place):
    make_lot(session, place, number="EN1")
    told = site.htmx(f"{base}/history?kind=received", target="div#history").get_data(as_text=True)
    assert told.strip().startswith('<div id="history"')
    assert "EN1" in told
