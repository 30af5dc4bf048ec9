"""Vaccine goes from one location to another: asked for, approved, shipped, received. No dose is lost on the way."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.domain.errors import NotAllowed, NotFound
from app.domain.inventory import queries as stock
from app.domain.inventory.change_lot import changes_of
from app.domain.inventory.models import UNKNOWN_EXPIRY, Lot, StockEntry
from app.domain.inventory.quarantine import QuarantineLot, quarantine_lot
from app.domain.inventory.recall import MakeRecall, recall
from app.domain.transfers import queries, states
from app.domain.transfers.decide import Decide, approve, reject
from app.domain.transfers.errors import (
    BadTransfer,
    LineUnusable,
    NeedsDiscrepancy,
    NotEnough,
    NotNow,
)
from app.domain.transfers.overdue import too_long_on_the_way, transfers_that_differ
from app.domain.transfers.receive import Arrived, Receive, receive
from app.domain.transfers.request_transfer import request_transfer
from app.domain.transfers.ship import Ship, ship
from app.domain.transfers.stop import Stop, cancel, refuse
from app.domain.transfers.take_back import TakeBack, take_back
from app.infra.audit import AuditEntry
from app.infra.outbox import OutboxMessage
from tests import make
from tests.make import transfers as moving
from tests.make.inventory import lot as make_lot
from tests.make.transfers import STATE, asking
from tests.make.vaccinations import nurse_at

TODAY = date(2021, 3, 10)


@pytest.fixture
def west(session):
    return make.location(session, "Westside Clinic")


@pytest.fixture
def east(session):
    return make.location(session, "Eastside Clinic")


def ask(session, command, now):
    return request_transfer(session, nurse_at(command.from_location_id), command, now=now, today=TODAY)


def everywhere(session):
    """All doses on all shelves, and those on the way."""
    shelves = session.scalar(select(func.sum(Lot.balance)))
    return shelves + sum(one.doses for one in queries.doses_on_the_way(session, STATE))


def test_a_transfer_moves_doses_from_shelf_to_shelf_and_both_lots_tell_it(session, west, east, now):
    lot = make_lot(session, west, doses=50, number="EN6199")
    transfer = moving.requested(session, west, east, (lot, 30))
    assert (transfer.status, lot.balance) == ("requested", 50)
    approve(session, STATE, Decide(transfer.id), now=now)
    assert (transfer.status, lot.balance) == ("approved", 50)
    ship(session, nurse_at(west.id), Ship(west.id, transfer.id, {}), now=now, today=TODAY)
    assert (transfer.status, lot.balance) == ("shipped", 20)
    receive(session, nurse_at(east.id), Receive(east.id, transfer.id), now=now, today=TODAY)
    arrived = session.get(Lot, transfer.lines[0].received_lot_id)
    assert (transfer.status, arrived.location_id, arrived.number, arrived.balance) == (
        "received",
        east.id,
        "EN6199",
        30,
    )
    assert arrived.expires_on == lot.expires_on
    out, came = stock.lot_ledger(session, lot).items[0], stock.lot_ledger(session, arrived).items[0]
    assert (out.kind, out.doses, out.reason) == ("transfer_out", -30, f"{transfer.code}: Eastside Clinic")
    assert (came.kind, came.doses, came.reason) == ("transfer_in", 30, f"{transfer.code}: Westside Clinic")
    assert [line.step.act for line in queries.steps_of(session, transfer)] == ["request", "approve", "ship", "receive"]
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.subject_id == transfer.id).order_by(AuditEntry.id))
    assert acts.all() == ["transfer.request", "transfer.approve", "transfer.ship", "transfer.receive"]


def test_the_date_that_comes_with_the_doses_is_told_by_the_story_of_the_lot(session, west, east, now):
    lot = make_lot(session, west, doses=20, number="EN7", expires_on=date(2021, 6, 30))
    known = make_lot(session, east, doses=4, number="EN7", expires_on=UNKNOWN_EXPIRY)
    transfer = moving.shipped(session, west, east, (lot, 5))
    receive(session, nurse_at(east.id), Receive(east.id, transfer.id), now=now, today=TODAY)
    assert (known.expires_on, known.balance) == (date(2021, 6, 30), 9)
    told = [(line.kind, line.reason) for line in stock.lot_ledger(session, known).items[:2]]
    assert told[1] == ("expiry_changed", "2069-12-31 > 2021-06-30")
    assert [change.reason for change in changes_of(session, known)] == ["transfer"]


def test_on_the_way_the_doses_are_on_nobodys_shelf_and_never_lost(session, west, east, now):
    lot, other = make_lot(session, west, doses=50), make_lot(session, west, doses=20, product="moderna-10")
    assert everywhere(session) == 70
    transfer = moving.shipped(session, west, east, (lot, 30), (other, 5))
    assert session.scalar(select(func.sum(Lot.balance))) == 35
    assert [(one.line.lot_id, one.doses) for one in queries.doses_on_the_way(session, STATE)] == [
        (lot.id, 30),
        (other.id, 5),
    ]
    assert everywhere(session) == 70
    assert transfers_that_differ(session) == []
    receive(session, nurse_at(east.id), Receive(east.id, transfer.id), now=now, today=TODAY)
    assert queries.doses_on_the_way(session, STATE) == []
    assert everywhere(session) == 70
    assert transfers_that_differ(session) == []
    assert stock.balances_that_differ(session) == []


def test_a_transfer_whose_entries_do_not_add_up_is_found(session, west, east, now):
    lot = make_lot(session, west)
    transfer = moving.shipped(session, west, east, (lot, 4))
    transfer.lines[0].doses_shipped = 3
    session.flush()
    assert transfers_that_differ(session) == [(transfer.id, 4, 3)]


def test_less_than_approved_can_be_shipped_but_not_more(session, west, east, now):
    lot, other = make_lot(session, west, doses=50), make_lot(session, west, doses=20)
    transfer = moving.approved(session, west, east, (lot, 30), (other, 5))
    first, second = transfer.lines
    nurse = nurse_at(west.id)
    for wrong in ({first.id: 31}, {first.id: -1}, {first.id: 0, second.id: 0}, {lot.id: 1}):
        with pytest.raises(BadTransfer):
            ship(session, nurse, Ship(west.id, transfer.id, wrong), now=now, today=TODAY)
        assert (transfer.status, lot.balance) == ("approved", 50)
    ship(session, nurse, Ship(west.id, transfer.id, {first.id: 20, second.id: 0}), now=now, today=TODAY)
    assert (lot.balance, other.balance) == (30, 20)
    with pytest.raises(BadTransfer):
        receive(
            session, nurse_at(east.id), Receive(east.id, transfer.id, (Arrived(second.id, 5),)), now=now, today=TODAY
        )
    receive(session, nurse_at(east.id), Receive(east.id, transfer.id), now=now, today=TODAY)
    assert session.get(Lot, first.received_lot_id).balance == 20
    assert second.received_lot_id is None


@pytest.mark.parametrize(
    ("arrived", "on_shelf", "lost"),
    [
        ({"arrived": 28, "discrepancy": "short"}, 28, 2),
        ({"arrived": 0, "discrepancy": "lost"}, 0, 30),
        ({"arrived": 32, "discrepancy": "over"}, 32, -2),
        ({"arrived": 30, "damaged": 6, "discrepancy": "broken"}, 24, 0),
        ({"arrived": 29, "damaged": 29, "discrepancy": "other", "explanation": "Fell off the truck"}, 0, 1),
    ],
)
def test_a_discrepancy_is_explained_and_every_dose_accounted_for(session, west, east, now, arrived, on_shelf, lost):
    lot = make_lot(session, west, doses=50)
    transfer = moving.shipped(session, west, east, (lot, 30))
    line = transfer.lines[0]
    command = Receive(east.id, transfer.id, (Arrived(line.id, **arrived),))
    receive(session, nurse_at(east.id), command, now=now, today=TODAY)
    assert session.get(Lot, line.received_lot_id).balance == on_shelf
    assert (line.doses_lost, line.discrepancy) == (lost, arrived["discrepancy"])
    assert transfers_that_differ(session) == []


@pytest.mark.parametrize(
    "arrived", [{"arrived": 28}, {"arrived": 30, "damaged": 1}, {"arrived": 28, "discrepancy": "other"}]
)
def test_a_discrepancy_without_a_reason_is_asked_for_and_nothing_moves(session, west, east, now, arrived):
    transfer = moving.shipped(session, west, east, (make_lot(session, west, doses=50), 30))
    line = transfer.lines[0]
    command = Receive(east.id, transfer.id, (Arrived(line.id, **arrived),))
    with pytest.raises(NeedsDiscrepancy) as refusal:
        receive(session, nurse_at(east.id), command, now=now, today=TODAY)
    assert refusal.value.line_ids == (line.id,)
    assert (transfer.status, line.doses_arrived) == ("shipped", None)


@pytest.mark.parametrize(
    ("arrived", "fault"),
    [
        ({"arrived": -1}, "not_positive"),
        ({"arrived": 10**20}, "too_many"),
        ({"arrived": 10, "damaged": 11}, "too_many"),
        ({"arrived": 10, "damaged": -1}, "not_positive"),
        ({"arrived": 10, "discrepancy": "stolen"}, "unknown"),
    ],
)
def test_numbers_that_cannot_be_true_are_refused_on_arrival(session, west, east, now, arrived, fault):
    transfer = moving.shipped(session, west, east, (make_lot(session, west, doses=50), 30))
    command = Receive(east.id, transfer.id, (Arrived(transfer.lines[0].id, **arrived),))
    with pytest.raises(BadTransfer) as refusal:
        receive(session, nurse_at(east.id), command, now=now, today=TODAY)
    assert refusal.value.fault == fault


def test_a_transfer_is_received_once(session, west, east, now):
    transfer = moving.received(session, west, east, (make_lot(session, west), 5))
    with pytest.raises(NotNow) as refusal:
        receive(session, nurse_at(east.id), Receive(east.id, transfer.id), now=now, today=TODAY)
    assert (refusal.value.act, refusal.value.status) == ("receive", "received")


@pytest.mark.parametrize(
    ("wrong", "field", "fault"),
    [
        ({"kind": "gift"}, "kind", "unknown"),
        ({"reason": " "}, "reason", "missing"),
        ({"planned_on": TODAY - timedelta(days=1)}, "planned_on", "past"),
        ({"planned_on": TODAY + timedelta(days=365)}, "planned_on", "too_far"),
        ({"transport": ""}, "transport", "missing"),
        ({"transport": "pigeon"}, "transport", "unknown"),
        ({"cold_chain": False}, "cold_chain", "missing"),
        ({"contact_name": ""}, "contact_name", "missing"),
        ({"contact_phone": "911"}, "contact_phone", "bad_phone"),
        ({"lines": ()}, "lines", "missing"),
    ],
)
def test_a_request_that_cannot_be_is_refused_at_its_field(session, west, east, now, wrong, field, fault):
    lot = make_lot(session, west)
    with pytest.raises(BadTransfer) as refusal:
        ask(session, replace(asking(west, east, (lot, 5)), **wrong), now)
    assert (refusal.value.field, refusal.value.fault) == (field, fault)


def test_nothing_goes_to_itself_to_a_closed_or_unknown_place_twice_or_as_less_than_a_dose(session, west, east, now):
    lot, gone = make_lot(session, west), make.location(session, "Gone")
    gone.closed_at = now
    session.commit()
    for wrong in (
        asking(west, west, (lot, 5)), asking(west, gone, (lot, 5)), asking(west, east, (lot, 5), (lot, 2)),
        asking(west, east, (lot, 0)), asking(west, east, (lot, -5)), asking(west, east, to_location_id=lot.id),
    ):  # fmt: skip
        with pytest.raises(BadTransfer):
            ask(session, wrong, now)


def test_only_doses_that_are_there_and_may_be_used_are_sent(session, west, east, now):
    few, theirs = make_lot(session, west, doses=4), make_lot(session, east)
    with pytest.raises(NotEnough) as short:
        ask(session, asking(west, east, (few, 5)), now)
    assert short.value.available == 4
    with pytest.raises(NotFound):
        ask(session, asking(west, east, (theirs, 1)), now)
    old, apart, bad = (
        make_lot(session, west, expires_on=date(2021, 3, 9)),
        make_lot(session, west),
        make_lot(session, west),
    )
    quarantine_lot(session, nurse_at(west.id), QuarantineLot(west.id, apart.id, "Too warm"), now=now)
    recall(session, STATE, MakeRecall("pfizer", bad.number, "Particles"), now=now)
    for lot, why in ((old, "expired"), (apart, "quarantined"), (bad, "recalled")):
        with pytest.raises(LineUnusable) as refusal:
            ask(session, asking(west, east, (lot, 1)), now)
        assert refusal.value.why == why
    unknown = make_lot(session, west, expires_on=UNKNOWN_EXPIRY)
    assert ask(session, asking(west, east, (unknown, 1)), now).status == "requested"


def test_doses_used_since_the_approval_are_not_there_to_be_shipped(session, west, east, now):
    lot = make_lot(session, west, doses=10)
    first, second = moving.approved(session, west, east, (lot, 8)), moving.approved(session, west, east, (lot, 8))
    nurse = nurse_at(west.id)
    ship(session, nurse, Ship(west.id, first.id, {}), now=now, today=TODAY)
    with pytest.raises(NotEnough) as refusal:
        ship(session, nurse, Ship(west.id, second.id, {}), now=now, today=TODAY)
    assert (refusal.value.available, second.status, second.shipped_at) == (2, "approved", None)


def test_a_lot_recalled_on_the_way_arrives_and_is_given_to_nobody(session, west, east, now):
    lot = make_lot(session, west, number="EN6199")
    transfer = moving.shipped(session, west, east, (lot, 5))
    recall(session, STATE, MakeRecall("pfizer", "EN6199", "Particles"), now=now)
    receive(session, nurse_at(east.id), Receive(east.id, transfer.id), now=now, today=TODAY)
    arrived = session.get(Lot, transfer.lines[0].received_lot_id)
    assert (arrived.balance, stock.why_unusable(arrived, TODAY)) == (5, "recalled")


def test_what_is_refused_or_cancelled_on_the_way_goes_back_and_only_then_it_is_over(session, west, east, now):
    for stop, place in ((refuse, east), (cancel, west)):
        lot = make_lot(session, west, doses=10)
        transfer = moving.shipped(session, west, east, (lot, 6))
        stop(session, nurse_at(place.id), Stop(place.id, transfer.id, "Too warm"), now=now)
        assert (transfer.status, lot.balance, transfer.ended_at) == ("returning", 4, None)
        assert sum(one.doses for one in queries.doses_on_the_way(session, STATE)) == 6
        with pytest.raises(NotNow):
            receive(session, nurse_at(east.id), Receive(east.id, transfer.id), now=now, today=TODAY)
        came = (Arrived(transfer.lines[0].id, 6, 1, "broken"),)
        take_back(session, nurse_at(west.id), TakeBack(west.id, transfer.id, came), now=now)
        assert (transfer.status, lot.balance) == ("returned", 9)
        assert queries.doses_on_the_way(session, STATE) == []
        assert transfers_that_differ(session) == []


def test_every_stage_can_be_stopped_by_those_who_may_and_by_nobody_else(session, west, east, now):
    stops = {
        "cancel": lambda id_: cancel(session, nurse_at(west.id), Stop(west.id, id_, "No more"), now=now),
        "refuse": lambda id_: refuse(session, nurse_at(east.id), Stop(east.id, id_, "No room"), now=now),
        "reject": lambda id_: reject(session, STATE, Decide(id_, "Not needed"), now=now),
    }
    for maker in (moving.requested, moving.approved, moving.shipped, moving.received):
        for act, stop in stops.items():
            transfer = maker(session, west, east, (make_lot(session, west), 5))
            before = transfer.status
            table = {step.act: step.after for step in states.STEPS if step.before == before}
            if act in table:
                stop(transfer.id)
                assert transfer.status == table[act]
            else:
                with pytest.raises(NotNow):
                    stop(transfer.id)
                assert transfer.status == before
    assert transfers_that_differ(session) == []


def test_whoever_stops_a_transfer_says_why(session, west, east, now):
    transfer = moving.requested(session, west, east, (make_lot(session, west), 5))
    for stop in (
        lambda: cancel(session, nurse_at(west.id), Stop(west.id, transfer.id, " "), now=now),
        lambda: refuse(session, nurse_at(east.id), Stop(east.id, transfer.id, ""), now=now),
        lambda: reject(session, STATE, Decide(transfer.id), now=now),
    ):
        with pytest.raises(BadTransfer):
            stop()
    assert transfer.status == "requested"


def test_each_side_takes_its_own_steps_only(session, west, east, now):
    transfer = moving.approved(session, west, east, (make_lot(session, west), 5))
    with pytest.raises((NotAllowed, NotFound)):
        ship(session, nurse_at(east.id), Ship(east.id, transfer.id, {}), now=now, today=TODAY)
    with pytest.raises((NotAllowed, NotFound)):
        approve(session, nurse_at(west.id), Decide(transfer.id), now=now)
    stranger = make.location(session, "Elsewhere")
    for place in (stranger, west):
        with pytest.raises(NotFound):
            cancel(session, nurse_at(stranger.id), Stop(place.id, transfer.id, "Mine"), now=now)
    provider = make.actor(session, make.healthcare_provider(session, west))
    with pytest.raises(NotAllowed):
        cancel(session, provider, Stop(west.id, transfer.id, "No"), now=now)
    assert queries.acts_for(nurse_at(west.id), transfer) == ("cancel", "ship")
    assert queries.acts_for(nurse_at(east.id), transfer) == ("refuse",)
    assert queries.acts_for(STATE, transfer) == ("reject",)
    assert queries.acts_for(provider, transfer) == ()


def test_both_sides_and_the_state_read_the_same_transfer_and_nobody_else(session, west, east, now):
    transfer = moving.requested(session, west, east, (make_lot(session, west), 5))
    stranger = nurse_at(make.location(session, "Elsewhere").id)
    for actor in (nurse_at(west.id), nurse_at(east.id), STATE):
        assert queries.get_transfer(session, actor, transfer.id) is transfer
        assert queries.list_transfers(session, actor).items == [transfer]
    assert queries.list_transfers(session, stranger).items == []
    with pytest.raises(NotFound):
        queries.get_transfer(session, stranger, transfer.id)
    contact = make.actor(session, make.contact(session, west.id))
    assert queries.list_transfers(session, contact).items == []


def test_the_queue_of_the_state_is_what_waits_longest_first(session, west, east, now):
    made = [moving.requested(session, west, east, (make_lot(session, west), 1)) for _ in range(3)]
    approve(session, STATE, Decide(made[1].id), now=now)
    first = queries.queue_of_state(session, STATE, size=1)
    rest = queries.queue_of_state(session, STATE, after=first.next_after)
    assert first.items + rest.items == [made[0], made[2]]
    with pytest.raises((NotAllowed, NotFound)):
        queries.queue_of_state(session, nurse_at(west.id))


def test_who_is_on_the_way_for_more_than_two_days_is_named_to_both_sides_and_the_state(session, west, east, now):
    transfer = moving.shipped(session, west, east, (make_lot(session, west), 5))
    later = now + timedelta(hours=49)
    for actor in (nurse_at(west.id), nurse_at(east.id), STATE):
        assert too_long_on_the_way(session, actor, now=now + timedelta(hours=47)) == []
        assert too_long_on_the_way(session, actor, now=later) == [transfer]
    assert too_long_on_the_way(session, STATE, now=later, location_id=make.location(session, "Elsewhere").id) == []


def test_the_managers_of_both_sides_are_told_of_every_step_but_not_whoever_took_it(session, west, east, now):
    sender, receiver = make.manager(session, west), make.manager(session, east)
    lot = make_lot(session, west)
    request_transfer(session, make.actor(session, sender), asking(west, east, (lot, 5)), now=now, today=TODAY)
    transfer = session.scalars(queries.transfers_visible_to(STATE)).one()
    approve(session, STATE, Decide(transfer.id), now=now)
    told = session.scalars(
        select(OutboxMessage).where(OutboxMessage.kind == "transfers.moved").order_by(OutboxMessage.id)
    )
    assert [(mail.payload["act"], mail.payload["account_id"]) for mail in told] == [
        ("request", str(receiver.id)), ("approve", str(sender.id)), ("approve", str(receiver.id)),
    ]  # fmt: skip


def test_the_ledger_of_a_transfer_is_found_by_its_id(session, west, east, now):
    transfer = moving.received(session, west, east, (make_lot(session, west), 5))
    entries = session.scalars(select(StockEntry).where(StockEntry.subject_id == transfer.id).order_by(StockEntry.id))
    assert [(entry.kind, entry.doses) for entry in entries] == [("transfer_out", -5), ("transfer_in", 5)]
