"""The locations of an enrollment: by hand, by workbook, changed and taken out."""

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select
from sqlalchemy.event import listen, remove

from app.documents.workbooks.locations import LOCATIONS
from app.domain.accounts.access import Role
from app.domain.accounts.models import Account, Grant, Invitation
from app.domain.enrollment.add_location import AddEnrolledLocation, add_location
from app.domain.enrollment.change_location import ChangeLocation, change_location
from app.domain.enrollment.models import EnrolledLocation, EnrollmentEvent
from app.infra import clock
from tests.browserless import read_html, text_of
from tests.files.workbooks import saved, xlsx
from tests.make import enrollment as enrolling

HEADINGS = [column.header for column in LOCATIONS.columns]


def rows_of(count, **other):
    """Rows of a workbook, each another location with a coordinator of its own."""
    for number in range(1, count + 1):
        own = {
            "name": f"Clinic {number}",
            "street": f"{number} Elm Street",
            "coordinator_email": f"c{number}@example.org",
        }
        yield [(LOCATIONS.example | own | other)[column.key] for column in LOCATIONS.columns]


def workbook(*rows):
    return xlsx([HEADINGS, *rows], sheet="Locations")


@pytest.fixture
def applied(session):
    return enrolling.started(session)[0]


@pytest.fixture
def base(site, session, applied):
    """The address of the locations; the administrator is signed in."""
    site.sign_in(session.get_one(Account, enrolling.boss_of(session, applied).id))
    return f"/enrollment/{applied.id}/locations"


def upload(site, base, data, name="locations.xlsx", *, expect=200):
    return site.submit(site.open(f"{base}/workbook"), file=(io.BytesIO(data), name), expect=expect)


def places(session, applied):
    session.expire_all()
    return enrolling.locations_of(session, applied)


def add(session, applied, number=1, **other):
    boss = enrolling.boss_of(session, applied)
    made = add_location(
        session, boss, AddEnrolledLocation(applied.id, enrolling.place(number, **other)), now=clock.now()
    )
    session.commit()
    return made


def test_a_location_is_added_by_hand_and_the_next_one_at_once(site, session, base, applied):
    page = site.open(f"{base}/new")
    assert page.select_one("[name=state] option[selected]")["value"] == "NC"
    page = site.submit(page, press="Save and add another", **enrolling.place(1))
    assert "Added: Harvest Pharmacy 1" in text_of(page)
    assert site.url == f"{base}/new"
    page = site.submit(page, **enrolling.place(2))
    assert [one.number for one in places(session, applied)] == [1, 2]
    assert "Verac Cole" in text_of(page, "#found")


def test_what_is_missing_or_wrong_is_said_beside_the_field(site, session, base, applied):
    page = site.open(f"{base}/new")
    typed = enrolling.place(1) | {"county": "", "coordinator_email": "vera"}
    page = site.submit(page, expect=422, **typed)
    assert "Choose an answer" in text_of(page, "#county-error")
    assert "like name@example.org" in text_of(page, "#coordinator_email-error")
    assert page.select_one("[name=name]")["value"] == "Harvest Pharmacy 1"
    assert places(session, applied) == []


def test_outside_the_state_no_county_is_asked_for(site, session, base, applied):
    site.submit(site.open(f"{base}/new"), **enrolling.place(1) | {"county": "", "state": "VA"})
    (made,) = places(session, applied)
    assert made.answers["state"] == "VA"


def test_the_same_place_twice_is_refused_by_its_code(site, session, base, applied):
    first = add(session, applied)
    page = site.submit(site.open(f"{base}/new"), expect=422, **enrolling.place(1))
    assert first.code in text_of(page, "#name-error")


def test_a_double_click_adds_one_location(site, session, base, applied):
    page = site.open(f"{base}/new")
    site.submit(page, **enrolling.place(1))
    page = site.submit(page, **enrolling.place(1))
    assert "nothing was done twice" in text_of(page)
    assert len(places(session, applied)) == 1


def test_a_location_is_changed_and_a_new_coordinator_takes_over(site, session):
    applied = enrolling.with_section_a(session)
    (place,) = enrolling.locations_of(session, applied)
    enrolling.coordinator_of(session, place)
    site.sign_in(session.get_one(Account, enrolling.boss_of(session, applied).id))
    page = site.open(f"/enrollment/{applied.id}/locations/{place.id}")
    new = {
        "coordinator_first_name": "Nell",
        "coordinator_last_name": "New",
        "coordinator_email": "nell@harvest.example",
    }
    page = site.submit(page, **new)
    assert "Nell New" in text_of(page, "#found")
    live = select(func.count()).where(Grant.role == Role.VACCINE_COORDINATOR.value, Grant.ended_at.is_(None))
    assert session.scalar(live) == 0
    assert session.scalar(select(func.count()).where(Invitation.email == "nell@harvest.example")) == 1


def test_a_stale_change_shows_both_values(site, session, base, applied):
    place = add(session, applied)
    page = site.open(f"{base}/{place.id}")
    command = ChangeLocation(place.id, {"city": "Cary"}, place.version)
    change_location(session, enrolling.boss_of(session, applied), command, now=clock.now())
    session.commit()
    page = site.submit(page, city="Apex", expect=409)
    said = text_of(page, "#city-error")
    assert "Cary" in said
    assert "Apex" in said
    site.submit(page)
    assert places(session, applied)[0].answers["city"] == "Apex"


def test_a_location_is_taken_out_after_a_question(site, session, base, applied):
    place = add(session, applied)
    page = site.open(f"{base}/{place.id}")
    page = site.open(page.select_one('main a[href$="/remove"]')["href"])
    assert "Take out Harvest Pharmacy 1?" in text_of(page)
    page = site.submit(page)
    assert "Taken out: Harvest Pharmacy 1" in text_of(page)
    assert "No location yet" in text_of(page)
    assert places(session, applied)[0].status == "removed"
    site.open(f"{base}/{place.id}")
    assert "cannot be changed at the moment" in text_of(site.open(f"{base}/{place.id}"))


