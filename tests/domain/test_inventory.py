"""Stock: what is received is there, what is drawn is gone, and balance and ledger never differ."""

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from app.domain.errors import NotAllowed, NotFound
from app.domain.inventory import queries
from app.domain.inventory.draw_dose import DrawDose, draw_dose
from app.domain.inventory.errors import BadShipment, ExpiryDiffers, LotUnusable, NoDosesLeft
from app.domain.inventory.models import UNKNOWN_EXPIRY, Lot, StockEntry
from app.domain.inventory.receive_shipment import ReceiveShipment, receive_shipment
from app.infra.db import new_id
from tests import make
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import nurse_at

TODAY = date(2021, 3, 10)


def delivery(location, **other):
    command = ReceiveShipment(location.id, "pfizer", "EN6199", date(2021, 6, 30), 100, 100)
    return replace(command, **other)


def test_a_delivery_fills_a_lot_and_its_damaged_doses_do_not_count(session, now):
    location = make.location(session)
    shipment = receive_shipment(
        session,
        nurse_at(location.id),
        delivery(location, doses_expected=110, doses_damaged=4),
        now=now,
        today=TODAY,
    )
    lot = session.get(Lot, shipment.lot_id)
    assert lot.balance == 96
    ledger = queries.lot_ledger(session, lot).items
    assert [(line.kind, line.doses, line.balance_after) for line in ledger] == [
        ("damaged", -4, 96),
        ("received", 100, 100),
    ]


def test_the_same_lot_again_adds_to_it_however_its_number_is_written(session, now):
    location = make.location(session)
    for number in ("EN6199", "en 6199", "EN-6199"):
        receive_shipment(
            session, nurse_at(location.id), delivery(location, lot_number=number), now=now, today=TODAY
        )
    lots = session.scalars(select(Lot).where(Lot.location_id == location.id)).all()
    assert [(lot.number, lot.balance) for lot in lots] == [("EN6199", 300)]
    assert len(queries.shipments_of(session, lots[0])) == 3


@pytest.mark.parametrize(
    ("wrong", "field", "fault"),
    [
        ({"expires_on": TODAY - timedelta(days=1)}, "expires_on", "expired"),
        ({"expires_on": date(2031, 12, 31)}, "expires_on", "too_far"),
        ({"doses_received": 0}, "doses_received", "not_positive"),
        ({"doses_received": -5}, "doses_received", "not_positive"),
        ({"doses_received": 100_001}, "doses_received", "too_many"),
        ({"doses_expected": 0}, "doses_expected", "not_positive"),
        ({"doses_damaged": -1}, "doses_damaged", "not_positive"),
        ({"doses_damaged": 101}, "doses_damaged", "more_damaged_than_received"),
        ({"lot_number": " - "}, "lot_number", "no_lot_number"),
    ],
)
def test_a_delivery_that_cannot_be_true_is_refused(session, now, wrong, field, fault):
    location = make.location(session)
    with pytest.raises(BadShipment) as refusal:
        receive_shipment(session, nurse_at(location.id), delivery(location, **wrong), now=now, today=TODAY)
    assert (refusal.value.field, refusal.value.fault) == (field, fault)


def test_a_lot_is_good_through_its_last_day_and_may_have_no_known_expiry_yet(session, now):
    location = make.location(session)
    nurse = nurse_at(location.id)
    for number, expires_on in (("LAST", TODAY), ("UNKNOWN", UNKNOWN_EXPIRY)):
        receive_shipment(
            session, nurse, delivery(location, lot_number=number, expires_on=expires_on), now=now, today=TODAY
        )
    offered = queries.lots_to_give_from(session, location.id, day=TODAY)
    assert [lot.number for lot in offered] == ["LAST", "UNKNOWN"]


def test_the_expiry_that_was_not_known_is_learned_from_the_next_delivery(session, now):
    location = make.location(session)
    nurse = nurse_at(location.id)
    for expires_on in (UNKNOWN_EXPIRY, date(2021, 6, 30), UNKNOWN_EXPIRY):
        receive_shipment(session, nurse, delivery(location, expires_on=expires_on), now=now, today=TODAY)
    lot = session.scalars(select(Lot).where(Lot.location_id == location.id)).one()
    assert lot.expires_on == date(2021, 6, 30)


