"""Warnings before it hurts: once for each thing, to those who can do something, at a decent hour."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.domain.inventory.deprecate import Deprecate, deprecate
from app.domain.inventory.draw_dose import DrawDose, draw_dose
from app.domain.inventory.give_back_dose import GiveBackDose, give_back_dose
from app.domain.inventory.models import UNKNOWN_EXPIRY
from app.domain.inventory.warnings import warnings_of
from app.infra.db import new_id
from app.infra.outbox import OutboxMessage
from app.jobs.warn_of_stock import warn_due
from tests import make
from tests.make import transfers as moving
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import ZONE, nurse_at

TODAY = date(2021, 3, 10)


@pytest.fixture
def place(session, now):
    return make.location(session)


def warned(session, place, now, today=TODAY):
    found = warnings_of(session, nurse_at(place.id), place.id, today=today, now=now)
    return [(one.kind, one.label) for one in found]


def mails(session):
    session.expire_all()
    return session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "inventory.warnings")).all()


def give(session, lot, doses, now):
    for _ in range(doses):
        draw_dose(session, nurse_at(lot.location_id), DrawDose(lot.location_id, lot.id, new_id(), TODAY), now=now)


def test_a_lot_is_warned_of_in_its_last_seven_days_while_it_has_doses(session, place, now):
    for days, number in ((-1, "OLD"), (0, "TODAY"), (7, "WEEK"), (8, "LATER")):
        make_lot(session, place, number=number, expires_on=TODAY + timedelta(days=days))
    assert warned(session, place, now) == [("expiring", "TODAY"), ("expiring", "WEEK")]


def test_a_date_nobody_looked_up_is_asked_for(session, place, now):
    make_lot(session, place, number="EN1", expires_on=UNKNOWN_EXPIRY)
    assert warned(session, place, now) == [("expiry_unknown", "EN1")]


def test_a_product_runs_low_when_less_than_two_days_like_the_last_seven_are_left(session, place, now):
    lot = make_lot(session, place, doses=18)
    give(session, lot, 14, now)
    assert warned(session, place, now) == []
    give(session, lot, 1, now)
    name = lot.product.name
    assert warned(session, place, now) == [("running_low", name)]
    assert warned(session, place, now + timedelta(days=8)) == []
    spoiled = make_lot(session, place, doses=50, expires_on=TODAY - timedelta(days=1))
    assert warned(session, place, now) == [("running_low", name)]
    make_lot(session, place, doses=50)
    assert warned(session, place, now) == []
    assert spoiled.balance == 50


def test_managers_are_mailed_once_for_each_thing_and_again_when_it_comes_again(session, database, place, now):
    make.manager(session, place)
    make.healthcare_provider(session, place)
    lot = make_lot(session, place, expires_on=TODAY + timedelta(days=5))
    place_id, lot_id = place.id, lot.id
    session.rollback()
    assert warn_due(database, zone=ZONE, now=now) == 1
    assert warn_due(database, zone=ZONE, now=now + timedelta(hours=1)) == 0
    assert warn_due(database, zone=ZONE, now=now + timedelta(days=1)) == 0
    assert [mail.payload["location_id"] for mail in mails(session)] == [str(place_id)]
    command = Deprecate(place_id, lot_id, "return", "not_needed", 10)
    deprecate(session, nurse_at(place_id), command, now=now, today=TODAY)
    make_lot(session, place, expires_on=TODAY + timedelta(days=40))
    session.rollback()
    assert warn_due(database, zone=ZONE, now=now + timedelta(days=2)) == 0
    make_lot(session, place, expires_on=TODAY + timedelta(days=6))
    session.rollback()
    assert warn_due(database, zone=ZONE, now=now + timedelta(days=3)) == 1
    assert len(mails(session)) == 2
    session.rollback()


def test_a_location_that_ran_out_since_the_last_round_is_told(session, database, place, now):
    make.manager(session, place)
    lot = make_lot(session, place, doses=20)
    session.rollback()
    assert warn_due(database, zone=ZONE, now=now) == 0
    give(session, lot, 20, now + timedelta(hours=3))
    session.commit()
    assert warn_due(database, zone=ZONE, now=now + timedelta(days=1)) == 1
    assert warn_due(database, zone=ZONE, now=now + timedelta(days=2)) == 0
    session.rollback()


def test_a_location_that_closed_with_an_empty_shelf_is_told_nothing(session, database, place, now):
    make.manager(session, place)
    give(session, make_lot(session, place, doses=20), 20, now)
    place.closed_at = now
    session.commit()
    assert warn_due(database, zone=ZONE, now=now + timedelta(days=1)) == 0


def test_doses_that_were_not_given_after_all_are_not_counted_as_a_days_need(session, place, now):
    lot, nurse = make_lot(session, place, doses=12), nurse_at(place.id)
    give(session, lot, 7, now)
    for _ in range(11):
        drawn = DrawDose(place.id, lot.id, new_id(), TODAY)
        draw_dose(session, nurse, drawn, now=now)
        give_back_dose(session, nurse, GiveBackDose(place.id, lot.id, drawn.administration_id, "stock"), now=now)
    assert warned(session, place, now) == []
    give(session, lot, 4, now)
    assert [kind for kind, _label in warned(session, place, now)] == ["running_low"]


def test_nobody_is_warned_at_night(session, database, place, now):
    make.manager(session, place)
    make_lot(session, place, expires_on=TODAY)
    session.rollback()
    assert warn_due(database, zone=ZONE, now=now.replace(hour=12)) == 0
    assert mails(session) == []
    session.rollback()
    assert warn_due(database, zone=ZONE, now=now.replace(hour=14)) == 1


def test_both_sides_are_warned_of_doses_that_are_on_the_way_for_more_than_two_days(session, database, place, now):
    other = make.location(session, "Elsewhere")
    make.manager(session, place)
    make.manager(session, other)
    moving.shipped(session, place, other, (make_lot(session, place), 10))
    session.rollback()
    assert warn_due(database, zone=ZONE, now=now + timedelta(hours=47)) == 0
    assert warn_due(database, zone=ZONE, now=now + timedelta(days=3)) == 2
    assert {mail.payload["location_id"] for mail in mails(session)} == {str(place.id), str(other.id)}
    session.rollback()
