"""One dose later: a clinic corrects it, removes it, moves it, enters one from elsewhere, and notes what happened."""

import pytest
from sqlalchemy import select

from app.domain.inventory.models import Lot
from app.domain.program.products import product_by_code
from app.domain.vaccinations.history import doses_of
from app.domain.vaccinations.models import Administration
from tests import make
from tests.browserless import text_of
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import dose, someone


@pytest.fixture
def place(session, now):
    return make.location(session)


@pytest.fixture
def stock(session, place):
    return make_lot(session, place, number="EN6201")


@pytest.fixture
def given(session, place, stock):
    return dose(session, place, someone(session, place), stock)


@pytest.fixture
def nora(site, session, place):
    """The nurse who is signed in."""
    made = make.healthcare_provider(session, place, first_name="Nora", last_name="Kim")
    site.sign_in(made)
    return made


@pytest.fixture
def base(given, place, nora):
    return f"/provider/{place.id}/doses/{given.id}"


def left(session, stock):
    session.expire_all()
    return session.get(Lot, stock.id).balance


def test_the_pages_of_the_visit_and_of_the_person_lead_to_the_dose(site, place, given, base):
    for page in (f"clinic/visits/{given.visit_id}", f"recipients/{given.recipient_id}"):
        assert site.open(f"/provider/{place.id}/{page}").select(f'a[href="{base}"]')
    page = site.open(base)
    for shown in ("Dose of Maria Lopez", "EN6201", "Left deltoid", "Ann Lee, RN", "Nothing was changed."):
        assert shown in text_of(page)


