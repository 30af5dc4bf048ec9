"""The figures for everybody: what is hidden stands nowhere, in no language and in no file; and they are kept for a while."""

import csv
import io

import brotli
import pytest

from app.domain.reporting.public import public_figures
from app.domain.reporting.tables import HIDDEN
from tests.browserless import text_of
from tests.make.figures import HYDE, WAKE, counted_people

PAGES = ("/figures", "/figures/counties", "/figures/groups", f"/figures/counties/{WAKE}")


@pytest.fixture
def people(session, database, now):
    counted_people(session, database, now=now)


def test_the_front_door_leads_to_the_figures(site, people):
    assert site.anonymous().open("/").select_one("main a[href='/figures']")
    page = site.open("/figures")
    assert [one.text for one in page.select(".stats dd")] == ["15", "14", "1"]
    assert len(page.select(".chart--map a")) == 100
    assert "sample populations" in text_of(page)
    assert "fewer than 500 people" in text_of(page)


def test_a_small_group_is_not_shown_in_the_chart_nor_in_the_table(site, people):
    page = site.anonymous().open(f"/figures/counties/{HYDE}")
    rows = {row.th.get_text(strip=True): [cell.text for cell in row.select("td")] for row in page.select("tbody tr")}
    assert rows["American Indian or Alaska Native"][:2] == ["not shown", "not shown"]
    assert rows["American Indian or Alaska Native"][3:] == ["not shown", "not shown"]
    chart = next(one for one in page.select(".chart--bars") if one.figcaption.text == "Race")
    assert chart.select_one(".values").get_text(" ").split().count("shown") >= 1


def test_what_is_hidden_stands_in_no_file(site, session, people):
    hidden = 0
    for name, figures in public_figures(session).items():
        body = site.anonymous().get(f"/figures/{name.replace('_', '-')}.csv").get_data().decode("utf-8-sig")
        kept = list(csv.reader(io.StringIO(body)))[1:]
        for row, told in zip(figures.rows, kept, strict=False):
            for value, said in zip(row.values, told[len(row.keys) :], strict=False):
                if value is HIDDEN:
                    assert said == "not shown", (name, row.keys)
                    hidden += 1
    assert hidden > 10
    site.open("/figures/inventory-on-hand.csv", expect=404)
    site.open("/figures/counties/37000", expect=404)


def test_it_speaks_spanish(site, people):
    headers = {"Accept-Language": "es"}
    for url in PAGES:
        page = site.anonymous().open(url, headers=headers)
        assert page.html["lang"] == "es"
        assert not {"dose", "vaccinated", "county", "counties"} & set(text_of(page).lower().split())
    said = text_of(site.open(f"/figures/counties/{HYDE}", headers=headers))
    assert "no se muestra" in said
    assert "Hispano o latino" in said or "Hispano" in said


def test_a_browser_that_has_the_page_is_told_that_nothing_changed(site, session, database, people, now):
    first = site.anonymous().get("/figures")
    mark = first.headers["ETag"]
    assert "private" in first.headers["Cache-Control"]
    again = site.client.get("/figures", headers={"If-None-Match": mark})
    assert (again.status_code, again.data) == (304, b"")
    spanish = site.client.get("/figures", headers={"If-None-Match": mark, "Accept-Language": "es"})
    assert spanish.status_code == 200
    kept = site.get("/figures/people-by-county.csv").headers
    assert kept["Cache-Control"] == "public, max-age=60"
    counted_people(session, database, now=now.replace(microsecond=now.microsecond ^ 1))
    changed = site.client.get("/figures", headers={"If-None-Match": mark})
    assert changed.status_code == 200
    assert "<dd>30</dd>" in changed.text


@pytest.mark.once
@pytest.mark.parametrize("url", PAGES)
def test_a_public_page_is_light(site, people, url):
    assert len(brotli.compress(site.anonymous().get(url).data, quality=4)) < 14_000
