"""The shelf is counted, vials are opened, and the day ends with every dose accounted for."""

from datetime import date, timedelta

import pytest

from app.domain.errors import NotAllowed, NotFound
from app.domain.inventory import queries
from app.domain.inventory.close_day import ClosedVial, CloseVials, close_vials, day_balance
from app.domain.inventory.count_stock import CountedLot, CountStock, count_stock, get_stocktake, list_stocktakes
from app.domain.inventory.deprecate import Deprecate, deprecate, list_deprecations
from app.domain.inventory.draw_dose import DrawDose, draw_dose
from app.domain.inventory.errors import (
    AlreadyDone,
    BadValue,
    LotUnusable,
    NeedsExplanation,
    NoDosesLeft,
    StockMoved,
)
from app.domain.inventory.give_back_dose import GiveBackDose, give_back_dose
from app.domain.inventory.vials import OpenVial, open_vial, open_vials
from app.domain.program.products import product_by_code
from app.infra.db import new_id
from tests import make
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import ZONE, nurse_at

TODAY = date(2021, 3, 10)


@pytest.fixture
def place(session):
    return make.location(session)


def count(session, place, *lines, now):
    return count_stock(session, nurse_at(place.id), CountStock(place.id, tuple(lines)), now=now)


def test_a_count_that_agrees_moves_nothing_and_one_that_differs_is_booked_and_explained(session, place, now):
    same, less, more = (make_lot(session, place, doses=10) for _ in range(3))
    made = count(
        session, place, CountedLot(same.id, 10, 10), CountedLot(less.id, 10, 7, "Vial found broken"),
        CountedLot(more.id, 10, 12, "Two extra doses"), now=now,
    )  # fmt: skip
    assert [lot.balance for lot in (same, less, more)] == [10, 7, 12]
    assert (made.lots, made.difference) == (3, -1)
    assert queries.lot_ledger(session, less).items[0].reason == "Vial found broken"
    assert [line.kind for line in queries.lot_ledger(session, same).items] == ["received"]
    assert get_stocktake(session, nurse_at(place.id), place.id, made.id).lines[1].counted == 7
    assert list_stocktakes(session, nurse_at(place.id), place.id).items == [made]
    assert queries.balances_that_differ(session) == []


def test_a_difference_nobody_explained_is_asked_for(session, place, now):
    lot, other = make_lot(session, place), make_lot(session, place)
    with pytest.raises(NeedsExplanation) as refusal:
        count(session, place, CountedLot(lot.id, 10, 9, " "), CountedLot(other.id, 10, 10), now=now)
    assert refusal.value.ids == (lot.id,)
    assert lot.balance == 10


def test_who_counted_while_doses_were_given_counts_those_lots_again(session, place, now):
    lot, other = make_lot(session, place), make_lot(session, place)
    draw_dose(session, nurse_at(place.id), DrawDose(place.id, lot.id, new_id(), TODAY), now=now)
    with pytest.raises(StockMoved) as refusal:
        count(session, place, CountedLot(lot.id, 10, 10), CountedLot(other.id, 10, 10), now=now)
    assert refusal.value.balances == {lot.id: 9}


def test_a_count_names_each_lot_of_the_location_once_and_counts_real_numbers(session, place, now):
    lot = make_lot(session, place)
    for lines in (
        (), (CountedLot(lot.id, 10, 10),) * 2, (CountedLot(lot.id, 10, -1, "x"),),
        (CountedLot(lot.id, 10, 10**9, "x"),),
    ):  # fmt: skip
        with pytest.raises(BadValue):
            count(session, place, *lines, now=now)
    elsewhere = make_lot(session, make.location(session, "Elsewhere"))
    with pytest.raises(NotFound):
        count(session, place, CountedLot(elsewhere.id, 10, 10), now=now)
    provider = make.actor(session, make.healthcare_provider(session, place))
    with pytest.raises(NotAllowed):
        count_stock(session, provider, CountStock(place.id, (CountedLot(lot.id, 10, 10),)), now=now)


def opened(session, place, lot, now, **other):
    return open_vial(session, nurse_at(place.id), OpenVial(place.id, lot.id, **other), now=now, today=TODAY)


@pytest.mark.parametrize(
    ("product", "day", "hours"),
    [
        ("pfizer", date(2021, 3, 10), 6),
        ("moderna-10", date(2021, 3, 31), 6),
        ("moderna-10", date(2021, 4, 1), 12),
        ("moderna-14", date(2021, 4, 1), 12),
        ("janssen", date(2021, 3, 10), 6),
    ],
)
def test_an_opened_vial_is_good_for_the_hours_of_its_product_on_that_day(session, product, day, hours):
    assert product_by_code(session, product).rules_on(day).beyond_use_hours == hours