def test_the_history_names_the_location(site, session, base, applied):
    place = add(session, applied)
    events = session.scalars(select(EnrollmentEvent).where(EnrollmentEvent.act == "add")).all()
    assert [event.enrolled_location_id for event in events] == [place.id]
    said = text_of(site.open(f"/enrollment/{applied.id}"), "#history")
    assert "The location was added (Harvest Pharmacy 1)" in said


def test_four_hundred_locations_come_in_by_workbook_and_are_paged(site, session, base, applied):
    page = upload(site, base, workbook(*rows_of(400)))
    assert "400 locations were added." in text_of(page)
    assert len(places(session, applied)) == 400
    assert len(page.select("#found tbody tr")) == 50
    page = site.open(page.select_one("a[rel=next]")["href"])
    assert "Clinic 51" in text_of(page, "#found")
    page = upload(site, base, workbook(*rows_of(400)))
    assert "0 locations were added. 400 were there already." in text_of(page)
    assert len(places(session, applied)) == 400


def test_good_rows_are_taken_and_the_others_come_back_to_be_mended(site, session, base, applied):
    good, bad = rows_of(2)
    bad[HEADINGS.index("ZIP Code")] = "276"
    page = upload(site, base, workbook(good, bad))
    said = text_of(page)
    assert "1 location was added." in said
    assert "1 row to mend" in said
    assert "G3" in said
    assert "276" in said
    response = site.get(f"{base}/workbook/rows-to-mend.xlsx")
    book = load_workbook(io.BytesIO(response.data))
    assert book["Locations"]["G2"].value == "276"
    assert book["Locations"]["G2"].comment is not None
    book["Locations"]["G2"] = "27601"
    page = upload(site, base, saved(book))
    assert "1 location was added." in text_of(page)
    assert len(places(session, applied)) == 2
    assert "to mend" not in text_of(site.open(f"{base}/workbook"))
    site.open(f"{base}/workbook/rows-to-mend.xlsx", expect=404)


def test_the_template_is_a_workbook_that_can_be_filled_in(site, session, base, applied):
    book = load_workbook(io.BytesIO(site.get(f"{base}/workbook/template.xlsx").data))
    for place, value in enumerate(next(iter(rows_of(1))), start=1):
        book["Locations"].cell(3, place, value)
    page = upload(site, base, saved(book))
    assert "1 location was added." in text_of(page)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty"),
        (b"%PDF-1.7 not a list", "not an Excel workbook"),
        (xlsx([HEADINGS], sheet="Locations"), "no rows below"),
        (xlsx([["Location Name", "City", "County"], ["x", "y", "z"]], sheet="Locations"), "columns are missing"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_whole(site, session, base, applied, data, said):
    page = upload(site, base, data, expect=422)
    assert said in text_of(page, "#file-error")
    assert places(session, applied) == []


def test_no_file_is_said_beside_the_field(site, base):
    page = site.submit(site.open(f"{base}/workbook"), expect=422)
    assert "Choose the file" in text_of(page, "#file-error")


def test_the_fragment_is_the_list_of_the_page(site, session, base, applied):
    add(session, applied, 1)
    add(session, applied, 2, name="Apex Clinic")
    page = site.open(f"{base}?q=apex")
    assert "Apex Clinic" in text_of(page, "#found")
    assert "Harvest Pharmacy 1" not in text_of(page, "#found")
    fragment = read_html(site.htmx(f"{base}?q=apex", target="div#found").get_data(as_text=True))
    assert " ".join(str(fragment.select_one("#found")).split()) == " ".join(str(page.select_one("#found")).split())
    assert "No location has “zzz” in its name" in text_of(site.open(f"{base}?q=zzz"))


def test_while_the_state_looks_nothing_is_added(site, session):
    applied = enrolling.submitted(session)
    site.sign_in(session.get_one(Account, enrolling.boss_of(session, applied).id))
    base = f"/enrollment/{applied.id}/locations"
    assert not site.open(base).select("main a[href$='/new']")
    assert "at the moment" in text_of(site.open(f"{base}/workbook"))
    page = site.open(f"{base}/new")
    page = site.submit(page, **enrolling.place(9))
    assert "cannot be changed at the moment" in text_of(page)
    assert session.scalar(select(func.count()).select_from(EnrolledLocation)) == 1


def test_somebody_elses_location_is_not_there(site, session, base, applied):
    other = enrolling.with_section_a(session, email="other@example.org")
    (place,) = enrolling.locations_of(session, other)
    site.open(f"{base}/{place.id}", expect=404)
    site.open(f"{base}/{place.id}/remove", expect=404)
    site.open(f"/enrollment/{other.id}/locations/{place.id}", expect=404)


def test_no_page_asks_the_database_once_for_each_location(site, session, base, applied, database):
    """The list and the overview cost as many queries for forty locations as for two."""

    def queries(url):
        asked = []
        listen(database.engine, "before_cursor_execute", note := lambda *about: asked.append(about[2]))
        site.open(url)
        remove(database.engine, "before_cursor_execute", note)
        return len(asked)

    pages = [base, base.removesuffix("/locations"), base.replace("/locations", "/section-a")]
    upload(site, base, workbook(*rows_of(2)))
    few = [queries(url) for url in pages]
    upload(site, base, workbook(*rows_of(40)))
    assert len(places(session, applied)) == 40
    assert [queries(url) for url in pages] == few
    assert max(few) <= 29
