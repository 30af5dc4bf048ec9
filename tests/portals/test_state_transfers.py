"""Transfers wait for the state: the queue and the decision."""

import pytest

from app.domain.transfers.models import Transfer
from tests import make
from tests.browserless import text_of
from tests.make import transfers as made
from tests.make.inventory import lot as make_lot


@pytest.fixture
def places(session, now):
    return make.location(session, "Eastside Clinic"), make.location(session, "Westside Clinic")


@pytest.fixture
def stock(session, places):
    return make_lot(session, places[0], number="EN6201", doses=100)


@pytest.fixture
def staff(site, session):
    return site.sign_in(make.administrator(session, first_name="Sal", last_name="State"))


def test_the_longest_waiting_stands_first_and_the_decided_no_more(session, places, stock, staff):
    first = made.requested(session, *places, (stock, 10))
    second = made.requested(session, *places, (stock, 20))
    made.approved(session, *places, (stock, 5))
    page = staff.open("/state/transfers")
    assert [link.text for link in page.select("tbody a")] == [first.code, second.code]
    assert len(staff.open("/state/transfers?show=all").select("tbody tr")) == 3


def test_a_decision_is_told_with_its_reason(session, places, stock, staff):
    transfer = made.requested(session, *places, (stock, 10))
    url = f"/state/transfers/{transfer.id}"
    page = staff.open(url)
    assert "They ran out" in text_of(page)
    page = staff.open(page.find("a", string="Do not approve")["href"])
    staff.submit(page, expect=422)
    staff.submit(page, why="The receiver has enough")
    page = staff.open(url)
    assert "Not approved" in text_of(page, ".page-head")
    assert "Not approved Sal State The receiver has enough" in text_of(page)
    assert not page.select("main .actions a")


def test_what_was_approved_can_be_taken_back_until_it_is_shipped(session, places, stock, staff):
    transfer = made.approved(session, *places, (stock, 10))
    page = staff.open(f"/state/transfers/{transfer.id}")
    assert [link.text for link in page.select("main .actions a")] == ["Do not approve"]
    staff.submit(staff.open(f"/state/transfers/{transfer.id}/reject"), why="Recall is coming")
    session.expire_all()
    assert session.get_one(Transfer, transfer.id).status == "rejected"


def test_two_who_decide_at_once_decide_once(session, places, stock, staff):
    transfer = made.requested(session, *places, (stock, 10))
    approve, reject = (staff.open(f"/state/transfers/{transfer.id}/{act}") for act in ("approve", "reject"))
    staff.submit(reject, why="No")
    staff.url = f"/state/transfers/{transfer.id}/approve"
    assert "cannot be decided any more" in text_of(staff.submit(approve))
    session.expire_all()
    assert session.get_one(Transfer, transfer.id).status == "rejected"


def test_a_receiver_that_closed_meanwhile_is_told(session, places, stock, staff, now):
    transfer = made.requested(session, *places, (stock, 10))
    places[1].closed_at = now
    session.commit()
    page = staff.submit(staff.open(f"/state/transfers/{transfer.id}/approve"), expect=422)
    assert "takes part no longer" in text_of(page, "[data-error-summary]")


def test_the_queue_is_the_states_alone(site, session, places):
    site.sign_in(make.manager(session, places[0]))
    site.open("/state/transfers", expect=404)