def test_two_different_expiries_of_one_lot_need_a_decision(session, now):
    location = make.location(session)
    nurse = nurse_at(location.id)
    receive_shipment(session, nurse, delivery(location), now=now, today=TODAY)
    later = delivery(location, expires_on=date(2021, 9, 30))
    with pytest.raises(ExpiryDiffers) as refusal:
        receive_shipment(session, nurse, later, now=now, today=TODAY)
    assert refusal.value.known == date(2021, 6, 30)
    shipment = receive_shipment(session, nurse, replace(later, replace_expiry=True), now=now, today=TODAY)
    lot = session.get_one(Lot, shipment.lot_id)
    assert lot.expires_on == date(2021, 9, 30)
    told = [(line.kind, line.reason) for line in queries.lot_ledger(session, lot).items]
    assert ("expiry_changed", "2021-06-30 > 2021-09-30") in told


@pytest.mark.parametrize(
    ("product", "expires_on", "day", "why"),
    [
        ("pfizer", date(2021, 3, 31), date(2021, 3, 31), None),
        ("pfizer", date(2021, 3, 31), date(2021, 4, 1), "expired"),
        ("moderna-14", date(2021, 9, 1), date(2021, 3, 31), "not_yet"),
        ("moderna-14", date(2021, 9, 1), date(2021, 4, 1), None),
        ("janssen", date(2021, 9, 1), date(2021, 4, 12), None),
        ("janssen", date(2021, 9, 1), date(2021, 4, 13), "paused"),
        ("janssen", date(2021, 9, 1), date(2021, 4, 24), None),
    ],
)
def test_a_lot_is_offered_only_on_days_on_which_it_may_be_given(session, now, product, expires_on, day, why):
    location = make.location(session)
    lot = make_lot(session, location, product=product, expires_on=expires_on)
    assert queries.why_unusable(lot, day) == why
    assert (lot in queries.lots_to_give_from(session, location.id, day=day)) is (why is None)


def test_a_used_up_lot_is_not_offered(session, now):
    location = make.location(session)
    lot = make_lot(session, location, doses=1)
    draw_dose(session, nurse_at(location.id), DrawDose(location.id, lot.id, new_id(), TODAY), now=now)
    assert queries.why_unusable(lot, TODAY) == "depleted"
    assert queries.lots_to_give_from(session, location.id, day=TODAY) == []
    shelf = queries.list_lots(session, nurse_at(location.id), location.id, today=TODAY)
    used = queries.list_lots(session, nurse_at(location.id), location.id, today=TODAY, used_up=True)
    assert shelf.items == []
    assert [line.lot for line in used.items] == [lot]


def test_drawing_takes_one_dose_and_the_last_one_only_once(session, now):
    location = make.location(session)
    lot = make_lot(session, location, doses=2)
    nurse = nurse_at(location.id)
    for left in (1, 0):
        assert (
            draw_dose(session, nurse, DrawDose(location.id, lot.id, new_id(), TODAY), now=now).balance == left
        )
    with pytest.raises(NoDosesLeft):
        draw_dose(session, nurse, DrawDose(location.id, lot.id, new_id(), TODAY), now=now)
    session.commit()
    assert session.get(Lot, lot.id).balance == 0
    assert queries.balances_that_differ(session) == []


def test_an_expired_lot_gives_no_dose_but_one_entered_later_for_an_earlier_day_does(session, now):
    location = make.location(session)
    lot = make_lot(session, location, expires_on=date(2021, 3, 5))
    nurse = nurse_at(location.id)
    with pytest.raises(LotUnusable) as refusal:
        draw_dose(session, nurse, DrawDose(location.id, lot.id, new_id(), TODAY), now=now)
    assert refusal.value.why == "expired"
    draw_dose(session, nurse, DrawDose(location.id, lot.id, new_id(), date(2021, 3, 5)), now=now)
    assert lot.balance == 9


