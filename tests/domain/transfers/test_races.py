"""Two people at the same moment: one does it, the other is told."""

from datetime import date

from sqlalchemy import select

from app.domain.inventory import queries as stock
from app.domain.inventory.models import Lot
from app.domain.transfers.models import Transfer
from app.domain.transfers.overdue import transfers_that_differ
from app.domain.transfers.receive import Receive, receive
from app.domain.transfers.ship import Ship, ship
from app.domain.transfers.stop import Stop, cancel
from tests import make
from tests.make import transfers as moving
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import nurse_at
from tests.together import ends

TODAY = date(2021, 3, 10)


def sound(session):
    session.expire_all()
    assert stock.balances_that_differ(session) == []
    assert transfers_that_differ(session) == []


def test_two_who_receive_the_same_transfer_receive_it_once(database, session, now):
    west, east = make.location(session, "West"), make.location(session, "East")
    transfer = moving.shipped(session, west, east, (make_lot(session, west), 5), (make_lot(session, west), 3))
    transfer_id, east_id = transfer.id, east.id
    session.rollback()

    def act(own):
        receive(own, nurse_at(east_id), Receive(east_id, transfer_id), now=now, today=TODAY)

    assert ends(database, act, act, act, act) == ["NotNow", "NotNow", "NotNow", "done"]
    sound(session)
    assert sorted(session.scalars(select(Lot.balance).where(Lot.location_id == east_id))) == [3, 5]
    session.rollback()


def test_two_transfers_of_the_last_doses_ship_one(database, session, now):
    west, east = make.location(session, "West"), make.location(session, "East")
    lot = make_lot(session, west, doses=8)
    ids = [moving.approved(session, west, east, (lot, 8)).id for _ in range(2)]
    west_id = west.id
    session.rollback()
    acts = [
        lambda own, id_=id_: ship(own, nurse_at(west_id), Ship(west_id, id_, {}), now=now, today=TODAY) for id_ in ids
    ]
    assert ends(database, *acts) == ["NotEnough", "done"]
    sound(session)
    session.rollback()


def test_cancelled_and_shipped_at_once_it_is_one_of_both_and_no_dose_is_lost(database, session, now):
    west, east = make.location(session, "West"), make.location(session, "East")
    transfer_id = moving.approved(session, west, east, (make_lot(session, west), 5)).id
    west_id = west.id
    session.rollback()
    ended = ends(
        database,
        lambda own: ship(own, nurse_at(west_id), Ship(west_id, transfer_id, {}), now=now, today=TODAY),
        lambda own: cancel(own, nurse_at(west_id), Stop(west_id, transfer_id, "No more"), now=now),
    )
    sound(session)
    status = session.get(Transfer, transfer_id).status
    assert (ended, status) in ((["NotNow", "done"], "cancelled"), (["done", "done"], "returning"))
    session.rollback()


def test_two_locations_that_send_each_other_the_same_lots_never_wait_for_each_other(database, session, now):
    west, east = make.location(session, "West"), make.location(session, "East")
    numbers = ("AA1", "BB2", "CC3")
    there = [make_lot(session, west, number=number) for number in numbers]
    here = [make_lot(session, east, number=number) for number in reversed(numbers)]
    going = moving.shipped(session, west, east, *[(lot, 2) for lot in there]).id
    coming = moving.shipped(session, east, west, *[(lot, 3) for lot in here]).id
    later = moving.approved(session, west, east, *[(lot, 1) for lot in reversed(there)]).id
    west_id, east_id = west.id, east.id
    session.rollback()
    ended = ends(
        database,
        lambda own: receive(own, nurse_at(east_id), Receive(east_id, going), now=now, today=TODAY),
        lambda own: receive(own, nurse_at(west_id), Receive(west_id, coming), now=now, today=TODAY),
        lambda own: ship(own, nurse_at(west_id), Ship(west_id, later, {}), now=now, today=TODAY),
    )
    assert ended == ["done", "done", "done"]
    sound(session)
    session.rollback()