def test_doses_given_come_out_of_the_opened_vial_and_those_of_another_lot_do_not(session, place, now):
    lot, other = make_lot(session, place, doses=20), make_lot(session, place)
    vial = opened(session, place, lot, now)
    assert (vial.doses, vial.use_by, lot.balance) == (6, now + timedelta(hours=6), 20)
    nurse = nurse_at(place.id)
    for drawn in (lot, lot, other):
        draw_dose(session, nurse, DrawDose(place.id, drawn.id, new_id(), TODAY), now=now)
    assert (vial.doses_left, lot.balance) == (4, 18)
    assert open_vials(session, nurse, place.id) == [vial]


def test_no_vial_is_opened_of_a_lot_that_may_not_be_given_or_has_no_sealed_vial_left(session, place, now):
    old, few = make_lot(session, place, expires_on=TODAY - timedelta(days=1)), make_lot(session, place, doses=8)
    with pytest.raises(LotUnusable):
        opened(session, place, old, now)
    opened(session, place, few, now)
    assert opened(session, place, few, now).doses == 2
    with pytest.raises(NoDosesLeft):
        opened(session, place, few, now)
    for wrong in ({"doses": 0}, {"doses": -1}, {"doses": 101}):
        with pytest.raises(BadValue):
            opened(session, place, make_lot(session, place, doses=500), now, **wrong)
    for hours in (1, -25):
        with pytest.raises(BadValue):
            opened(session, place, make_lot(session, place), now, opened_at=now + timedelta(hours=hours))


def test_at_the_end_of_the_day_what_is_left_in_a_vial_is_thrown_away(session, place, now):
    lot, nurse = make_lot(session, place, doses=20), nurse_at(place.id)
    vial = opened(session, place, lot, now)
    draw_dose(session, nurse, DrawDose(place.id, lot.id, new_id(), TODAY), now=now)
    close_vials(session, nurse, CloseVials(place.id, (ClosedVial(vial.id, 5),)), now=now)
    assert (lot.balance, vial.doses_wasted, vial.doses_missing) == (14, 5, 0)
    assert [(one.reason, one.doses) for one in list_deprecations(session, nurse, place.id).items] == [("open_vial", 5)]
    with pytest.raises(AlreadyDone):
        close_vials(session, nurse, CloseVials(place.id, (ClosedVial(vial.id, 0, "Again"),)), now=now)
    assert open_vials(session, nurse, place.id) == []


def test_a_vial_past_its_hours_gives_nothing_more_and_its_waste_says_so(session, place, now):
    lot, nurse = make_lot(session, place, doses=20), nurse_at(place.id)
    vial = opened(session, place, lot, now)
    later = now + timedelta(hours=6)
    draw_dose(session, nurse, DrawDose(place.id, lot.id, new_id(), TODAY, given_at=later), now=later)
    assert (vial.doses_left, lot.balance) == (6, 19)
    close_vials(session, nurse, CloseVials(place.id, (ClosedVial(vial.id, 6),)), now=later)
    assert list_deprecations(session, nurse, place.id).items[0].reason == "past_use"


def test_doses_missing_from_a_vial_stay_in_stock_until_they_are_entered_late(session, place, now):
    lot, nurse = make_lot(session, place, doses=20), nurse_at(place.id)
    vial = opened(session, place, lot, now)
    evening = now + timedelta(hours=5)
    with pytest.raises(NeedsExplanation) as refusal:
        close_vials(session, nurse, CloseVials(place.id, (ClosedVial(vial.id, 4),)), now=evening)
    assert refusal.value.ids == (vial.id,)
    close_vials(session, nurse, CloseVials(place.id, (ClosedVial(vial.id, 4, "Not entered yet"),)), now=evening)
    assert (lot.balance, vial.doses_missing) == (16, 2)
    assert day_balance(session, nurse, place.id, TODAY, zone=ZONE).missing == 2
    late = DrawDose(place.id, lot.id, new_id(), TODAY, given_at=now + timedelta(hours=1))
    draw_dose(session, nurse, late, now=evening + timedelta(hours=2))
    assert (lot.balance, vial.doses_missing) == (15, 1)


