"""Federal reporting as staff of the state see it: what was made, what waits, and the file itself."""

from datetime import UTC, date, datetime

from sqlalchemy import text

from app.domain.accounts.access import system
from app.domain.reporting.cvrs.make_extract import make_extract
from tests import make
from tests.browserless import text_of
from tests.make.inventory import lot
from tests.make.vaccinations import ZONE, dose, someone


def test_staff_take_the_file_of_a_day_and_see_what_it_held_back(site, session, database, storage, now):
    at = make.location(session)
    stock = lot(session, at)
    address = {"county_fips": "37183", "state_abbr": "NC", "zip": "27601"}
    dose(session, at, someone(session, **address), stock)
    held = someone(session, **{**address, "zip": "10001"})
    dose(session, at, held, stock)
    site.sign_in(make.administrator(session))
    assert "No extract was made yet" in text_of(site.open("/state/federal"))
    make_extract(database, storage, system("test"), date(2021, 3, 10), zone=ZONE, now=datetime(2021, 3, 11, 9, tzinfo=UTC))
    page = site.open("/state/federal")
    assert page.select_one("main a[href$=held-back]")
    page = site.open(page.select_one("main th a")["href"])
    assert "ZIP code of the person : ZIP does not belong to the state" in text_of(page)
    assert held.code in text_of(page)
    assert "Lopez" not in text_of(page)
    link = page.select_one("main a[href$='1.txt']")
    assert link.text == "20210310_01_NCA.txt"
    taken = site.get(link["href"])
    assert "20210310_01_NCA.txt" in taken.headers["Content-Disposition"]
    assert taken.get_data().count(b"\n") == 2
    assert session.execute(text("SELECT count(*) FROM audit_entry WHERE act = 'report.federal_extract_downloaded'")).scalar() == 1
    assert held.code in text_of(site.open("/state/federal/held-back"))
    for wrong in ("/state/federal/2021-03-09", "/state/federal/monday", "/state/federal/2021-03-10/2.txt"):
        site.open(wrong, expect=404)
