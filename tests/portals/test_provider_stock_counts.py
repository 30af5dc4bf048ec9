"""The shelf is counted, vials are opened, and the day ends with every dose accounted for."""

from datetime import timedelta

import pytest
import time_machine

from app.domain.inventory.models import Lot, Stocktake, Vial
from tests import make
from tests.browserless import text_of
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import dose, someone


@pytest.fixture
def place(session, now):
    return make.location(session)


@pytest.fixture
def stock(session, place):
    return make_lot(session, place, number="EN6201", doses=100)


@pytest.fixture
def base(site, session, place, stock):
    """The address of the inventory; the Location Manager is signed in."""
    site.sign_in(make.manager(session, place))
    return f"/provider/{place.id}/inventory"


def left(session, stock):
    session.expire_all()
    return session.get_one(Lot, stock.id).balance


def test_a_count_that_agrees_moves_nothing(site, session, base, stock):
    page = site.submit(site.open(f"{base}/counts/new"), **{f"counted_{stock.id.hex}": "100"})
    assert "EN6201 Pfizer-BioNTech COVID-19 vaccine 100 100 – –" in text_of(page, "tbody tr")
    assert left(session, stock) == 100
    assert "1 – –" in text_of(site.open(f"{base}/counts"), "tbody tr")


def test_a_difference_is_explained_and_booked(site, session, base, stock):
    key = stock.id.hex
    page = site.submit(site.open(f"{base}/counts/new"), expect=422, **{f"counted_{key}": "97"})
    assert "Explain the difference" in text_of(page, ".usa-form-group--error")
    page = site.submit(page, **{f"explanation_{key}": "A tray was dropped"})
    assert "100 97 −3 A tray was dropped" in text_of(page, "tbody tr")
    assert left(session, stock) == 97
    page = site.open(f"{base}/lots/{stock.id}")
    assert "Difference found by counting −3 97" in text_of(page, "tbody tr")


def test_a_lot_that_was_not_counted_stays_as_it_is(site, session, base, place, stock):
    other = make_lot(session, place, number="EN7", doses=10)
    site.submit(site.open(f"{base}/counts/new"), **{f"counted_{other.id.hex}": "10"})
    assert (left(session, stock), left(session, other)) == (100, 10)
    assert session.query(Stocktake).one().lots == 1


def test_doses_that_moved_while_somebody_counted_are_counted_again(site, session, base, place, stock):
    key = stock.id.hex
    page = site.open(f"{base}/counts/new")
    dose(session, place, someone(session, place), stock)
    page = site.submit(page, expect=422, **{f"counted_{key}": "100"})
    assert "by the books it is 99 doses now" in text_of(page, ".usa-form-group--error")
    site.submit(page, **{f"counted_{key}": "99"})
    assert left(session, stock) == 99


def test_a_lot_whose_last_dose_went_while_somebody_counted_is_counted_again_too(site, session, base, place, stock):
    last = make_lot(session, place, number="EN7", doses=1)
    key = last.id.hex
    page = site.open(f"{base}/counts/new")
    dose(session, place, someone(session, place), last)
    page = site.submit(page, expect=422, **{f"counted_{stock.id.hex}": "100", f"counted_{key}": "1"})
    assert "by the books it is 0 doses now" in text_of(page, ".usa-form-group--error")
    assert session.query(Stocktake).count() == 0
    site.submit(page, **{f"counted_{key}": "0"})
    assert session.query(Stocktake).one().lots == 2


@pytest.mark.parametrize("counted", ["-1", "1.5", "ten", "9" * 30, ""])
def test_a_count_that_cannot_be_is_refused(site, session, base, stock, counted):
    told = {f"counted_{stock.id.hex}": counted, f"explanation_{stock.id.hex}": "So"}
    page = site.submit(site.open(f"{base}/counts/new"), expect=422, **told)
    assert page.select_one(f"[name=explanation_{stock.id.hex}]")["value"] == "So"
    assert left(session, stock) == 100


def test_a_vial_is_opened_with_its_usual_doses_and_the_time_it_is_good(site, session, base, stock):
    page = site.open(f"{base}/vials")
    assert "No vial is open" in text_of(page)
    page = site.submit(page, lot=str(stock.id))
    assert "Use its 6 doses by 4:00 PM." in text_of(page)
    assert "10:00 AM Mar 10, 2021, 4:00 PM 6 of 6" in text_of(page, "tbody tr")
    assert left(session, stock) == 100


def test_a_vial_that_cannot_be_opened_is_refused_beside_its_field(site, session, base, stock):
    page = site.open(f"{base}/vials")
    assert "Choose the lot" in text_of(site.submit(page, expect=422, lot=""), ".usa-form-group--error")
    for doses in ("0", "-1", "101", "x"):
        page = site.submit(site.open(f"{base}/vials"), expect=422, lot=str(stock.id), doses=doses)
        assert page.select(".usa-form-group--error [name=doses]")
    assert session.query(Vial).count() == 0


def test_a_vial_past_its_time_says_so(site, session, base, place, stock, now):
    site.submit(site.open(f"{base}/vials"), lot=str(stock.id))
    with time_machine.travel(now + timedelta(hours=7)):
        site.sign_in(make.healthcare_provider(session, place))
        assert "Time is over" in text_of(site.open(f"{base}/vials"), "tbody tr")


def test_the_day_ends_with_every_opened_dose_accounted_for(site, session, base, place, stock):
    site.submit(site.open(f"{base}/vials"), lot=str(stock.id))
    (vial,) = session.query(Vial)
    key = vial.id.hex
    page = site.open(f"{base}/end-of-day")
    assert page.select_one(f"[name=wasted_{key}]")["value"] == "6"
    page = site.submit(page, expect=422, **{f"wasted_{key}": "7"})
    assert "Enter 6 doses or fewer" in text_of(page, ".usa-form-group--error")
    page = site.submit(page, expect=422, **{f"wasted_{key}": "4"})
    assert "Say where the other doses are" in text_of(page, ".usa-form-group--error")
    page = site.submit(page, **{f"explanation_{key}": "Given, entered tomorrow"})
    assert "Every opened vial is closed" in text_of(page)
    assert "2 doses of closed vials are neither given nor thrown away" in text_of(page)
    assert "Received +100, Wasted −4 96" in text_of(page, "tbody tr")
    assert left(session, stock) == 96


def test_a_vial_left_empty_in_the_form_stays_open(site, session, base, stock):
    site.submit(site.open(f"{base}/vials"), lot=str(stock.id))
    key = session.query(Vial).one().id.hex
    page = site.submit(site.open(f"{base}/end-of-day"), expect=422, **{f"wasted_{key}": ""})
    assert "at least one line" in text_of(page, "[data-error-summary]")
    assert session.query(Vial).one().closed_at is None


def test_a_vial_is_closed_once(site, session, base, stock):
    site.submit(site.open(f"{base}/vials"), lot=str(stock.id))
    first, second = site.open(f"{base}/end-of-day"), site.open(f"{base}/end-of-day")
    site.submit(first)
    site.url = f"{base}/end-of-day"
    site.submit(second, expect=422)
    assert left(session, stock) == 94


def test_a_healthcare_provider_opens_vials_and_does_not_count(site, session, base, place, stock):
    site.sign_in(make.healthcare_provider(session, place))
    site.submit(site.open(f"{base}/vials"), lot=str(stock.id))
    assert "Count the shelf" not in text_of(site.open(f"{base}/counts"))
    site.open(f"{base}/counts/new", expect=403)
