"""The clinic day: find somebody, check in, ask the screening questions, see who waits."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from app.domain.recipients.closing.close_record import CloseRecord, close_record
from app.domain.vaccinations.find_for_visit import MISSES_OF_PERSON
from app.domain.vaccinations.models import Visit
from app.infra.audit import AuditEntry
from tests import make
from tests.browserless import read_html, text_of
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import dose, someone
from tests.make.vaccinations import visit as make_visit

MARIA = {"last_name": "Lopez", "birth_date-month": "4", "birth_date-day": "28", "birth_date-year": "1950"}


@pytest.fixture
def place(session, now):
    return make.location(session)


@pytest.fixture
def base(site, session, place):
    """The address of the clinic; a Healthcare Provider of it is signed in."""
    site.sign_in(make.healthcare_provider(session, place))
    return f"/provider/{place.id}/clinic"


def find(site, base, detail, **told):
    return site.submit(site.open(base), "#find", **(MARIA | told), detail=detail)


def only_visit(session):
    session.expire_all()
    return session.scalars(select(Visit)).one()


@pytest.mark.parametrize("detail", ["Maria", "maria ", "(919) 555-0142", "0142", "27601", "M@Example.org"])
def test_a_person_of_any_list_is_found_by_last_name_birth_date_and_one_detail_more(site, session, base, detail):
    someone(session, phone="9195550142", zip="27601", email="m@example.org", city="Raleigh")
    page = find(site, base, detail, last_name=" lópez ")
    assert "Maria Lopez Born Apr 28, 1950 · Raleigh No dose yet" in text_of(page, "main .results")
    assert "in this location" not in text_of(page, "main .results")


@pytest.mark.parametrize("detail", ["Mary", "0143", "2760", "x@example.org"])
def test_a_detail_that_does_not_fit_finds_nobody_and_offers_the_walk_in(site, session, base, detail):
    someone(session, phone="9195550142", zip="27601", email="m@example.org")
    page = find(site, base, detail)
    assert "Nobody fits these three details" in text_of(page)
    page = site.open(page.find("a", string=lambda text: text and "walk-in" in text)["href"])
    assert page.select_one("[name=last_name]")["value"] == "Lopez"
    assert page.select_one("[name=birth_date-year]")["value"] == "1950"


def test_whoever_searches_again_finds_what_was_typed(site, session, base):
    page = find(site, base, "Mary")
    page = site.open(page.find("a", string=lambda text: text and "Search again" in text)["href"])
    typed = {field["name"]: field.get("value") for field in page.select("#find input[name]")}
    assert typed.items() >= (MARIA | {"detail": "Mary"}).items()


def test_no_name_birth_date_or_id_stands_in_an_address(site, session, base):
    made = someone(session)
    page = find(site, base, "Maria")
    told = site.url + str(page.select("a, form"))
    for private in ("Lopez", "lopez", "1950", str(made.id)):
        assert private not in site.url
    assert str(made.id) not in told


def test_an_incomplete_question_is_asked_again_with_what_was_typed(site, base):
    page = site.submit(site.open(base), "#find", expect=422, last_name="Lopez", detail="Maria")
    assert "Enter the date of birth" in text_of(page, ".usa-form-group--error")
    assert page.select_one("[name=last_name]")["value"] == "Lopez"


def test_who_tries_many_details_of_one_person_has_to_wait(site, session, base):
    someone(session)
    for _ in range(MISSES_OF_PERSON):
        find(site, base, "Nobody")
    page = site.open(base)
    answer = site.submit(page, "#find", expect=429, **MARIA, detail="Maria")
    assert "wait a few minutes" in text_of(answer)


def test_a_search_of_another_place_or_a_made_up_one_leads_back_to_the_question(site, session, base):
    page = site.open(f"{base}/found?q=made-up")
    assert page.h1.text == "Clinic day"


def test_who_was_found_is_checked_in_once_and_screened_next(site, session, base, place):
    someone(session)
    found = find(site, base, "Maria")
    for _ in range(2):
        page = site.submit(found)
        assert page.h1.text == "Dose for Maria Lopez"
    assert only_visit(session).location_id == place.id
    assert "Maria Lopez" in text_of(site.open(base), "#queue")
    assert "in this location’s list" in text_of(find(site, base, "Maria"), "main .results")


def test_who_has_died_by_the_record_is_not_checked_in_and_the_desk_is_told(site, session, base, now):
    gone = someone(session)
    closing = CloseRecord(gone.id, now.date() - timedelta(days=3))
    staff = make.actor(session, make.administrator(session))
    close_record(session, staff, closing, now=now, today=now.date())
    session.commit()
    page = site.submit(find(site, base, "Maria"))
    assert "this person has died" in text_of(page)
    assert session.scalars(select(Visit)).all() == []


def test_a_search_that_is_too_old_is_asked_again(site, session, base):
    someone(session)
    page = find(site, base, "Maria")
    page.select_one("[name=ticket]")["value"] = "made-up"
    page = site.submit(page)
    assert "That search is too old. Please search again." in text_of(page)
    assert session.scalars(select(Visit)).all() == []


def test_somebody_of_the_list_is_checked_in_from_their_record(site, session, base, place):
    known = someone(session, place)
    page = site.submit(site.open(f"/provider/{place.id}/recipients/{known.id}"))
    assert page.h1.text == "Dose for Maria Lopez"


def test_no_to_the_rest_answers_what_was_left_open_and_keeps_what_was_said(site, session, base, place):
    coming = make_visit(session, place, screened=False)
    page = site.open(f"{base}/visits/{coming.id}/screening")
    page = site.submit(page, press="Answer “no” to the rest and save", allergy_other_vaccine="yes")
    assert page.h1.text == "Dose for Maria Lopez"
    answers = only_visit(session).answers
    assert (answers.pop("allergy_other_vaccine"), set(answers.values())) == ("yes", {"no"})


def test_a_question_without_an_answer_is_named_and_the_answers_stay(site, session, base, place):
    coming = make_visit(session, place, screened=False)
    page = site.open(f"{base}/visits/{coming.id}/screening")
    page = site.submit(page, expect=422, press="Save the answers", sick_today="unknown")
    assert len(page.select(".usa-form-group--error")) == 12
    assert page.select_one("[name=sick_today][checked]")["value"] == "unknown"
    assert only_visit(session).status == "arrived"


def test_answers_can_be_changed_until_the_dose(site, session, base, place):
    coming = make_visit(session, place)
    page = site.open(f"{base}/visits/{coming.id}/screening")
    assert len(page.select("main input[value=no][checked]")) == 13
    site.submit(page, press="Save the answers", pregnant="yes")
    assert only_visit(session).answers["pregnant"] == "yes"


def test_a_visit_without_a_dose_ends_with_its_reason(site, session, base, place):
    coming = make_visit(session, place)
    page = site.open(f"{base}/visits/{coming.id}/end")
    page = site.submit(page, "#end", expect=422)
    assert "Choose the reason" in text_of(page, ".usa-form-group--error")
    page = site.submit(page, "#end", reason="deferred")
    assert "The visit of Maria Lopez ended without a dose." in text_of(page)
    assert "left without a dose 1" in text_of(page, ".stats")
    page = site.open(f"{base}/visits/{coming.id}")
    assert "To come back another day" in text_of(page)
    assert not page.select("main form[method=post]")


@pytest.mark.parametrize("step", ["screening", "dose", "end"])
def test_a_visit_that_ended_shows_how_it_ended(site, session, base, place, step):
    patient = someone(session, place)
    given = dose(session, place, patient, make_lot(session, place))
    page = site.open(f"{base}/visits/{given.visit_id}/{step}")
    assert page.h1.text == "Visit of Maria Lopez"
    assert "Observe until" in text_of(page)


def test_the_queue_shows_who_waits_longest_first_and_who_was_done(site, session, base, place, now):
    first = make_visit(session, place, someone(session, first_name="Ana"), screened=False)
    make_visit(session, place, someone(session, first_name="Bo"))
    first.arrived_at = now - timedelta(minutes=25)
    session.commit()
    dose(session, place, someone(session, first_name="Cy"), make_lot(session, place))
    page = site.open(base)
    names = [row.select_one("th a").text for row in page.select("#queue tbody tr")]
    assert names == ["Ana Lopez", "Bo Lopez"]
    assert text_of(page, "#queue tbody tr strong") == "25 min"
    assert [link.text.split()[0] for link in page.select("#queue tbody td a")] == ["Screen", "Give"]
    assert "Cy Lopez" in text_of(page, "#queue .results")


def test_the_queue_refreshes_itself_with_the_same_that_the_page_shows(site, session, base, place):
    make_visit(session, place)
    page = site.open(base)
    link = page.select_one("#queue-now")
    assert link["hx-trigger"] == "click, every 1500ms"
    assert site.htmx(link["hx-get"], target="div#queue").status_code == 204
    fragment = site.htmx(link["href"], target="div#queue").get_data(as_text=True)
    assert "<html" not in fragment
    shown = read_html(fragment).select_one("#queue")
    assert str(shown).split() == str(page.select_one("#queue")).split()


def test_yesterday_and_other_places_are_not_in_the_queue(site, session, base, place):
    late = make_visit(session, place)
    late.day = date(2021, 3, 9)
    session.commit()
    make_visit(session, make.location(session, "Westside Clinic"), someone(session, first_name="Zoe"))
    assert "Nobody is waiting" in text_of(site.open(base), "#queue")


@pytest.mark.parametrize("step", ["", "/screening", "/dose", "/end"])
def test_a_visit_to_another_place_is_not_here(site, session, base, step):
    other = make_visit(session, make.location(session, "Westside Clinic"))
    site.open(f"{base}/visits/{other.id}{step}", expect=404)


def test_whoever_opens_a_visit_is_logged(site, session, base, place):
    coming = make_visit(session, place)
    site.open(f"{base}/visits/{coming.id}/dose")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "recipient.opened")).one()
    assert (entry.subject_id, entry.place_id) == (coming.recipient_id, place.id)


def test_the_queue_asks_the_database_as_often_however_many_wait(site, session, base, place, database):
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *what: asked.append(what[2]))
    counts = []
    for people in (1, 8):
        for number in range(people):
            make_visit(session, place, someone(session, first_name=f"P{people}{number}"))
        asked.clear()
        site.open(base)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12
