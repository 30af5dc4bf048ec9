"""Paper forms are chosen and downloaded; names on paper are logged."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.infra import clock
from app.infra.audit import AuditEntry
from tests import make
from tests.browserless import text_of
from tests.documents.pdf_parts import page_count
from tests.documents.pdf_parts import text_of as words_of
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import dose, someone
from tests.make.vaccinations import visit as make_visit


@pytest.fixture
def place(session, now):
    return make.location(session)


@pytest.fixture
def base(site, session, place):
    site.sign_in(make.healthcare_provider(session, place))
    return f"/provider/{place.id}/paper"


def printed(site, base, **told):
    site.submit(site.open(base), "#paper", **told)
    assert site.response.mimetype == "application/pdf"
    return site.response.get_data()


def logged(session, act):
    session.expire_all()
    return session.scalars(select(AuditEntry).where(AuditEntry.act == act)).all()


def test_paper_forms_stand_under_more(site, base):
    page = site.open(base)
    assert page.select_one(f'header nav a[href="{base}"]') is not None


@pytest.mark.parametrize("form", ["registration", "screening", "administration", "tally"])
def test_an_empty_form_is_downloaded_with_the_locations_name(site, session, place, base, form):
    pdf = printed(site, base, form=form, language="es", copies="2" if form != "tally" else "1")
    assert place.name in words_of(pdf)
    assert page_count(pdf) == (1 if form == "tally" else 2)
    assert logged(session, "location.day_list_printed") == []


def test_the_day_may_be_left_to_the_hand(site, base):
    pdf = printed(site, base, form="tally", day__month="", day__day="", day__year="")
    assert " ".join(str(clock.now().year)) not in words_of(pdf)


def test_who_waits_is_printed_and_each_name_on_paper_is_logged(site, session, place, base):
    waiting = [someone(session, place, last_name=name) for name in ("Alvarez", "Baker")]
    for one in waiting:
        make_visit(session, place, one, screened=False)
    elsewhere = make.location(session, "Other Clinic")
    make_visit(session, elsewhere, someone(session, elsewhere, last_name="Foreign"))
    words = words_of(printed(site, base, form="tally", people="waiting"))
    assert "Alvarez" in words
    assert "Baker" in words
    assert "Foreign" not in words
    (entry,) = logged(session, "location.day_list_printed")
    assert entry.facts == {"form": "tally", "people": 2}
    assert {one.subject_id for one in logged(session, "recipient.printed_on_paper")} == {one.id for one in waiting}


def test_whose_second_dose_is_due_is_printed_unless_they_had_it(site, session, place, base):
    stock = make_lot(session, place)
    due, had = someone(session, place, last_name="Due"), someone(session, place, last_name="Had")
    for one in (due, had):
        dose(session, place, one, stock, given_at=clock.now() - timedelta(days=21))
    dose(session, place, had, stock, given_at=clock.now() - timedelta(minutes=5))
    assert "0 waiting, 1 due" in text_of(site.open(base))
    words = words_of(printed(site, base, form="screening", people="due"))
    assert "Due" in words
    assert "Had" not in words


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({}, "Choose the form"),
        ({"form": "tally", "people": "waiting"}, "Nobody is on this list"),
        ({"form": "tally", "copies": "0"}, "Choose 1 to 10"),
        ({"form": "tally", "copies": "100000"}, "Choose 1 to 10"),
        ({"form": "tally", "copies": "1.5"}, "Not a valid integer"),
        ({"form": "tally", "day__month": "13"}, "Enter a real date"),
        ({"form": "novel"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_printed_is_told_beside_its_cause(site, base, told, said):
    page = site.submit(site.open(base), "#paper", expect=422, **told)
    assert said in text_of(page, ".usa-form-group--error")


def test_a_part_beyond_the_end_is_told(site, session, place, base):
    make_visit(session, place, screened=False)
    page = site.submit(site.open(base), "#paper", expect=422, form="tally", people="waiting", part="2")
    assert "There is only 1 part" in text_of(page, ".usa-form-group--error")