def test_a_dose_entered_by_mistake_is_in_its_vial_again(session, place, now):
    lot, nurse = make_lot(session, place, doses=20), nurse_at(place.id)
    vial, given = opened(session, place, lot, now), new_id()
    draw_dose(session, nurse, DrawDose(place.id, lot.id, given, TODAY, given_at=now), now=now)
    give_back_dose(session, nurse, GiveBackDose(place.id, lot.id, given, "stock", given_at=now), now=now)
    assert (vial.doses_left, lot.balance) == (6, 20)
    close_vials(session, nurse, CloseVials(place.id, (ClosedVial(vial.id, 6),)), now=now)
    assert lot.balance == 14


def test_a_dose_entered_by_mistake_is_missed_by_its_vial_that_is_closed_since(session, place, now):
    lot, nurse = make_lot(session, place, doses=20), nurse_at(place.id)
    vial, given, thrown = opened(session, place, lot, now), new_id(), new_id()
    for dose in (given, thrown):
        draw_dose(session, nurse, DrawDose(place.id, lot.id, dose, TODAY, given_at=now), now=now)
    close_vials(session, nurse, CloseVials(place.id, (ClosedVial(vial.id, 4),)), now=now + timedelta(hours=1))
    for dose, to in ((given, "stock"), (thrown, "waste")):
        command = GiveBackDose(place.id, lot.id, dose, to, "drawn", given_at=now)
        give_back_dose(session, nurse, command, now=now + timedelta(hours=2))
    assert (vial.doses_left, vial.doses_missing, lot.balance) == (0, 1, 15)


def test_more_than_was_left_cannot_be_thrown_away_nor_a_vial_of_another_location(session, place, now):
    lot = make_lot(session, place, doses=6)
    vial = opened(session, place, lot, now)
    nurse = nurse_at(place.id)
    for wasted in (7, -1):
        with pytest.raises(BadValue):
            close_vials(session, nurse, CloseVials(place.id, (ClosedVial(vial.id, wasted),)), now=now)
    elsewhere = make.location(session, "Elsewhere")
    with pytest.raises(NotFound):
        close_vials(session, nurse_at(elsewhere.id), CloseVials(elsewhere.id, (ClosedVial(vial.id, 6),)), now=now)
    deprecate(session, nurse, Deprecate(place.id, lot.id, "waste", "broken", 3), now=now, today=TODAY)
    with pytest.raises(BadValue) as refusal:
        close_vials(session, nurse, CloseVials(place.id, (ClosedVial(vial.id, 6),)), now=now)
    assert refusal.value.limit == 3
    assert lot.balance == 3


def test_the_days_balance_opens_with_what_was_there_and_closes_with_what_is(session, place, now):
    lot, nurse = make_lot(session, place, doses=20), nurse_at(place.id)
    tomorrow = now + timedelta(days=1)
    vial = opened(session, place, lot, now)
    draw_dose(session, nurse, DrawDose(place.id, lot.id, new_id(), TODAY), now=now)
    close_vials(session, nurse, CloseVials(place.id, (ClosedVial(vial.id, 5),)), now=now)
    day = day_balance(session, nurse, place.id, TODAY, zone=ZONE)
    line = day.lines[0]
    assert (line.opening, line.moved, line.closing) == (
        0, {"received": 20, "administered": -1, "wasted": -5}, 14,
    )  # fmt: skip
    assert (day.closed, day.still_open) == ((vial,), ())
    draw_dose(session, nurse, DrawDose(place.id, lot.id, new_id(), TODAY), now=tomorrow)
    assert day_balance(session, nurse, place.id, TODAY, zone=ZONE).lines[0].closing == 14
    line = day_balance(session, nurse, place.id, TODAY + timedelta(days=1), zone=ZONE).lines[0]
    assert (line.opening, line.moved, line.closing) == (14, {"administered": -1}, 13)


def test_a_dose_not_given_after_all_goes_back_to_stock_or_to_waste_and_only_once(session, place, now):
    lot, nurse = make_lot(session, place, doses=10), nurse_at(place.id)
    back, gone = new_id(), new_id()
    for administration in (back, gone):
        draw_dose(session, nurse, DrawDose(place.id, lot.id, administration, TODAY), now=now)
    give_back_dose(session, nurse, GiveBackDose(place.id, lot.id, back, "stock"), now=now)
    assert lot.balance == 9
    with pytest.raises(BadValue):
        give_back_dose(session, nurse, GiveBackDose(place.id, lot.id, gone, "waste"), now=now)
    give_back_dose(session, nurse, GiveBackDose(place.id, lot.id, gone, "waste", "drawn"), now=now)
    assert lot.balance == 9
    for again in (back, gone, new_id()):
        with pytest.raises(AlreadyDone):
            give_back_dose(session, nurse, GiveBackDose(place.id, lot.id, again, "stock"), now=now)
    assert queries.balances_that_differ(session) == []