def test_a_correction_is_seen_with_both_values_its_reason_and_its_author(site, session, base, given):
    page = site.submit(
        site.open(f"{base}/correct"), "#act", site="RD", reason="The other arm", clinician_name="Dee Fry",
        clinician_suffix="OTH",
    )  # fmt: skip
    assert "The dose is corrected." in text_of(page)
    said = text_of(page, "#history")
    for shown in (
        "Corrected", "Nora Kim", "Why: The other arm", "Place on the body: Left deltoid, now Right deltoid",
        "Given by: Ann Lee, RN, now Dee Fry",
    ):  # fmt: skip
        assert shown in said
    assert session.scalars(select(Administration.site)).all() == ["RD"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"reason": "", "site": "RD"}, "Say why"),
        ({"reason": "x"}, "Nothing is different"),
        ({"reason": "x", "given_on-year": "2022"}, "This is in the future"),
        ({"reason": "x", "given_on-year": "1949"}, "before the person’s birth"),
        ({"reason": "x", "given_on-month": "13"}, "Enter a real date"),
        ({"reason": "x", "given_time": ""}, "Enter the time"),
        ({"reason": "x", "clinician_name": ""}, "Enter who gave the dose"),
        ({"reason": "x", "lot": "00000000-0000-0000-0000-000000000000"}, "Not a valid choice"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_and_keeps_what_was_typed(site, base, wrong, said):
    page = site.submit(site.open(f"{base}/correct"), "#act", expect=422, **wrong)
    assert said in text_of(page)
    assert page.select_one("[name=reason]")["value"] == wrong["reason"]


def test_another_lot_moves_the_stock_of_both(site, session, place, stock, base):
    other = make_lot(session, place, product="moderna-10", number="013L20A", doses=2)
    page = site.submit(site.open(f"{base}/correct"), "#act", lot=str(other.id), reason="Wrong vial typed")
    assert "Lot: EN6201, now 013L20A" in text_of(page, "#history")
    assert (left(session, stock), left(session, other)) == (10, 1)


def test_who_was_overtaken_is_told_and_may_go_on(site, base):
    stale = site.open(f"{base}/correct")
    site.submit(site.open(f"{base}/correct"), "#act", site="RD", reason="First")
    site.open(f"{base}/correct")
    page = site.submit(stale, "#act", expect=409, site="LA", reason="Second")
    assert "Somebody else changed this dose meanwhile" in text_of(page)
    assert "Right deltoid, now Left arm" in text_of(site.submit(page, "#act"), "#history")


@pytest.mark.parametrize(("answers", "balance"), [({"to": "stock"}, 10), ({"to": "waste", "waste_reason": "drawn"}, 9)])
def test_a_dose_is_removed_and_stays_readable(site, session, place, stock, given, base, answers, balance):
    page = site.submit(site.open(f"{base}/remove"), "#act", reason="Never given", **answers)
    assert "Entered in error" in text_of(page)
    assert "Why: Never given" in text_of(page, "#history")
    assert not page.select(f'a[href^="{base}/"]')
    assert left(session, stock) == balance
    record = site.open(f"/provider/{place.id}/recipients/{given.recipient_id}")
    assert "No dose is on record." in text_of(record)
    assert record.select(f'details a[href="{base}"]')
    visit = site.open(f"/provider/{place.id}/clinic/visits/{given.visit_id}")
    assert "A dose was recorded by mistake, and removed" in text_of(visit)
    assert "Entered in error" in text_of(site.open(f"{base}/correct"))


@pytest.mark.parametrize(
    ("answers", "said"),
    [({}, "Choose where it is"), ({"to": "waste"}, "Choose the reason"), ({"reason": ""}, "Say why")],
)
def test_a_removal_says_why_and_where_the_vaccine_is(site, session, stock, base, answers, said):
    page = site.submit(site.open(f"{base}/remove"), "#act", expect=422, **({"reason": "Never given"} | answers))
    assert said in text_of(page)
    assert left(session, stock) == 9


def find(site, base, last="Lopez", detail="Marta"):
    born = {"birth_date-month": "4", "birth_date-day": "28", "birth_date-year": "1950"}
    return site.submit(site.open(f"{base}/move"), "#act", last_name=last, detail=detail, **born)


def test_a_dose_moves_to_the_person_who_is_found(site, session, base, given):
    wrong_id, right = given.recipient_id, someone(session, first_name="Marta")
    page = find(site, base)
    assert "Lopez" not in site.response.request.url
    (link,) = page.select(".results a")
    page = site.open(link["href"])
    assert ("Maria Lopez" in text_of(page, "dl"), "Marta Lopez" in text_of(page, "dl")) == (True, True)
    assert "Say why" in text_of(site.submit(page, "#act", expect=422))
    page = site.submit(page, "#act", reason="Twins at the same table")
    assert "The dose is now on the record of Marta Lopez." in text_of(page)
    assert "Person: Maria Lopez, now Marta Lopez" in text_of(page, "#history")
    assert (doses_of(session, wrong_id), len(doses_of(session, right.id))) == ([], 1)


def test_nobody_found_and_the_same_person_found_move_nothing(site, base):
    assert "Nobody fits these three details" in text_of(find(site, base, detail="Nobody"))
    page = find(site, base, detail="Maria")
    assert "The dose is on this record now" in text_of(page)
    assert not page.select(".results a")


def test_an_old_ticket_leads_back_to_the_search(site, base):
    assert "Please search again" in text_of(site.open(f"{base}/move/to?ticket=old"), "body")


def test_a_dose_given_elsewhere_is_entered_with_its_evidence_and_seen_by_everybody(
    site, session, place, stock, given, nora
):
    address = f"/provider/{place.id}/doses/elsewhere/{given.recipient_id}"
    day = {"given_on-month": "2", "given_on-day": "10", "given_on-year": "2021"}
    fields = {
        "product": str(product_by_code(session, "pfizer").id), "place_name": "Richmond Clinic, Virginia",
        "source": "card", "evidence": "CDC card with a stamp",
    } | day  # fmt: skip
    page = site.submit(site.open(address), "#elsewhere", expect=422, evidence=" \r\n ")
    for said in (
        "Choose the vaccine",
        "Enter the day",
        "Enter where it was given",
        "Choose how we know",
        "Say what you saw",
    ):
        assert said in text_of(page)
    future = site.submit(site.open(address), "#elsewhere", expect=422, **(fields | {"given_on-year": "2022"}))
    assert "This is in the future" in text_of(future)
    page = site.submit(site.open(address), "#elsewhere", **fields)
    for shown in ("The dose is entered.", "Richmond Clinic, Virginia", "Vaccination card", "CDC card with a stamp"):
        assert shown in text_of(page)
    assert not page.select('a[href$="/correct"]')
    assert left(session, stock) == 9
    again = site.submit(site.open(address), "#elsewhere", expect=422, **fields)
    assert "A dose of that day is on record already" in text_of(again)
    record = site.open(f"/provider/{place.id}/recipients/{given.recipient_id}")
    assert "given elsewhere" in text_of(record)
    assert "All doses of this vaccine are given." in text_of(record)
    own = site.anonymous().sign_in(make.person(session, given.recipient_id)).open(f"/recipient/{given.recipient_id}")
    assert "Richmond Clinic, Virginia · given elsewhere" in text_of(own, "#doses")


def test_an_adverse_event_is_noted(site, base):
    page = site.open(f"{base}/event")
    assert "Choose what it was" in text_of(site.submit(page, "#act", expect=422))
    early = site.submit(page, "#act", expect=422, kind="syncope", note="Fainted", **{"given_on-day": "9"})
    assert "This is before the dose was given" in text_of(early)
    page = site.submit(page, "#act", kind="syncope", note="Fainted, lay down, well after 5 minutes", report="123456")
    for shown in ("Adverse event: Fainting", "Nora Kim", "well after 5 minutes", "VAERS report 123456"):
        assert shown in text_of(page, "#history")


def test_another_locations_dose_is_not_there(site, session, place, nora):
    other = make.location(session, "Westside Clinic")
    theirs = dose(session, other, someone(session, place), make_lot(session, other))
    for page in ("", "/correct", "/remove", "/move", "/move/to", "/event"):
        site.open(f"/provider/{place.id}/doses/{theirs.id}{page}", expect=404)
    record = site.open(f"/provider/{place.id}/recipients/{theirs.recipient_id}")
    assert "Dose 1" in text_of(record)
    assert not record.select(f'a[href*="{theirs.id}"]')
