"""What is done with a lot: its date and total are corrected, doses leave the shelf, it is set apart."""

from datetime import date, timedelta

import pytest

from app.domain.inventory.models import UNKNOWN_EXPIRY, Lot
from tests import make
from tests.browserless import text_of
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import dose, someone


@pytest.fixture
def place(session, now):
    return make.location(session)


@pytest.fixture
def stock(session, place):
    return make_lot(session, place, doses=100)


@pytest.fixture
def base(site, session, place, stock):
    """The address of the lot; the Location Manager is signed in."""
    site.sign_in(make.manager(session, place, first_name="Mo", last_name="Miller"))
    return f"/provider/{place.id}/inventory/lots/{stock.id}"


def dated(name, day):
    return {f"{name}-month": str(day.month), f"{name}-day": str(day.day), f"{name}-year": str(day.year)}


def left(session, stock):
    session.expire_all()
    return session.get_one(Lot, stock.id).balance


def test_a_wrong_date_hides_a_lot_and_its_correction_brings_it_back(site, session, place, base, now):
    late = make_lot(session, place, number="EL9", doses=5, expires_on=now.date() - timedelta(days=1))
    page = site.open(f"/provider/{place.id}/inventory")
    assert "Expired" in text_of(page, "tr.is-off")
    page = site.open(page.find("a", string="Date wrong? Correct it")["href"])
    assert "Now: Mar 9, 2021" in text_of(page)
    page = site.submit(page, reason="extended", **dated("expires_on", date(2021, 6, 30)))
    assert "The expiration date is changed." in text_of(page)
    assert "Can be given" in text_of(page, ".page-head")
    assert "Expiration date changed – 5 Mo Miller From Mar 9, 2021 to Jun 30, 2021" in text_of(page, "tbody tr")
    session.expire_all()
    assert session.get_one(Lot, late.id).expires_on == date(2021, 6, 30)


def test_an_expired_lot_says_why_on_its_own_page_and_leads_to_the_correction(site, session, place, base, now):
    late = make_lot(session, place, doses=5, expires_on=now.date() - timedelta(days=1))
    page = site.open(f"/provider/{place.id}/inventory/lots/{late.id}")
    assert "Its expiration date has passed" in text_of(page, ".usa-alert--warning")
    assert page.find("a", string="Is the date wrong? Correct it")["href"].endswith("/expiration")


def test_a_date_that_is_not_known_yet_is_asked_for_and_not_shown_as_2069(site, session, place, base):
    unknown = make_lot(session, place, doses=5, expires_on=UNKNOWN_EXPIRY, received_on=date(2021, 3, 1))
    page = site.open(f"/provider/{place.id}/inventory/lots/{unknown.id}/expiration")
    assert page.select_one("[name=expires_on-year]")["value"] == ""
    page = site.submit(page, reason="now_known", **dated("expires_on", date(2021, 8, 31)))
    assert "From not known to Aug 31, 2021" in text_of(page, "tbody tr")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"reason": ""}, "Choose the reason"),
        ({"reason": "other"}, "Explain it in a few words"),
        ({"expires_on-year": "2068"}, "too far ahead"),
        ({"expires_on-year": "2019"}, "too long ago"),
        ({"expires_on-day": "31", "expires_on-month": "2"}, "Enter a real date"),
        (dated("expires_on", date(2021, 5, 9)), "This is what it says now"),
    ],
)
def test_a_date_that_cannot_be_is_refused_beside_its_field(site, session, base, stock, told, said):
    right = {"reason": "extended", "explanation": ""} | dated("expires_on", date(2021, 9, 30))
    page = site.submit(site.open(f"{base}/expiration"), expect=422, **(right | told))
    assert said in text_of(page, ".usa-form-group--error")
    session.expire_all()
    assert session.get_one(Lot, stock.id).expires_on == date(2021, 5, 9)


