"""Figures for staff: what a chart draws, the table says and a download holds is the same; one may choose, and not everybody."""

import csv
import io
from datetime import timedelta

import brotli
import openpyxl
import pytest
from sqlalchemy import event

from app.domain.accounts.access import Role
from app.domain.reporting.populations import read_populations
from app.portals.state.dashboards.pages import PAGES
from tests import make
from tests.browserless import text_of
from tests.make.accounts import account
from tests.make.figures import HYDE, WAKE, counted_people

MOST_BYTES = 14_000


@pytest.fixture
def staff(session, database, now):
    counted_people(session, database, now=now)
    return make.administrator(session)


def rows_of(page):
    """The table as shown: what each row is about, and its cells."""
    return {
        row.th.get_text(strip=True): [cell.get_text(strip=True) for cell in row.select("td")]
        for row in page.select("main table tbody tr")
    }


def file_of(site, url):
    found = csv.reader(io.StringIO(site.get(url).get_data().decode("utf-8-sig")))
    return {row[0]: row[1:] for row in found}


@pytest.mark.parametrize("slug", PAGES)
def test_every_figure_has_a_page_a_table_and_files(site, staff, slug):
    page = site.sign_in(staff).open(f"/state/figures/{slug}")
    assert text_of(page, "h1")
    for one in page.select("main svg[role]"):
        assert one.find("title").text
        assert one.find("desc").text
        assert {page.find(id=name).name for name in one["aria-labelledby"].split()} == {"title", "desc"}
    site.open(f"/state/figures/{slug}/table")
    columns = file_of(site, f"/state/figures/{slug}/file.csv")
    book = openpyxl.load_workbook(io.BytesIO(site.get(f"/state/figures/{slug}/file.xlsx").data))
    assert len(book.worksheets) == 2
    assert book.worksheets[0].max_row == len(columns)


def test_the_map_the_table_and_the_files_agree(site, session, staff):
    page = site.sign_in(staff).open("/state/figures/people-by-county")
    said = dict(title.text.split(": ") for title in page.select(".chart--map a title"))
    links = {link.title.text.split(":")[0]: link["href"] for link in page.select(".chart--map a")}
    shown = rows_of(site.open("/state/figures/people-by-county/table")) | rows_of(
        site.open("/state/figures/people-by-county/table?page=1")
    )
    kept = file_of(site, "/state/figures/people-by-county/file.csv")
    sheet = openpyxl.load_workbook(io.BytesIO(site.get("/state/figures/people-by-county/file.xlsx").data)).worksheets[0]
    book = {row[0]: row[1:] for row in sheet.iter_rows(values_only=True)}
    population = read_populations(session).people(WAKE, "all", "all")
    assert len(said) == 100
    assert links["Wake"] == f"/state/figures/counties/{WAKE}"
    assert all(shown[county][3] == share for county, share in said.items())
    assert shown["Wake"][:3] == ["10", "1", f"{population:,}"]
    assert kept["Wake"] == ["10", "1", str(population), "0.0", "0.0"]
    assert book["Wake"][:3] == (10, 1, population)
    assert book["Wake"][3] == pytest.approx(10 / population)


def test_days_without_doses_are_shown_as_none(site, staff, now, settings):
    today = now.astimezone(settings.zone).date()
    since, until = today - timedelta(days=31), today
    page = site.sign_in(staff).open(f"/state/figures/doses-by-day?since={since}&until={until}&by=dose_number")
    assert [one.get_text(strip=True) for one in page.select(".chart .legend li")] == ["Dose 1", "Dose 2"]
    assert "Most on" in page.select_one(".chart desc").text
    kept = file_of(site, f"/state/figures/doses-by-day/file.csv?since={since}&until={until}&by=dose_number")
    assert kept["Day"] == ["Dose 1", "Dose 2"]
    assert len(kept) == 33
    assert sum(int(row[0]) for day, row in kept.items() if day != "Day") == 14
    assert kept[str(today - timedelta(days=5))] == ["0", "1"]


def test_a_county_is_chosen_and_has_a_page(site, staff):
    page = site.sign_in(staff).open(f"/state/figures/people-by-group?county={HYDE}&dimension=race")
    assert rows_of(page)["American Indian or Alaska Native"][:2] == ["1", "0"]
    page = site.open(f"/state/figures/counties/{HYDE}")
    assert text_of(page, "h1") == "Hyde County"
    assert text_of(page, ".stats dd") == "4"
    assert len(page.select(".chart--bars")) == 4
    site.open("/state/figures/counties/37000", expect=404)
    site.open("/state/figures/nothing", expect=404)
    site.open("/state/figures/people-by-county/table?page=-1", expect=404)


