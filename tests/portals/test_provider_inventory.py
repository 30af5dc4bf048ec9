"""Vaccine inventory: a shipment is received, what is on the shelf, what happened to each lot."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, func, select

from app.domain.inventory.models import UNKNOWN_EXPIRY, Lot, Shipment
from tests import make
from tests.browserless import text_of
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import dose, someone

EXPIRES = {"expires_on-month": "7", "expires_on-day": "31", "expires_on-year": "2021"}
DELIVERY = {"product": "pfizer", "lot_number": "EN6201", "doses_expected": "1,170", "doses_received": "1170", **EXPIRES}


@pytest.fixture
def place(session, now):
    return make.location(session)


@pytest.fixture
def base(site, session, place):
    """The address of the inventory; the Location Manager is signed in."""
    site.sign_in(make.manager(session, place, first_name="Mo", last_name="Miller"))
    return f"/provider/{place.id}/inventory"


def receive(site, base, *, expect=200, **told):
    return site.submit(site.open(f"{base}/receive"), expect=expect, **(DELIVERY | told))


def lots(session):
    session.expire_all()
    return list(session.scalars(select(Lot).order_by(Lot.number)))


def test_an_empty_shelf_says_how_it_is_filled(site, base):
    page = site.open(base)
    assert "There is no vaccine here yet" in text_of(page)
    assert "doses that may be given today 0" in text_of(page, ".stats")


def test_a_shipment_is_received_into_its_lot(site, session, base):
    page = receive(site, base, doses_damaged="5", reference="ORD-77")
    assert page.h1.text == "Lot EN6201"
    assert "1,165 doses added to the lot." in text_of(page)
    rows = [" ".join(row.get_text(" ").split()) for row in page.select("tbody tr")]
    assert "Damaged on arrival −5 1,165 Mo Miller" in rows[0]
    assert "Received +1,170 1,170 Mo Miller ORD-77" in rows[1]
    assert rows[2].endswith("1,170 1,170 5 ORD-77")
    page = site.open(base)
    assert "EN6201 Pfizer-BioNTech COVID-19 vaccine Jul 31, 2021 1,165 Can be given" in text_of(page, "tbody tr")
    assert "doses that may be given today 1,165" in text_of(page, ".stats")


def test_the_same_lot_again_adds_to_what_is_there_however_it_is_typed(site, session, base):
    receive(site, base)
    page = receive(site, base, lot_number=" en-6201 ", doses_received="30", doses_expected="30")
    assert "Doses left 1,200" in text_of(page, ".rows")
    assert [stock.balance for stock in lots(session)] == [1200]


def test_another_expiration_date_of_the_same_lot_is_asked_about(site, session, base):
    receive(site, base)
    page = receive(site, base, expect=422, **{"expires_on-month": "8"})
    assert "with the expiration date Jul 31, 2021" in text_of(page, ".usa-form-group--error")
    assert lots(session)[0].balance == 1170
    page = site.submit(page, replace_expiry="y")
    assert (lots(session)[0].balance, lots(session)[0].expires_on) == (2340, date(2021, 8, 31))


def test_an_expiration_date_that_is_not_known_yet_is_ticked(site, session, base):
    page = receive(
        site, base, unknown_expiry="y", **{"expires_on-month": "", "expires_on-day": "", "expires_on-year": ""}
    )
    assert "Expires Not known yet" in text_of(page, ".rows")
    assert lots(session)[0].expires_on == UNKNOWN_EXPIRY


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"product": ""}, "Choose the vaccine"),
        ({"product": "water"}, "Not a valid choice"),
        ({"lot_number": ""}, "Enter the lot number"),
        ({"lot_number": "--"}, "Enter the lot number as it stands on the carton"),
        ({"lot_number": "x" * 31}, "Use 30 characters or fewer"),
        ({"expires_on-year": "2020"}, "Expired vaccine is not received"),
        ({"expires_on-year": "2068"}, "too far ahead"),
        ({"expires_on-month": "", "expires_on-day": "", "expires_on-year": ""}, "Enter the expiration date, or tick"),
        ({"expires_on-day": "32"}, "Enter a real date"),
        ({"doses_received": "0"}, "Enter a whole number of doses, 1 or more"),
        ({"doses_received": "ten"}, "Enter the number of doses in digits, such as 1170"),
        ({"doses_received": ""}, "Enter the number of doses that arrived"),
        ({"doses_received": "100,001"}, "Enter 100,000 doses or fewer"),
        ({"doses_damaged": "-1"}, "Enter 0 or a whole number"),
        ({"doses_damaged": "1171"}, "More doses are damaged than were received"),
        ({"doses_expected": ""}, "Enter the number of doses on the papers"),
    ],
)
def test_a_delivery_that_cannot_be_is_refused_beside_its_field(site, session, base, wrong, said):
    page = receive(site, base, expect=422, reference="ORD-77", **wrong)
    assert said in text_of(page, ".usa-form-group--error")
    assert len(page.select(".usa-form-group--error")) == 1
    assert page.select_one("[name=reference]")["value"] == "ORD-77"
    assert lots(session) == []


def test_a_delivery_typed_on_a_page_that_was_open_too_long_is_not_lost(site, session, base):
    page = site.open(f"{base}/receive")
    page.select_one("main [name=csrf_token]")["value"] = "stale"
    page = site.submit(page, expect=422, **DELIVERY)
    assert "Nothing is lost" in text_of(page, "[data-error-summary]")
    assert lots(session) == []
    assert site.submit(page).h1.text == "Lot EN6201"
    assert [stock.balance for stock in lots(session)] == [1170]


def test_a_double_click_receives_once(site, session, base):
    page = site.open(f"{base}/receive")
    for _ in range(2):
        site.url = f"{base}/receive"
        site.submit(page, **DELIVERY)
    assert session.scalar(select(func.count()).select_from(Shipment)) == 1
    assert lots(session)[0].balance == 1170


def test_a_dose_that_was_given_stands_in_the_lots_history(site, session, base, place):
    stock = make_lot(session, place, doses=6)
    dose(session, place, someone(session, place), stock)
    page = site.open(f"{base}/lots/{stock.id}")
    assert "Dose given −1 5" in text_of(page, "tbody tr")
    assert "Lopez" not in text_of(page)


def test_lots_that_cannot_be_given_say_why_and_are_not_counted(site, session, base, place, now):
    make_lot(session, place, number="EL9", expires_on=now.date() - timedelta(days=1))
    make_lot(session, place, number="EN6201", doses=20)
    page = site.open(base)
    assert "EL9" in text_of(page, "tr.is-off")
    assert "Expired" in text_of(page, "tr.is-off")
    assert "doses that may be given today 20" in text_of(page, ".stats")


def test_a_lot_may_be_given_on_its_last_day(site, session, base, place, now):
    make_lot(session, place, expires_on=now.date())
    assert "Can be given" in text_of(site.open(base), "tbody tr")


def test_lots_that_are_used_up_are_on_a_list_of_their_own(site, session, base, place):
    stock = make_lot(session, place, number="EN6201", doses=1)
    dose(session, place, someone(session, place), stock)
    page = site.open(base)
    assert not page.select("tbody tr")
    page = site.open(page.find("a", string="Show lots that are used up")["href"])
    assert "EN6201" in text_of(page, "tbody tr")
    assert "Used up" in text_of(page, "tbody tr")


def test_many_lots_are_paged_and_ask_the_database_as_often_as_few(site, session, base, place, database, now):
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *what: asked.append(what[2]))
    make_lot(session, place, number="AA1", expires_on=now.date() + timedelta(days=1))
    asked.clear()
    site.open(base)
    few = len(asked)
    for number in range(52):
        make_lot(session, place, number=f"BB{number}", expires_on=now.date() + timedelta(days=2))
    asked.clear()
    page = site.open(base)
    assert len(asked) == few <= 12
    first = {link.text for link in page.select("tbody th a")}
    page = site.open(page.select_one("a[rel=next]")["href"])
    second = {link.text for link in page.select("tbody th a")}
    assert (len(first), len(second), first & second) == (50, 3, set())
    assert site.open(page.select_one("a[rel=prev]")["href"]).select_one("tbody th a").text == "AA1"


def test_a_healthcare_provider_sees_the_shelf_and_changes_nothing(site, session, place):
    make_lot(session, place)
    site.sign_in(make.healthcare_provider(session, place))
    page = site.open(f"/provider/{place.id}/inventory")
    assert "Receive" not in text_of(page)
    site.open(f"/provider/{place.id}/inventory/receive", expect=403)


def test_another_places_lot_is_not_here(site, session, base):
    theirs = make_lot(session, make.location(session, "Westside Clinic"), number="WW1")
    site.open(f"{base}/lots/{theirs.id}", expect=404)
    assert "WW1" not in text_of(site.open(base))


def test_the_same_lot_at_two_places_is_two_lots(site, session, base):
    make_lot(session, make.location(session, "Westside Clinic"), number="EN6201", doses=7)
    receive(site, base)
    assert sorted(stock.balance for stock in lots(session)) == [7, 1170]