def test_two_who_change_the_date_at_once_are_both_told(site, session, base, stock):
    first, second = site.open(f"{base}/expiration"), site.open(f"{base}/expiration")
    site.submit(first, reason="extended", **dated("expires_on", date(2021, 9, 30)))
    site.url = f"{base}/expiration"
    page = site.submit(second, expect=409, reason="typed_wrong", **dated("expires_on", date(2021, 8, 31)))
    assert "It now says Sep 30, 2021 here, and you entered Aug 31, 2021" in text_of(page, ".usa-form-group--error")
    site.submit(page)
    session.expire_all()
    assert session.get_one(Lot, stock.id).expires_on == date(2021, 8, 31)


def test_more_doses_than_the_label_says_raise_the_total(site, session, base, stock):
    page = site.open(f"{base}/total")
    assert page.select_one("[name=total]")["value"] == "100"
    page = site.submit(page, total="120", reason="more_per_vial")
    assert "Doses left 120 Total doses 120" in text_of(page, ".rows")
    assert "Total doses changed +20 120 Mo Miller More doses per vial" in text_of(page, "tbody tr")


def test_the_total_is_never_less_than_what_was_used(site, session, place, base, stock):
    for _ in range(3):
        dose(session, place, someone(session, place), stock)
    page = site.submit(site.open(f"{base}/total"), expect=422, total="2", reason="counted_wrong")
    assert "3 doses have left this lot already" in text_of(page, ".usa-form-group--error")
    site.submit(site.open(f"{base}/total"), total="3", reason="counted_wrong")
    assert left(session, stock) == 0


@pytest.mark.parametrize("total", ["0", "-5", "1.5", "100,001", "9" * 30, "ten", "", "100"])
def test_a_total_that_cannot_be_is_refused(site, session, base, stock, total):
    page = site.submit(site.open(f"{base}/total"), expect=422, total=total, reason="typed_wrong")
    assert page.select_one("[name=total]")["value"] == total
    assert left(session, stock) == 100


def test_waste_is_recorded_with_its_reason_and_can_be_taken_back(site, session, base, stock):
    page = site.submit(site.open(f"{base}/waste"), doses="6", reason="fridge_warm", explanation="Door left open")
    assert "6 doses taken off the shelf." in text_of(page)
    assert "Wasted −6 94 Mo Miller Door left open" in text_of(page, "tbody tr")
    assert "Refrigerator too warm Door left open" in text_of(page)
    page = site.open(page.find("a", string="Take back")["href"])
    site.submit(page, expect=422, because="")
    page = site.submit(page, because="Another refrigerator")
    assert "6 doses are back on the shelf." in text_of(page)
    assert "Taken back: Another refrigerator" in text_of(page, "tr.is-off")
    assert left(session, stock) == 100


def test_what_was_taken_back_is_not_taken_back_again(site, session, base, stock):
    page = site.submit(site.open(f"{base}/waste"), doses="6", reason="broken")
    url = page.find("a", string="Take back")["href"]
    first, second = site.open(url), site.open(url)
    site.submit(first, because="A mistake")
    site.url = url
    page = site.submit(second, because="A mistake")
    assert "Somebody took this back already" in text_of(page)
    assert left(session, stock) == 100


def test_doses_found_earlier_are_recorded_on_their_day(site, session, base, stock):
    page = site.open(f"{base}/return")
    page = site.submit(page, doses="10", reason="not_needed", **dated("found_on", date(2021, 3, 8)))
    assert "Mar 8, 2021 Returned 10 More than we can use in time" in text_of(page)
    page = site.open(f"{base}/return")
    page = site.submit(page, expect=422, doses="10", reason="not_needed", **dated("found_on", date(2021, 3, 11)))
    assert "has not come yet" in text_of(page, ".usa-form-group--error")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"doses": "101"}, "Enter 100 doses or fewer"),
        ({"doses": "0"}, "1 or more"),
        ({"doses": "-1"}, "1 or more"),
        ({"doses": "9" * 30}, "Enter 100 doses or fewer"),
        ({"doses": "2.5"}, "in digits"),
        ({"reason": ""}, "Choose the reason"),
        ({"reason": "other"}, "Explain it in a few words"),
    ],
)
def test_waste_that_cannot_be_is_refused_beside_its_field(site, session, base, stock, told, said):
    page = site.submit(site.open(f"{base}/waste"), expect=422, **({"doses": "5", "reason": "broken"} | told))
    assert said in text_of(page, ".usa-form-group--error")
    assert left(session, stock) == 100