def test_two_nurses_cannot_draw_the_last_dose(database, session, now):
    location = make.location(session)
    lot = make_lot(session, location, doses=3)
    location_id, lot_id = location.id, lot.id
    session.rollback()
    start = threading.Barrier(6)
    taken, refused = [], []

    def draw():
        start.wait()
        try:
            with database.transaction() as own:
                command = DrawDose(location_id, lot_id, new_id(), TODAY)
                draw_dose(own, nurse_at(location_id), command, now=now)
            taken.append(1)
        except NoDosesLeft:
            refused.append(1)

    nurses = [threading.Thread(target=draw) for _ in range(6)]
    for nurse in nurses:
        nurse.start()
    for nurse in nurses:
        nurse.join()
    assert (len(taken), len(refused)) == (3, 3)
    session.expire_all()
    assert session.get(Lot, lot.id).balance == 0
    assert queries.balances_that_differ(session) == []


def test_the_ledger_cannot_be_changed_and_its_check_finds_a_balance_that_was(session, now):
    location = make.location(session)
    lot = make_lot(session, location, doses=5)
    for statement in ("UPDATE stock_entry SET doses = 6", "DELETE FROM stock_entry"):
        with pytest.raises(DatabaseError):
            session.execute(text(statement))
        session.rollback()
    session.execute(text("UPDATE lot SET balance = 7"))
    assert queries.balances_that_differ(session) == [(lot.id, 7, 5)]


def test_lots_of_another_location_do_not_exist_for_a_nurse(session, now):
    mine, other = make.location(session), make.location(session, "Elsewhere")
    lot = make_lot(session, other)
    nurse = nurse_at(mine.id)
    for place in (mine.id, other.id):
        with pytest.raises(NotFound):
            queries.get_lot(session, nurse, place, lot.id)
    with pytest.raises(NotFound):
        draw_dose(session, nurse, DrawDose(mine.id, lot.id, new_id(), TODAY), now=now)
    assert queries.list_lots(session, nurse, other.id, today=TODAY).items == []
    with pytest.raises(NotFound):
        receive_shipment(session, nurse, delivery(other), now=now, today=TODAY)


def test_a_healthcare_provider_sees_the_stock_but_does_not_receive(session, now):
    location = make.location(session)
    provider = make.actor(session, make.healthcare_provider(session, location))
    lot = make_lot(session, location)
    assert queries.get_lot(session, provider, location.id, lot.id).id == lot.id
    with pytest.raises(NotAllowed):
        receive_shipment(session, provider, delivery(location), now=now, today=TODAY)


def test_lots_and_ledger_page_by_key_without_losing_or_repeating_any(session, now):
    location = make.location(session)
    nurse = nurse_at(location.id)
    made = [make_lot(session, location, doses=20) for _ in range(5)]
    seen, after = [], None
    for _ in range(3):
        page = queries.list_lots(session, nurse, location.id, today=TODAY, after=after, size=2)
        seen += [line.lot.id for line in page.items]
        after = page.next_after
    assert seen == [lot.id for lot in made]
    assert after is None
    for _ in range(4):
        draw_dose(session, nurse, DrawDose(location.id, made[0].id, new_id(), TODAY), now=now)
    first = queries.lot_ledger(session, made[0], size=3)
    rest = queries.lot_ledger(session, made[0], after=first.next_after, size=3)
    assert [line.balance_after for line in first.items + rest.items] == [16, 17, 18, 19, 20]
    assert rest.next_after is None
    assert session.scalars(select(StockEntry).where(StockEntry.lot_id == made[0].id).order_by(StockEntry.id)).all()[-1].doses == -1


def test_nothing_is_delivered_to_a_location_that_left_the_program(session, now):
    location = make.location(session)
    location.closed_at = now
    session.flush()
    with pytest.raises(NotAllowed):
        receive_shipment(session, nurse_at(location.id), delivery(location), now=now, today=TODAY)
    assert session.scalars(select(Lot)).all() == []
