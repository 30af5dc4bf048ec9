"""A dose is given: the lots offered, what speaks against it, the stock, and what is remembered for the next person."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.inventory.models import Lot
from app.domain.vaccinations.models import Administration, Visit
from tests import make
from tests.browserless import read_html, text_of
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import dose, someone
from tests.make.vaccinations import visit as make_visit


@pytest.fixture
def place(session, now):
    return make.location(session)


@pytest.fixture
def base(site, session, place):
    """The address of the visits; a Healthcare Provider of the location is signed in."""
    site.sign_in(make.healthcare_provider(session, place, first_name="Nora", last_name="Kim"))
    return f"/provider/{place.id}/clinic/visits"


@pytest.fixture
def give(site, base):
    """Open the dose page of a visit, fill it as told and send it."""

    def send(coming, *, expect=200, **fields):
        page = site.open(f"{base}/{coming.id}/dose")
        return site.submit(page, "#dose", expect=expect, **({"fact_sheet_given": "y"} | fields))

    return send


def doses(session):
    session.expire_all()
    return list(session.scalars(select(Administration).order_by(Administration.id)))


def left(session, stock):
    session.expire_all()
    return session.get(Lot, stock.id).balance


def offered(page):
    return [option.text for option in page.select("[name=lot] option")]


def cautions(page):
    return [heading.text for heading in page.select("#cautions h2")]


def test_a_dose_is_recorded_and_the_stock_falls_by_one(session, place, give):
    stock = make_lot(session, place, number="EN6201", doses=6)
    page = give(make_visit(session, place), site="RD", clinician_suffix="LPN")
    assert "The dose is recorded." in text_of(page)
    for shown in ("Pfizer-BioNTech", "EN6201", "Right deltoid", "Nora Kim, LPN", "Observe until"):
        assert shown in text_of(page)
    assert "The next dose is suggested from Mar 31, 2021 on" in text_of(page)
    assert left(session, stock) == 5
    assert [(given.dose_number, given.site) for given in doses(session)] == [(1, "RD")]


def test_a_title_that_is_none_is_not_written_behind_the_name(session, place, give):
    make_lot(session, place)
    page = give(make_visit(session, place), clinician_name="Dee Fry", clinician_suffix="OTH")
    assert "Given by Dee Fry" in text_of(page, ".rows")
    assert "OTH" not in text_of(page)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"fact_sheet_given": None}, "Give the person the fact sheet"),
        ({"clinician_name": ""}, "Enter who gave the dose"),
        ({"given_on-month": "3", "given_on-day": "11", "given_on-year": "2021"}, "This is in the future"),
        ({"given_on-month": "3", "given_on-day": "9", "given_on-year": "1949"}, "before the person’s birth"),
        ({"given_on-month": "13", "given_on-day": "9", "given_on-year": "2021"}, "Enter a real date"),
        ({"site": "NOSE"}, "Not a valid choice"),
    ],
)  # fmt: skip
def test_a_dose_that_cannot_be_is_refused_beside_its_field(session, place, give, wrong, said):
    stock = make_lot(session, place, doses=6)
    page = give(make_visit(session, place), expect=422, **wrong)
    assert said in text_of(page, ".usa-form-group--error")
    assert (doses(session), left(session, stock)) == ([], 6)


def test_with_several_lots_one_is_chosen_by_a_person(site, session, base, place, give):
    make_lot(session, place, number="EN6201")
    make_lot(session, place, product="moderna-10", number="013L20A", doses=1)
    coming = make_visit(session, place)
    page = site.open(f"{base}/{coming.id}/dose")
    assert offered(page) == [
        "Choose the lot", "Pfizer-BioNTech, lot EN6201, 10 doses left", "Moderna, lot 013L20A, 1 dose left",
    ]  # fmt: skip
    page = give(coming, expect=422)
    assert "Choose the lot" in text_of(page, ".usa-form-group--error .usa-error-message")


def test_no_other_places_lot_is_offered_and_none_is_taken(site, session, base, place, give):
    theirs = make_lot(session, make.location(session, "Westside Clinic"))
    make_lot(session, place, number="EN6201")
    make_lot(session, place, number="EL0001", doses=1)
    coming = make_visit(session, place)
    assert len(offered(site.open(f"{base}/{coming.id}/dose"))) == 3
    page = give(coming, expect=422, lot=str(theirs.id))
    assert "Choose another lot" in text_of(page, ".usa-form-group--error")
    assert left(session, theirs) == 10


def test_a_lot_that_is_used_up_meanwhile_is_said_and_nothing_else_is_lost(site, session, base, place):
    stock = make_lot(session, place, doses=1)
    make_lot(session, place, number="EN6201")
    page = site.open(f"{base}/{make_visit(session, place).id}/dose")
    dose(session, place, someone(session, first_name="Cy"), stock)
    page = site.submit(page, "#dose", expect=422, lot=str(stock.id), site="RD", fact_sheet_given="y")
    assert "The last dose of this lot was taken" in text_of(page, ".usa-form-group--error")
    assert page.select_one("[name=site] [selected]")["value"] == "RD"


def test_without_any_lot_the_page_says_who_can_help(site, session, base, place):
    page = site.open(f"{base}/{make_visit(session, place).id}/dose")
    assert "There is no lot to give from" in text_of(page)
    assert not page.select("main form[method=post]")


def test_an_expired_lot_is_offered_only_for_a_day_before_it_expired(site, session, base, place, give, now):
    old = make_lot(session, place, number="EL9", expires_on=now.date() - timedelta(days=2))
    coming = make_visit(session, place)
    page = site.open(f"{base}/{coming.id}/dose")
    assert offered(page) == ["Pfizer-BioNTech, lot EL9, expired Mar 8, 2021: for doses given before"]
    page = give(coming, expect=422)
    assert "This lot cannot be given on that day" in text_of(page, ".usa-form-group--error")
    assert "No earlier dose is on record." in text_of(page), "a dose that was refused is not in the history"
    assert cautions(page) == []
    assert left(session, old) == 10
    page = give(coming, **{"given_on-month": "3", "given_on-day": "7", "given_on-year": "2021", "given_time": "14:30"})
    assert "Mar 7, 2021, 2:30 PM" in text_of(page)
    assert left(session, old) == 9


def test_a_second_dose_too_early_asks_for_a_reason_and_keeps_it(session, place, give, now):
    patient, stock = someone(session, place), make_lot(session, place, number="EN6201")
    dose(session, place, patient, stock, given_at=now - timedelta(days=10))
    coming = make_visit(session, place, patient)
    page = give(coming, expect=422)
    assert cautions(page) == ["Too early"]
    assert "This dose counts from Mar 17, 2021 on." in text_of(page, "#cautions")
    assert "Say why, or choose another lot" in text_of(page, "#cautions .usa-form-group--error")
    assert len(doses(session)) == 1
    page = give(coming, reason_interval="Leaves for surgery")
    assert "Too early Given all the same: Leaves for surgery" in text_of(page)
    assert [given.overrides for given in doses(session)][1] == {"interval": "Leaves for surgery"}
    assert "All doses of this vaccine are given." in text_of(page)


@pytest.mark.parametrize("days", [17, 21, 60])
def test_a_second_dose_in_time_needs_no_reason(session, place, give, now, days):
    patient, stock = someone(session, place), make_lot(session, place)
    dose(session, place, patient, stock, given_at=now - timedelta(days=days))
    give(make_visit(session, place, patient))
    assert [given.dose_number for given in doses(session)] == [1, 2]


def test_what_the_answers_speak_against_is_said_before_a_lot_is_chosen(site, session, base, place):
    make_lot(session, place)
    make_lot(session, place)
    coming = make_visit(session, place, allergy_ingredient="yes", sick_today="yes")
    page = site.open(f"{base}/{coming.id}/dose")
    assert cautions(page) == ["Should not have this vaccine", "Better to wait"]
    assert "allergic reaction to an ingredient (PEG)" in text_of(page, "#cautions")


def test_what_speaks_against_a_lot_comes_when_it_is_chosen(site, session, base, place, now):
    patient = someone(session, place)
    stock, other = make_lot(session, place), make_lot(session, place, product="moderna-10")
    dose(session, place, patient, stock, given_at=now - timedelta(days=30))
    url = f"{base}/{make_visit(session, place, patient).id}/dose"
    assert cautions(site.open(url)) == []
    page = site.open(f"{url}?lot={other.id}")
    assert cautions(page) == ["Another vaccine than before"]
    assert page.select_one("[name=lot] [selected]")["value"] == str(other.id)
    assert page.select_one("[name=lot]")["hx-get"] == url
    fragment = site.htmx(f"{url}?lot={other.id}", target="div#cautions").get_data(as_text=True)
    shown = read_html(fragment).select_one("#cautions")
    assert str(shown).split() == str(page.select_one("#cautions")).split()
    assert "<html" not in fragment
    assert cautions(site.open(f"{url}?lot=made-up")) == []


def test_the_last_lot_place_and_clinician_are_there_for_the_next_person(site, session, base, place, give):
    make_lot(session, place)
    chosen = make_lot(session, place, number="EN6201")
    give(make_visit(session, place), lot=str(chosen.id), site="RA", clinician_name="Dee Fry", clinician_suffix="MD")
    page = site.open(f"{base}/{make_visit(session, place, someone(session, first_name='Bo')).id}/dose")
    assert page.select_one("[name=lot] [selected]")["value"] == str(chosen.id)
    assert page.select_one("[name=site] [selected]")["value"] == "RA"
    assert page.select_one("[name=clinician_name]")["value"] == "Dee Fry"
    assert page.select_one("[name=clinician_suffix] [selected]")["value"] == "MD"
    assert not page.select_one("[name=fact_sheet_given]").has_attr("checked")


def test_nobody_remembers_for_somebody_else(site, session, base, place, give):
    make_lot(session, place)
    give(make_visit(session, place), site="RA", clinician_name="Dee Fry")
    site.sign_in(make.healthcare_provider(session, place, first_name="Omar", last_name="Ali"))
    page = site.open(f"{base}/{make_visit(session, place, someone(session, first_name='Bo')).id}/dose")
    assert page.select_one("[name=clinician_name]")["value"] == "Omar Ali"
    assert page.select_one("[name=site] [selected]")["value"] == "LD"


def test_a_double_click_gives_one_dose(site, session, base, place):
    stock = make_lot(session, place)
    page = site.open(f"{base}/{make_visit(session, place).id}/dose")
    for _ in range(2):
        page_after = site.submit(page, "#dose", fact_sheet_given="y")
    assert page_after.h1.text == "Visit of Maria Lopez"
    assert (len(doses(session)), left(session, stock)) == (1, 9)


def test_a_dose_typed_on_a_page_that_was_open_too_long_is_not_lost_and_not_yet_given(site, session, base, place):
    stock = make_lot(session, place)
    page = site.open(f"{base}/{make_visit(session, place, sick_today='yes').id}/dose")
    page.select_one("#dose [name=csrf_token]")["value"] = "stale"
    page = site.submit(page, "#dose", expect=422, fact_sheet_given="y", reason_defer="Hay fever", site="RD")
    assert "Nothing is lost" in text_of(page, "[data-error-summary]")
    assert (doses(session), left(session, stock)) == ([], 10)
    page = site.submit(page, "#dose")
    assert "Given all the same: Hay fever" in text_of(page)
    assert [given.site for given in doses(session)] == ["RD"]


def test_a_visit_that_ended_at_another_desk_gets_no_dose(site, session, base, place):
    stock = make_lot(session, place)
    url = f"{base}/{make_visit(session, place).id}"
    page = site.open(f"{url}/dose")
    site.submit(site.open(f"{url}/end"), "#end", reason="declined")
    page = site.submit(page, "#dose", fact_sheet_given="y")
    assert page.h1.text == "Visit of Maria Lopez"
    assert "The person decided against it" in text_of(page)
    assert (doses(session), left(session, stock)) == ([], 10)


def test_of_two_people_who_record_the_same_dose_the_second_sees_how_it_ended(site, session, base, place):
    make_lot(session, place)
    url = f"{base}/{make_visit(session, place).id}/dose"
    first, second = site.open(url), site.open(url)
    site.submit(first, "#dose", fact_sheet_given="y")
    page = site.submit(second, "#dose", fact_sheet_given="y")
    assert page.h1.text == "Visit of Maria Lopez"
    assert len(doses(session)) == 1


def test_lots_that_cannot_be_given_are_named_with_the_reason(site, session, base, place, now):
    make_lot(session, place, number="EL9", expires_on=now.date() - timedelta(days=2))
    make_lot(session, place)
    page = site.open(f"{base}/{make_visit(session, place).id}/dose")
    assert "EL9 Pfizer-BioNTech COVID-19 vaccine Expired" in text_of(page, "li.is-off")


def test_a_visit_ends_vaccinated_and_leaves_the_queue(site, session, base, place, give):
    make_lot(session, place)
    give(make_visit(session, place))
    assert session.scalars(select(Visit.status)).one() == "vaccinated"
    page = site.open(base.removesuffix("/visits"))
    assert "vaccinated today 1" in text_of(page, ".stats")
    assert "Nobody is waiting" in text_of(page)


def arrived(session, place, **of):
    return make_visit(session, place, someone(session, place, **of), screened=False)


def test_screening_and_dose_are_one_page_and_one_tick_says_no_to_all(site, session, base, place, give):
    stock = make_lot(session, place)
    coming = arrived(session, place)
    page = site.open(f"{base}/{coming.id}/dose")
    assert len(page.select("#dose details fieldset")) >= 13
    assert page.select_one("[autofocus]")["name"] == "rest_is_no"
    page = give(coming, rest_is_no="y")
    assert "The dose is recorded." in text_of(page)
    assert page.select_one("main a[autofocus]").text.strip() == "Same vaccine, next person"
    session.expire_all()
    came = session.get(Visit, coming.id)
    assert (came.status, set(came.answers.values()), came.questionnaire) == ("vaccinated", {"no"}, "2021-spring")
    assert left(session, stock) == 9


def test_no_dose_is_given_before_every_question_has_an_answer(site, session, base, place, give):
    stock = make_lot(session, place)
    page = give(arrived(session, place), expect=422, sick_today="no", site="RD")
    assert len(page.select(".usa-form-group--error")) == 12
    assert page.select_one("details.disclosure").has_attr("open")
    assert page.select_one("[name=sick_today][checked]")["value"] == "no"
    assert page.select_one("[name=site] [selected]")["value"] == "RD"
    assert (doses(session), left(session, stock)) == ([], 10)
    assert session.scalars(select(Visit.status)).all() == ["arrived"]


def test_an_answer_that_speaks_against_the_dose_asks_for_a_reason_on_the_same_page(site, session, base, place, give):
    make_lot(session, place)
    coming = arrived(session, place)
    page = give(coming, expect=422, rest_is_no="y", allergy_ingredient="yes")
    assert cautions(page) == ["Should not have this vaccine"]
    assert page.select_one("[name=allergy_ingredient][checked]")["value"] == "yes"
    assert page.select_one("[name=rest_is_no]").has_attr("checked")
    assert doses(session) == []
    page = site.submit(page, "#dose", reason_contraindication="Allergist’s letter seen")
    assert "Should not have this vaccine Given all the same: Allergist’s letter seen" in text_of(page)
    assert session.scalars(select(Visit.answers)).one()["allergy_ingredient"] == "yes"


def test_an_earlier_dose_on_record_answers_its_question(site, session, base, place, give, now):
    patient, stock = someone(session, place), make_lot(session, place)
    dose(session, place, patient, stock, given_at=now - timedelta(days=21))
    coming = make_visit(session, place, patient, screened=False)
    page = site.open(f"{base}/{coming.id}/dose")
    assert page.select_one("[name=previous_dose][checked]")["value"] == "yes"
    give(coming, rest_is_no="y")
    session.expire_all()
    assert session.get(Visit, coming.id).answers["previous_dose"] == "yes"
    assert [given.dose_number for given in doses(session)] == [1, 2]


def test_answers_given_at_another_desk_are_not_asked_again(site, session, base, place, give):
    make_lot(session, place)
    coming = arrived(session, place)
    page = site.open(f"{base}/{coming.id}/dose")
    screening = site.open(f"{base}/{coming.id}/screening")
    site.submit(screening, press="rest and save", pregnant="yes")
    page = site.submit(page, "#dose", rest_is_no="y", fact_sheet_given="y")
    assert page.h1.text == "Visit of Maria Lopez"
    assert session.scalars(select(Visit.answers)).one()["pregnant"] == "yes"


def test_a_history_that_may_be_incomplete_says_so(site, session, base, place):
    make_lot(session, place)
    coming = make_visit(session, place, previous_dose="yes")
    page = site.open(f"{base}/{coming.id}/dose")
    assert "The history may be incomplete" in text_of(page)
    assert "The person tells of an earlier dose. None is on record." in text_of(page)
    assert page.find("a", string="Enter a dose given elsewhere")
    other = make_visit(session, place, someone(session, place, first_name="Bo"))
    assert "may be incomplete" not in text_of(site.open(f"{base}/{other.id}/dose"))
