"""Vaccine goes from one location to another: both sides and the state see the same page of it."""

from datetime import timedelta

import pytest
import time_machine

from app.domain.inventory.models import Lot
from app.domain.inventory.recall import MakeRecall, recall
from app.domain.transfers.models import Transfer
from tests import make
from tests.browserless import text_of
from tests.make import transfers as made
from tests.make.inventory import lot as make_lot


@pytest.fixture
def sender(session, now):
    return make.location(session, "Eastside Clinic")


@pytest.fixture
def receiver(session, now):
    return make.location(session, "Westside Clinic")


@pytest.fixture
def stock(session, sender):
    return make_lot(session, sender, number="EN6201", doses=100)


@pytest.fixture
def eve(site, session, sender):
    return make.manager(session, sender, first_name="Eve", last_name="East")


@pytest.fixture
def wes(site, session, receiver):
    return make.manager(session, receiver, first_name="Wes", last_name="West")


def at(place, transfer=None):
    return f"/provider/{place.id}/transfers" + (f"/{transfer.id}" if transfer else "")


def asked(site, sender, receiver, stock, *, expect=200, **told):
    page = site.open(f"{at(sender)}/new/lots?to={receiver.id}&kind=transfer")
    values = {f"doses_{stock.id.hex}": "30", "reason": "They ran out", "transport": "cooler", "cold_chain": "y",
              "contact_phone": "919 555 0100"}  # fmt: skip
    return site.submit(page, expect=expect, **(values | told))


def left(session, stock):
    session.expire_all()
    return session.get_one(Lot, stock.id).balance


def buttons(page):
    return [link.text for link in page.select("main .actions a")]


def test_vaccine_goes_from_the_request_to_the_other_shelf(site, session, sender, receiver, stock, eve, wes):
    site.sign_in(eve)
    page = site.open(at(sender))
    assert "No transfer is under way" in text_of(page)
    page = site.open(f"{at(sender)}/new?text=west")
    page = site.open(page.find("a", string="Westside Clinic")["href"])
    assert page.h1.text == "Transfer to Westside Clinic"
    assert page.select_one("[name=contact_name]")["value"] == "Eve East"
    page = asked(site, sender, receiver, stock)
    assert "Waits for the state" in text_of(page, ".page-head")
    url = site.url
    assert left(session, stock) == 100
    site.sign_in(make.administrator(session))
    page = site.open("/state/transfers")
    page = site.open(page.select_one("tbody a")["href"])
    page = site.open(page.find("a", string="Approve")["href"])
    assert "Nothing waits for a decision" in text_of(site.submit(page))
    page = site.sign_in(eve).open(url)
    assert buttons(page) == ["Ship it", "Cancel this transfer"]
    site.submit(site.open(f"{url}/ship"))
    assert left(session, stock) == 70
    transfer = session.query(Transfer).one()
    page = site.sign_in(wes).open(at(receiver, transfer))
    assert buttons(page) == ["Receive it", "Refuse this transfer"]
    page = site.submit(site.open(f"{at(receiver, transfer)}/receive"))
    assert "Received" in text_of(page, ".page-head")
    assert "Shipped Eve East" in text_of(page)
    assert "EN6201" in text_of(site.open(f"/provider/{receiver.id}/inventory"), "tbody tr")
    assert buttons(site.open(at(receiver, transfer))) == []


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"doses": ""}, "Enter the doses of at least one lot"),
        ({"doses": "101"}, "Only 100 doses are on the shelf now"),
        ({"doses": "-3"}, "Enter a whole number of doses"),
        ({"doses": "9" * 30}, "Only 100 doses"),
        ({"doses": "1.5"}, "in digits"),
        ({"reason": ""}, "Say why"),
        ({"transport": ""}, "Choose how it travels"),
        ({"contact_phone": "12"}, "ten digits"),
        ({"contact_name": ""}, "Enter a name"),
        ({"planned_on-year": "2020"}, "This day has passed"),
        ({"planned_on-year": "2031"}, "more than three months ahead"),
        ({"planned_on-day": "32"}, "Enter a real date"),
    ],
)
def test_a_request_that_cannot_be_is_refused_and_keeps_what_was_typed(
    site, session, sender, receiver, stock, eve, told, said
):
    site.sign_in(eve)
    told = {f"doses_{stock.id.hex}" if name == "doses" else name: value for name, value in told.items()}
    page = asked(site, sender, receiver, stock, expect=422, **told)
    assert said in text_of(page, "[data-error-summary]")
    assert page.select_one("[name=cold_chain]").has_attr("checked")
    assert session.query(Transfer).count() == 0