@pytest.mark.parametrize("chosen", ["since=yesterday", "since=2021-03-01&until=2021-02-01", "since=0001-01-01", "until=9999-12-31"])
def test_days_that_make_no_sense_are_said_and_the_usual_ones_shown(site, staff, chosen):
    page = site.sign_in(staff).open(f"/state/figures/doses-by-day?{chosen}")
    assert "The latest 90 days are shown" in text_of(page, ".usa-alert--warning")
    assert page.select_one(".chart--lines")


def test_the_glance_tells_how_many_of_all(site, staff):
    page = site.sign_in(staff).open("/state/figures")
    assert [one.text for one in page.select(".stats dd")][:3] == ["1", "14", "1"]
    assert len(page.select("figure.chart")) == 3
    assert len(page.select(".grid .card")) == len(PAGES)
    assert "sample populations" in text_of(page)


@pytest.mark.once
@pytest.mark.parametrize(("url", "most"), [
    ("/state/figures", 12), ("/state/figures/people-by-county", 11), ("/state/figures/people-by-county/table", 11),
    ("/state/figures/doses-by-day", 11), (f"/state/figures/counties/{WAKE}", 13),
])  # fmt: skip
def test_a_dashboard_is_light_and_asks_few_questions(site, staff, database, url, most):
    asked = []
    site.sign_in(staff).get(url)
    event.listen(database.engine, "before_cursor_execute", note := lambda *parts: asked.append(parts[2]))
    body = site.get(url).data
    event.remove(database.engine, "before_cursor_execute", note)
    assert len([one for one in asked if one.startswith("SELECT")]) <= most, asked
    assert len(brotli.compress(body, quality=4)) < MOST_BYTES


def test_who_may_see_figures_and_who_may_replace_populations(site, session, staff):
    site.sign_in(make.manager(session, make.location(session, "Second Clinic"))).open("/state/figures", expect=404)
    viewer = account(session, Role.STATE_VIEWER, realm="state")
    site.sign_in(viewer).open("/state/figures")
    assert "own" not in text_of(site.open("/state/figures/people-by-group"), ".usa-alert")
    site.open("/state/figures/populations", expect=403)
    site.open("/state/figures/populations/file.xlsx", expect=403)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("Wake,All people,All people,10", "lacks"),
        ("Wake,All people,All people,many", "Write a whole number"),
        ("Nowhere,All people,All people,10", "Write a county"),
        ('Wake,Race,"=HYPERLINK(1)",10', "Write one of"),
    ],
)
def test_a_table_that_is_not_whole_changes_nothing(site, session, staff, lines, said):
    page = site.sign_in(staff).open("/state/figures/populations")
    sent = {"source": "State Demographer", "file": (io.BytesIO(f"County,By,Group,People\n{lines}\n".encode()), "p.csv")}
    page = site.submit(page, "main form", expect=422, **sent)
    assert said in text_of(page)
    assert page.select_one("#source")["value"] == "State Demographer"
    assert read_populations(session).is_sample


def test_populations_are_taken_along_changed_and_brought_in(site, session, staff):
    table = site.sign_in(staff).get("/state/figures/populations/file.xlsx").data
    book = openpyxl.load_workbook(io.BytesIO(table))
    sheet = book.worksheets[0]
    people = next(row[3] for row in sheet.iter_rows(min_row=2) if row[0].value == "Hyde" and row[2].value == "All people")
    before = people.value
    people.value = before + 60
    out = io.BytesIO()
    book.save(out)

    page = site.open("/state/figures/populations")
    assert "This is a sample" in text_of(page)
    sent = {"source": "State Demographer, July 2020", "file": (io.BytesIO(out.getvalue()), "p.xlsx")}
    page = site.submit(page, "main form", expect=200, **sent)
    assert "The populations are replaced" in text_of(page)
    assert "State Demographer, July 2020" in text_of(page)
    assert read_populations(session).people(HYDE, "all", "all") == before + 60
    assert "sample" not in text_of(site.open("/state/figures"))
