"""The program recalls a lot, or stops a vaccine, everywhere and at once."""

import pytest

from app.domain.inventory.models import Lot, Recall
from tests import make
from tests.browserless import text_of
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import dose, someone


@pytest.fixture
def place(session, now):
    return make.location(session, "Eastside Clinic")


@pytest.fixture
def staff(site, session, now):
    return site.sign_in(make.administrator(session, first_name="Sal", last_name="State"))


def recalled(staff, *, expect=200, what="lot", **told):
    values = {"product": "pfizer", "reason": "Glass in vials", "sure": "y"}
    if what == "lot":
        values["lot_number"] = "EN6201"
    return staff.submit(staff.open(f"/state/recalls/{what}"), expect=expect, **(values | told))


def test_a_recalled_lot_is_out_of_use_everywhere_and_its_people_are_listed(session, place, staff):
    stock = make_lot(session, place, number="EN6201", doses=6)
    make_lot(session, make.location(session, "Westside Clinic"), number="en-6201", doses=4)
    fine = make_lot(session, place, number="EN7", doses=5)
    dose(session, place, someone(session, place, first_name="Rosa", last_name="Diaz"), stock)
    assert "Nothing is out of use" in text_of(staff.open("/state/recalls"))
    page = recalled(staff, lot_number=" en-6201")
    assert "out of use everywhere" in text_of(page)
    assert "9 in 2 lots" in text_of(page, ".rows")
    assert "doses given 1" in text_of(page, ".stats")
    assert "Rosa Diaz" in text_of(page)
    assert "Westside Clinic – EN-6201 4" in text_of(page)
    assert "EN6201" in text_of(staff.open("/state/recalls"), "tbody tr").replace("-", "")
    session.expire_all()
    assert session.get_one(Lot, stock.id).recalled_at is not None
    assert session.get_one(Lot, fine.id).recalled_at is None
    staff.sign_in(make.manager(session, place))
    assert "The program recalled this lot" in text_of(staff.open(f"/provider/{place.id}/inventory/lots/{stock.id}"))


def test_a_stopped_vaccine_is_out_of_use_until_the_stop_is_lifted(session, place, staff):
    stock = make_lot(session, place, product="janssen", doses=6)
    page = recalled(staff, what="vaccine", product="janssen")
    url = staff.url
    assert page.h1.text.startswith("Stop of Janssen")
    session.expire_all()
    assert session.get_one(Lot, stock.id).stopped_at is not None
    page = staff.open(page.find("a", string="Lift it")["href"])
    staff.submit(page, expect=422)
    page = staff.submit(page, because="The review ended")
    assert "Lifted" in text_of(page, ".page-head")
    assert not staff.open(url).find("a", string="Lift it")
    assert "Somebody lifted it already" in text_of(staff.submit(staff.open(f"{url}/lift"), because="Again"))
    session.expire_all()
    assert session.get_one(Lot, stock.id).stopped_at is None


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"lot_number": ""}, "Enter the lot number"),
        ({"lot_number": "--"}, "with letters or digits"),
        ({"lot_number": "x" * 31}, "30 characters or fewer"),
        ({"product": ""}, "Choose the vaccine"),
        ({"reason": ""}, "Say why"),
        ({"reason": "   "}, "Say why"),
    ],
)
def test_a_recall_that_cannot_be_is_refused_beside_its_field(session, staff, told, said):
    page = recalled(staff, expect=422, **told)
    assert said in text_of(page, ".usa-form-group--error")
    assert session.query(Recall).count() == 0


def test_nothing_is_recalled_without_the_tick(session, staff):
    staff.submit(staff.open("/state/recalls/lot"), expect=422)
    page = staff.open("/state/recalls/vaccine")
    page = staff.submit(page, expect=422, product="pfizer", reason="Glass")
    assert "Tick the box" in text_of(page, ".usa-form-group--error")
    assert session.query(Recall).count() == 0


def test_the_same_lot_is_recalled_once(session, staff):
    recalled(staff)
    page = recalled(staff, expect=422)
    assert "out of use already" in text_of(page, ".usa-form-group--error")


def test_recalls_are_the_states_alone(site, session, place, staff):
    page = recalled(staff)
    assert page
    url = staff.url
    site.sign_in(make.manager(session, place))
    for address in ("/state/recalls", "/state/recalls/lot", url):
        site.open(address, expect=404)