def test_a_lot_that_is_recalled_while_somebody_types_is_refused_beside_it(
    site, session, sender, receiver, stock, eve, now
):
    other = make_lot(session, sender, number="EN7", doses=10)
    site.sign_in(eve)
    page = site.open(f"{at(sender)}/new/lots?to={receiver.id}")
    recall(session, made.STATE, MakeRecall("pfizer", "EN6201", "Glass"), now=now)
    session.commit()
    values = {f"doses_{stock.id.hex}": "30", f"doses_{other.id.hex}": "5", "reason": "They ran out",
              "transport": "cooler", "cold_chain": "y", "contact_phone": "9195550100"}  # fmt: skip
    page = site.submit(page, expect=422, **values)
    assert "The program recalled this lot" in text_of(page, ".usa-form-group--error")


def test_redistribution_needs_one_organization_and_its_signed_agreement(site, session, sender, receiver, stock, eve):
    site.sign_in(eve)
    page = site.open(f"{at(sender)}/new?kind=redistribution")
    assert "No location fits" in text_of(page)
    page = site.open(f"{at(sender)}/new/lots?to={receiver.id}&kind=redistribution")
    values = {f"doses_{stock.id.hex}": "30", "reason": "Planned", "transport": "cooler", "cold_chain": "y",
              "contact_phone": "9195550100"}  # fmt: skip
    page = site.submit(page, expect=422, **values)
    assert "stays within one provider organization" in text_of(page, "[data-error-summary]")


def test_what_arrives_short_is_explained_line_by_line(site, session, sender, receiver, stock, eve, wes):
    transfer = made.shipped(session, sender, receiver, (stock, 30))
    (line,) = transfer.lines
    key = line.id.hex
    site.sign_in(wes)
    page = site.open(f"{at(receiver, transfer)}/receive")
    assert page.select_one(f"[name=arrived_{key}]")["value"] == "30"
    page = site.submit(page, expect=422, **{f"arrived_{key}": "28", f"damaged_{key}": "3"})
    assert "Choose why it differs" in text_of(page, ".usa-form-group--error")
    page = site.submit(page, expect=422, **{f"damaged_{key}": "29"})
    assert "Enter 28 doses or fewer" in text_of(page, "[data-error-summary]")
    page = site.submit(page, **{f"damaged_{key}": "3", f"discrepancy_{key}": "broken"})
    assert "30 30 28 3 Vials broken on the way 2 doses missing" in text_of(page)
    (arrived,) = session.query(Lot).filter_by(location_id=receiver.id)
    assert arrived.balance == 25


def test_a_transfer_is_received_once(site, session, sender, receiver, stock, wes):
    transfer = made.shipped(session, sender, receiver, (stock, 30))
    site.sign_in(wes)
    url = f"{at(receiver, transfer)}/receive"
    first, second = site.open(url), site.open(url)
    site.submit(first)
    site.url = url
    page = site.submit(second)
    assert "nothing was changed" in text_of(page)
    (arrived,) = session.query(Lot).filter_by(location_id=receiver.id)
    assert arrived.balance == 30