def test_doses_are_recorded_as_expired_only_once_they_are(site, session, place, base, now):
    page = site.submit(site.open(f"{base}/expired"), expect=422, doses="5")
    assert "has not expired yet" in text_of(page, "[data-error-summary]")
    late = make_lot(session, place, doses=8, expires_on=now.date() - timedelta(days=1))
    page = site.open(f"/provider/{place.id}/inventory/lots/{late.id}/expired")
    assert "Another reason" not in text_of(page), "there is no reason to choose"
    assert page.select_one("[name=doses]")["value"] == "8"
    site.submit(page)
    assert left(session, late) == 0


def test_a_lot_is_set_apart_and_released(site, session, place, base, stock):
    site.submit(site.open(f"{base}/set-apart"), expect=422)
    page = site.submit(site.open(f"{base}/set-apart"), because="Refrigerator at 12 °C")
    assert "“Refrigerator at 12 °C”" in text_of(page, ".usa-alert--warning")
    assert "Set apart" in text_of(site.open(f"/provider/{place.id}/inventory"), "tr.is-off")
    page = site.submit(site.open(f"{base}/release"), because="Pfizer answer 4711")
    assert "Can be given" in text_of(page, ".page-head")
    page = site.submit(site.open(f"{base}/release"), because="Again")
    assert "Somebody did this already" in text_of(page)


def test_a_healthcare_provider_reads_the_story_and_changes_nothing(site, session, place, base, stock):
    site.submit(site.open(f"{base}/waste"), doses="6", reason="broken")
    site.sign_in(make.healthcare_provider(session, place))
    page = site.open(base)
    assert "Broken vial or syringe" in text_of(page)
    assert not page.select("main a[href*=waste], main a[href*=void], main a[href*=total]")
    for act in ("expiration", "total", "waste", "expired", "return", "set-apart", "release"):
        site.open(f"{base}/{act}", expect=403)


def test_the_event_of_another_lot_is_not_here(site, session, place, base, stock):
    other = make_lot(session, place, doses=5)
    address = f"/provider/{place.id}/inventory/lots/{other.id}"
    page = site.submit(site.open(f"{address}/waste"), doses="2", reason="broken")
    event = page.find("a", string="Take back")["href"].split("/events/")[1]
    site.open(f"{base}/events/{event}", expect=404)


def test_the_inventory_warns_before_it_hurts(site, session, place, base, now):
    page = site.open(f"/provider/{place.id}/inventory")
    assert not page.select("main .usa-alert--warning")
    make_lot(session, place, number="EN9", doses=30, expires_on=now.date() + timedelta(days=3))
    make_lot(session, place, number="EN10", doses=5, expires_on=UNKNOWN_EXPIRY, received_on=date(2021, 3, 1))
    told = text_of(site.open(f"/provider/{place.id}/inventory"), "main .usa-alert--warning")
    assert "Lot EN9 expires on Mar 13, 2021: 30 doses left" in told
    assert "The expiration date of lot EN10 is not known yet" in told


def test_a_vaccine_that_runs_low_is_named(site, session, place, base):
    few = make_lot(session, place, product="moderna-10", doses=21)
    for _ in range(20):
        dose(session, place, someone(session, place), few)
    told = text_of(site.open(f"/provider/{place.id}/inventory"), "main .usa-alert--warning")
    assert "Moderna COVID-19 vaccine, 10-dose vial runs low: 1 dose left, about 3 a day" in told
