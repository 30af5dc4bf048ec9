"""Doses that leave the shelf without being given, and what is said about a lot and was wrong."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import EditedMeanwhile, NotAllowed, NotFound
from app.domain.inventory import queries
from app.domain.inventory.change_lot import ChangeExpiry, ChangeTotal, change_expiry, change_total, changes_of, total_of
from app.domain.inventory.deprecate import (
    Deprecate,
    VoidDeprecation,
    deprecate,
    list_deprecations,
    void_deprecation,
)
from app.domain.inventory.errors import AlreadyDone, BadValue
from app.domain.inventory.models import UNKNOWN_EXPIRY
from app.domain.inventory.reasons import WASTE_REASONS
from app.infra.audit import AuditEntry
from tests import make
from tests.make import transfers as moving
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import nurse_at

TODAY = date(2021, 3, 10)


@pytest.fixture
def place(session):
    return make.location(session)


def waste(place, lot, **other):
    return Deprecate(
        **{"location_id": place.id, "lot_id": lot.id, "kind": "waste", "reason": "broken", "doses": 2} | other
    )


def do(session, place, command, now):
    return deprecate(session, nurse_at(place.id), command, now=now, today=TODAY)


def test_wasted_doses_leave_the_shelf_and_stay_in_the_story(session, place, now):
    lot = make_lot(session, place, doses=10)
    do(session, place, waste(place, lot, explanation="Tray was dropped"), now)
    assert lot.balance == 8
    newest = queries.lot_ledger(session, lot).items[0]
    assert (newest.kind, newest.doses, newest.balance_after, newest.reason) == ("wasted", -2, 8, "Tray was dropped")
    assert session.scalars(select(AuditEntry).where(AuditEntry.act == "inventory.deprecated")).one().facts["doses"] == 2


@pytest.mark.parametrize("reason", [choice.code for choice in WASTE_REASONS.entries])
def test_every_reason_of_the_list_is_taken(session, place, now, reason):
    lot = make_lot(session, place)
    assert do(session, place, waste(place, lot, reason=reason, explanation="As it was"), now).reason == reason


@pytest.mark.parametrize(
    ("wrong", "field", "fault"),
    [
        ({"kind": "lost"}, "kind", "unknown"),
        ({"kind": ""}, "kind", "missing"),
        ({"reason": ""}, "reason", "missing"),
        ({"reason": "not_needed"}, "reason", "unknown"),
        ({"reason": "other"}, "explanation", "missing"),
        ({"doses": 0}, "doses", "not_positive"),
        ({"doses": -3}, "doses", "not_positive"),
        ({"doses": 11}, "doses", "too_many"),
        ({"doses": 10**30}, "doses", "too_many"),
        ({"kind": "expired", "reason": "expired"}, "kind", "not_expired"),
    ],
)
def test_a_deprecation_that_cannot_be_true_is_refused_and_moves_nothing(session, place, now, wrong, field, fault):
    lot = make_lot(session, place, doses=10)
    with pytest.raises(BadValue) as refusal:
        do(session, place, waste(place, lot, **wrong), now)
    assert (refusal.value.field, refusal.value.fault) == (field, fault)
    assert lot.balance == 10


def test_it_cannot_have_happened_in_the_future_nor_years_ago(session, place, now):
    lot = make_lot(session, place)
    for shift, fault in ((timedelta(hours=1), "future"), (timedelta(days=-400), "too_old")):
        with pytest.raises(BadValue) as refusal:
            do(session, place, waste(place, lot, happened_at=now + shift), now)
        assert refusal.value.fault == fault


def test_an_expired_lot_is_taken_off_the_shelf_as_expired_and_any_lot_is_returned(session, place, now):
    old, surplus = make_lot(session, place, expires_on=TODAY - timedelta(days=1)), make_lot(session, place)
    do(session, place, waste(place, old, kind="expired", reason="expired", doses=10), now)
    do(session, place, waste(place, surplus, kind="return", reason="not_needed", doses=4), now)
    assert (old.balance, surplus.balance) == (0, 6)
    events = list_deprecations(session, nurse_at(place.id), place.id).items
    assert [event.kind for event in events] == ["return", "expired"]
    assert [e.kind for e in list_deprecations(session, nurse_at(place.id), place.id, lot_id=old.id).items] == [
        "expired"
    ]


def test_a_deprecation_entered_by_mistake_is_taken_back_once_with_a_reason(session, place, now):
    lot = make_lot(session, place, doses=10)
    made = do(session, place, waste(place, lot), now)
    nurse = nurse_at(place.id)
    with pytest.raises(BadValue):
        void_deprecation(session, nurse, VoidDeprecation(place.id, made.id, " "), now=now)
    void_deprecation(session, nurse, VoidDeprecation(place.id, made.id, "Wrong lot"), now=now)
    assert lot.balance == 10
    with pytest.raises(AlreadyDone):
        void_deprecation(session, nurse, VoidDeprecation(place.id, made.id, "Wrong lot"), now=now)
    elsewhere = make.location(session, "Elsewhere")
    with pytest.raises(NotFound):
        void_deprecation(session, nurse_at(elsewhere.id), VoidDeprecation(elsewhere.id, made.id, "Mine"), now=now)


def test_only_managers_of_the_location_take_doses_off_the_shelf(session, place, now):
    lot = make_lot(session, place)
    provider = make.actor(session, make.healthcare_provider(session, place))
    with pytest.raises(NotAllowed):
        deprecate(session, provider, waste(place, lot), now=now, today=TODAY)
    stranger = nurse_at(make.location(session, "Elsewhere").id)
    with pytest.raises(NotFound):
        deprecate(session, stranger, waste(place, lot), now=now, today=TODAY)


def expiry(place, lot, day, **other):
    return ChangeExpiry(**{
        "location_id": place.id, "lot_id": lot.id, "expires_on": day, "reason": "extended", "version": lot.version,
    } | other)  # fmt: skip


def test_a_lot_hidden_only_by_a_wrong_date_comes_back_when_the_date_is_corrected(session, place, now):
    lot, nurse = make_lot(session, place, expires_on=TODAY - timedelta(days=1)), nurse_at(place.id)
    line = queries.list_lots(session, nurse, place.id, today=TODAY).items[0]
    assert (line.why_not, line.only_expired) == ("expired", True)
    change_expiry(session, nurse, expiry(place, lot, date(2021, 6, 30)), now=now, today=TODAY)
    assert queries.lots_to_give_from(session, place.id, day=TODAY) == [lot]
    change = changes_of(session, lot)[0]
    assert (change.field, change.was, change.became, change.reason) == (
        "expires_on", "2021-03-09", "2021-06-30", "extended",
    )  # fmt: skip
    assert queries.lot_ledger(session, lot).items[0].kind == "expiry_changed"
    assert lot.balance == 10


def test_a_date_is_not_known_yet_until_somebody_says_it(session, place, now):
    lot, nurse = make_lot(session, place, expires_on=UNKNOWN_EXPIRY), nurse_at(place.id)
    known = make_lot(session, place)
    assert queries.lots_without_expiry(session, nurse, place.id) == [lot]
    change_expiry(session, nurse, expiry(place, lot, date(2021, 6, 30), reason="now_known"), now=now, today=TODAY)
    assert queries.lots_without_expiry(session, nurse, place.id) == []
    assert known.expires_on != UNKNOWN_EXPIRY


@pytest.mark.parametrize(
    ("wrong", "field", "fault"),
    [
        ({"expires_on": date(1921, 6, 30)}, "expires_on", "too_old"),
        ({"expires_on": date(2051, 6, 30)}, "expires_on", "too_far"),
        ({"expires_on": date(2021, 5, 9)}, "expires_on", "same"),
        ({"reason": ""}, "reason", "missing"),
        ({"reason": "because"}, "reason", "unknown"),
        ({"reason": "other"}, "explanation", "missing"),
    ],
)
def test_a_date_that_cannot_be_true_is_refused(session, place, now, wrong, field, fault):
    lot = make_lot(session, place, expires_on=date(2021, 5, 9))
    with pytest.raises(BadValue) as refusal:
        change_expiry(session, nurse_at(place.id), expiry(place, lot, date(2021, 6, 30), **wrong), now=now, today=TODAY)
    assert (refusal.value.field, refusal.value.fault) == (field, fault)


def total(place, lot, doses, **other):
    return ChangeTotal(**{
        "location_id": place.id, "lot_id": lot.id, "total": doses, "reason": "more_per_vial", "version": lot.version,
    } | other)  # fmt: skip


def test_more_doses_per_vial_raise_the_total_and_fewer_lower_it_to_what_was_used(session, place, now):
    lot, nurse = make_lot(session, place, doses=50), nurse_at(place.id)
    do(session, place, waste(place, lot, doses=20), now)
    change_total(session, nurse, total(place, lot, 60), now=now)
    assert (total_of(session, lot), lot.balance) == (60, 40)
    with pytest.raises(BadValue) as refusal:
        change_total(session, nurse, total(place, lot, 19), now=now)
    assert (refusal.value.fault, refusal.value.limit) == ("below_used", 20)
    change_total(session, nurse, total(place, lot, 20, reason="counted_wrong"), now=now)
    assert (total_of(session, lot), lot.balance) == (20, 0)
    assert [(change.was, change.became) for change in changes_of(session, lot)] == [("60", "20"), ("50", "60")]
    assert queries.balances_that_differ(session) == []


@pytest.mark.parametrize("doses", [0, -1, 100_001, 50])
def test_a_total_that_cannot_be_true_or_is_the_same_is_refused(session, place, now, doses):
    lot = make_lot(session, place, doses=50)
    with pytest.raises(BadValue):
        change_total(session, nurse_at(place.id), total(place, lot, doses), now=now)


def test_of_two_who_edit_a_lot_the_second_is_shown_what_the_first_saved(session, place, now):
    lot, nurse = make_lot(session, place, doses=50), nurse_at(place.id)
    first, second = total(place, lot, 60), total(place, lot, 55)
    change_total(session, nurse, first, now=now)
    with pytest.raises(EditedMeanwhile) as refusal:
        change_total(session, nurse, second, now=now)
    assert (refusal.value.typed, refusal.value.stored) == ("55", "60")
    with pytest.raises(EditedMeanwhile):
        change_expiry(session, nurse, expiry(place, lot, date(2021, 6, 30), version=1), now=now, today=TODAY)


def test_a_total_is_not_changed_over_a_delivery_that_came_meanwhile(session, place, now):
    lot, nurse = make_lot(session, place, number="EN1", doses=50), nurse_at(place.id)
    typed = total(place, lot, 55)
    make_lot(session, place, number="EN1", doses=30, expires_on=lot.expires_on)
    with pytest.raises(EditedMeanwhile) as refusal:
        change_total(session, nurse, typed, now=now)
    assert (refusal.value.typed, refusal.value.stored, lot.balance) == ("55", "80", 80)


def test_a_total_is_not_changed_over_a_transfer_that_came_meanwhile(session, place, now):
    elsewhere = make.location(session, "Elsewhere")
    sent = make_lot(session, elsewhere, number="EN1", doses=30)
    lot, nurse = make_lot(session, place, number="EN1", doses=50, expires_on=sent.expires_on), nurse_at(place.id)
    typed = total(place, lot, 55)
    moving.received(session, elsewhere, place, (sent, 30))
    with pytest.raises(EditedMeanwhile):
        change_total(session, nurse, typed, now=now)
    session.expire_all()
    assert lot.balance == 80