def test_a_refused_transfer_goes_back_and_is_taken_back(site, session, sender, receiver, stock, eve, wes):
    transfer = made.shipped(session, sender, receiver, (stock, 30))
    site.sign_in(wes)
    page = site.open(f"{at(receiver, transfer)}/refuse")
    assert "It was shipped already" in text_of(page)
    site.submit(page, expect=422)
    page = site.submit(page, why="Our freezer broke")
    assert "On the way back" in text_of(page, ".page-head")
    assert left(session, stock) == 70
    page = site.sign_in(eve).open(at(sender, transfer))
    assert "Our freezer broke" in text_of(page)
    assert buttons(page) == ["Take it back"]
    page = site.submit(site.open(f"{at(sender, transfer)}/take-back"))
    assert "Back with the sender" in text_of(page, ".page-head")
    assert left(session, stock) == 100


def test_the_sender_cancels_before_it_is_shipped(site, session, sender, receiver, stock, eve):
    transfer = made.approved(session, sender, receiver, (stock, 30))
    site.sign_in(eve)
    page = site.submit(site.open(f"{at(sender, transfer)}/cancel"), why="We need it ourselves")
    assert "Cancelled by the sender" in text_of(page, ".page-head")
    page = site.open(f"{at(sender, transfer)}/ship")
    assert "nothing was changed" in text_of(page)
    assert "No transfer is under way" in text_of(site.open(at(sender)))
    assert transfer.code in text_of(site.open(f"{at(sender)}?show=all"))


def test_fewer_doses_are_shipped_than_were_approved_never_more(site, session, sender, receiver, stock, eve):
    transfer = made.approved(session, sender, receiver, (stock, 30))
    key = f"doses_{transfer.lines[0].id.hex}"
    site.sign_in(eve)
    for doses, said in (("31", "Enter 30 doses or fewer"), ("0", "at least one lot"), ("-1", "0 or more")):
        page = site.submit(site.open(f"{at(sender, transfer)}/ship"), expect=422, **{key: doses})
        assert said in text_of(page, "[data-error-summary]")
    site.submit(site.open(f"{at(sender, transfer)}/ship"), **{key: "20"})
    assert left(session, stock) == 80


def test_what_is_on_the_way_too_long_stands_on_top(site, session, sender, receiver, stock, eve, now):
    transfer = made.shipped(session, sender, receiver, (stock, 30))
    site.sign_in(eve)
    assert "48 hours" not in text_of(site.open(at(sender)))
    with time_machine.travel(now + timedelta(hours=50)):
        site.sign_in(eve)
        assert f"{transfer.code} : Eastside Clinic" in text_of(site.open(at(sender)), ".usa-alert--warning")
        assert "Call the other side" in text_of(site.open(at(sender, transfer)), ".usa-alert--warning")


def test_the_other_side_cannot_do_the_senders_part(site, session, sender, receiver, stock, wes):
    transfer = made.approved(session, sender, receiver, (stock, 30))
    site.sign_in(wes)
    assert "nothing was changed" in text_of(site.open(f"{at(receiver, transfer)}/ship"))
    site.open(at(sender, transfer), expect=404)


def test_a_third_place_sees_nothing_and_a_provider_only_reads(site, session, sender, receiver, stock):
    transfer = made.approved(session, sender, receiver, (stock, 30))
    third = make.location(session, "Third Clinic")
    site.sign_in(make.manager(session, third))
    site.open(at(third, transfer), expect=404)
    site.sign_in(make.healthcare_provider(session, sender))
    assert buttons(site.open(at(sender, transfer))) == []
    for path in ("/new", f"/new/lots?to={receiver.id}", f"/{transfer.id}/ship", f"/{transfer.id}/cancel"):
        site.open(at(sender) + path, expect=403)


def test_a_request_to_no_location_is_not_here(site, session, sender, eve):
    site.sign_in(eve)
    for to in ("", "x", make.NOBODY):
        site.open(f"{at(sender)}/new/lots?to={to}", expect=404)
