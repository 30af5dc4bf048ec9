"""Whatever is done to stock, in whatever order and by however many: balance is the sum of the ledger, never below 0."""

import os
import random
import threading
import time
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from app.domain.errors import Refusal
from app.domain.inventory import queries
from app.domain.inventory.change_lot import ChangeTotal, change_total
from app.domain.inventory.close_day import ClosedVial, CloseVials, close_vials
from app.domain.inventory.count_stock import CountedLot, CountStock, count_stock
from app.domain.inventory.deprecate import Deprecate, VoidDeprecation, deprecate, list_deprecations, void_deprecation
from app.domain.inventory.draw_dose import DrawDose, draw_dose
from app.domain.inventory.give_back_dose import GiveBackDose, give_back_dose
from app.domain.inventory.models import Lot, StockEntry
from app.domain.inventory.quarantine import QuarantineLot, ReleaseLot, quarantine_lot, release_lot
from app.domain.inventory.recall import LiftRecall, MakeRecall, lift_recall, list_recalls, recall
from app.domain.inventory.receive_shipment import ReceiveShipment, receive_shipment
from app.domain.inventory.vials import OpenVial, open_vial, open_vials
from app.domain.transfers.decide import Decide, approve
from app.domain.transfers.models import TransferLine
from app.domain.transfers.overdue import transfers_that_differ
from app.domain.transfers.queries import doses_on_the_way
from app.domain.transfers.receive import Arrived, Receive, receive
from app.domain.transfers.request_transfer import request_transfer
from app.domain.transfers.ship import Ship, ship
from app.domain.transfers.stop import Stop, cancel, refuse
from app.domain.transfers.take_back import TakeBack, take_back
from app.domain.vaccinations.correct_dose import CorrectDose, correct_dose
from app.domain.vaccinations.doses import version_of
from app.domain.vaccinations.find_for_visit import describe
from app.domain.vaccinations.move_dose import MoveDose, move_dose
from app.domain.vaccinations.remove_dose import RemoveDose, remove_dose
from app.infra import migrations
from app.infra.db import new_id
from tests import make
from tests.make.inventory import lot as make_lot
from tests.make.transfers import STATE, asking
from tests.make.vaccinations import ZONE, dose, nurse_at, someone

TODAY = date(2021, 3, 10)
LONG = bool(os.environ.get("CVMS_LONG"))


class Clerk:
    """Does one thing after the other to a lot; what the rules refuse is refused and changes nothing."""

    def __init__(self, session, place, other, lot, now):
        self.session, self.place, self.other, self.lot, self.now = session, place, other, lot, now
        self.nurse, self.given, self.transfers = nurse_at(place.id), [], []
        self.lots = [lot, make_lot(session, place, doses=4, number="EN2")]
        self.people = [someone(session, place, last_name=name) for name in ("Ash", "Birch", "Cedar")]
        self.doses = [dose(session, place, person, lot) for person in self.people[:2]]

    def do(self, what, number):
        try:
            with self.session.begin_nested():
                getattr(self, what)(number)
        except Refusal:
            self.session.expire_all()

    def receive(self, n):
        command = ReceiveShipment(self.place.id, "pfizer", self.lot.number, self.lot.expires_on, n, n, n // 3)
        receive_shipment(self.session, self.nurse, command, now=self.now, today=TODAY)

    def draw(self, _n):
        self.given.append(new_id())
        draw_dose(self.session, self.nurse, DrawDose(self.place.id, self.lot.id, self.given[-1], TODAY), now=self.now)

    def give_back(self, n):
        if self.given:
            command = GiveBackDose(self.place.id, self.lot.id, self.given[-1], "waste" if n % 2 else "stock", "drawn")
            give_back_dose(self.session, self.nurse, command, now=self.now)

    def waste(self, n):
        command = Deprecate(self.place.id, self.lot.id, "waste", "broken", n)
        deprecate(self.session, self.nurse, command, now=self.now, today=TODAY)

    def void(self, n):
        events = list_deprecations(self.session, self.nurse, self.place.id).items
        if events:
            command = VoidDeprecation(self.place.id, events[n % len(events)].id, "Mistake")
            void_deprecation(self.session, self.nurse, command, now=self.now)

    def total(self, n):
        command = ChangeTotal(self.place.id, self.lot.id, n * 3, "counted_wrong", self.lot.version)
        change_total(self.session, self.nurse, command, now=self.now)

    def count(self, n):
        line = CountedLot(self.lot.id, self.lot.balance, n, "Counted")
        count_stock(self.session, self.nurse, CountStock(self.place.id, (line,)), now=self.now)

    def vial(self, _n):
        open_vial(self.session, self.nurse, OpenVial(self.place.id, self.lot.id), now=self.now, today=TODAY)

    def close(self, n):
        vials = open_vials(self.session, self.nurse, self.place.id)
        if vials:
            line = ClosedVial(vials[0].id, min(n, vials[0].doses_left), "Not entered yet")
            close_vials(self.session, self.nurse, CloseVials(self.place.id, (line,)), now=self.now)

    def apart(self, n):
        if n % 2:
            quarantine_lot(self.session, self.nurse, QuarantineLot(self.place.id, self.lot.id, "Warm"), now=self.now)
        else:
            release_lot(self.session, self.nurse, ReleaseLot(self.place.id, self.lot.id, "Fine"), now=self.now)

    def send(self, n):
        command = asking(self.place, self.other, (self.lot, n))
        made = request_transfer(self.session, self.nurse, command, now=self.now, today=TODAY)
        approve(self.session, STATE, Decide(made.id), now=self.now)
        self.transfers.append(made.id)
        if n % 5:
            ship(self.session, self.nurse, Ship(self.place.id, made.id, {}), now=self.now, today=TODAY)

    def correct(self, n):
        given, to = self.doses[n % 2], self.lots[n // 2 % 2]
        command = CorrectDose(
            self.place.id, given.id, version_of(self.session, given), "Read again", to.id, "LD", given.given_at,
            "Ann Lee", "RN",
        )  # fmt: skip
        correct_dose(self.session, self.nurse, command, now=self.now, zone=ZONE)

    def remove(self, n):
        given, stock = self.doses[n % 2], ("waste", "broken") if n % 3 else ("stock", "")
        command = RemoveDose(self.place.id, given.id, version_of(self.session, given), "Never given", *stock)
        remove_dose(self.session, self.nurse, command, now=self.now)

    def move(self, n):
        given, to = self.doses[n % 2], self.people[n % 3]
        (found,) = describe(self.session, self.nurse, self.place.id, [to], now=self.now)
        command = MoveDose(self.place.id, given.id, version_of(self.session, given), "Another person", found.ticket)
        move_dose(self.session, self.nurse, command, now=self.now)

    def recall(self, n):
        live = list_recalls(self.session, STATE, live=True)
        if live:
            lift_recall(self.session, STATE, LiftRecall(live[0].id, "Tested again"), now=self.now)
        else:
            command = MakeRecall("pfizer", self.lot.number if n % 2 else "", "Particles")
            recall(self.session, STATE, command, now=self.now)

    def differ(self, n):
        if self.transfers:
            transfer_id = self.transfers[n % len(self.transfers)]
            (line,) = self.session.scalars(select(TransferLine).where(TransferLine.transfer_id == transfer_id))
            said = (Arrived(line.id, n, n // 4, "short" if n % 2 else "over"),)
            command = Receive(self.other.id, transfer_id, said)
            receive(self.session, nurse_at(self.other.id), command, now=self.now, today=TODAY)

    def call_off(self, n):
        if self.transfers:
            id_ = self.transfers[n % len(self.transfers)]
            cancel(self.session, self.nurse, Stop(self.place.id, id_, "No car"), now=self.now)

    def arrive(self, n):
        if self.transfers:
            id_, there = self.transfers[n % len(self.transfers)], nurse_at(self.other.id)
            receive(self.session, there, Receive(self.other.id, id_), now=self.now, today=TODAY)

    def come_back(self, n):
        if self.transfers:
            id_ = self.transfers[n % len(self.transfers)]
            refuse(self.session, nurse_at(self.other.id), Stop(self.other.id, id_, "No room"), now=self.now)
            if n % 2:
                take_back(self.session, self.nurse, TakeBack(self.place.id, id_), now=self.now)


ACTS = (
    *("receive", "draw", "give_back", "waste", "void", "total", "count", "vial", "close", "apart"),
    *("send", "arrive", "differ", "call_off", "come_back", "correct", "remove", "move", "recall"),
)


def sound(session):
    session.expire_all()
    assert queries.balances_that_differ(session) == []
    assert transfers_that_differ(session) == []
    assert min(session.scalars(select(Lot.balance))) >= 0


@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(1, 25)), min_size=8, max_size=30))
@settings(
    max_examples=200 if LONG else 12, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
def test_any_sequence_of_acts_leaves_balances_that_are_the_sum_of_the_ledger(session, now, acts):
    place, other = make.location(session, "Here"), make.location(session, "There")
    lot = make_lot(session, place, doses=20, number="EN1")
    clerk = Clerk(session, place, other, lot, now)
    for what, number in acts:
        clerk.do(what, number)
        sound(session)
    moved = session.scalars(
        select(StockEntry.doses).where(StockEntry.kind.in_(("transfer_out", "transfer_in", "transfer_back")))
    )
    lost = sum(line.doses_lost for line in session.scalars(select(TransferLine)))
    assert -sum(moved) == sum(one.doses for one in doses_on_the_way(session, STATE)) + lost
    session.rollback()


def test_eight_clients_at_once_lose_no_entry_and_nobody_sees_a_deadlock(database, session, now):
    place, other = make.location(session, "Here"), make.location(session, "There")
    lots = [make_lot(session, place, doses=15, number=f"EN{number}") for number in range(3)]
    ids, place_id, number_of = [lot.id for lot in lots], place.id, {lot.id: lot.number for lot in lots}
    session.rollback()
    seconds = 60 if LONG else 4
    until, trouble, booked = time.monotonic() + seconds, [], []

    def client(seed):
        chance = random.Random(seed)
        while time.monotonic() < until:
            try:
                with database.transaction() as own:
                    moved = _one_act(own, chance, place_id, ids, number_of, now)
                booked.append(moved)
            except Refusal:
                pass
            except Exception as error:
                trouble.append(repr(error))
                return

    threads = [threading.Thread(target=client, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert trouble == []
    sound(session)
    assert session.scalar(select(text("sum(balance)")).select_from(Lot)) == 45 + sum(booked)
    assert len(booked) > 8
    session.rollback()
    del other


def _one_act(own, chance, place_id, ids, number_of, now):
    """Something that moves doses; returns how many it moved."""
    nurse, lot_id = nurse_at(place_id), chance.choice(ids)
    match chance.randrange(5):
        case 0 | 1:
            draw_dose(own, nurse, DrawDose(place_id, lot_id, new_id(), TODAY), now=now)
            return -1
        case 2:
            deprecate(own, nurse, Deprecate(place_id, lot_id, "waste", "broken", 2), now=now, today=TODAY)
            return -2
        case 3:
            command = ReceiveShipment(place_id, "pfizer", number_of[lot_id], date(2021, 5, 9), 3, 3)
            receive_shipment(own, nurse, command, now=now, today=TODAY)
            return 3
        case _:
            chosen = chance.sample(ids, 2)
            shown = {id_: own.get(Lot, id_).balance for id_ in chosen}
            lines = tuple(CountedLot(id_, shown[id_], max(shown[id_] - 1, 0), "One is gone") for id_ in chosen)
            count_stock(own, nurse, CountStock(place_id, lines), now=now)
            return sum(line.counted - line.expected for line in lines)


def test_entries_of_before_learn_their_product_when_the_tables_grow_and_balances_stay(database, session, now):
    place = make.location(session)
    lot = make_lot(session, place, doses=7)
    lot_id, product_id = lot.id, lot.product_id
    session.rollback()
    session.close()
    migrations.downgrade(database, "0004")
    migrations.upgrade(database)
    entry = session.scalars(select(StockEntry).where(StockEntry.lot_id == lot_id)).one()
    assert (entry.product_id, session.get(Lot, lot_id).balance) == (product_id, 7)
    draw_dose(session, nurse_at(place.id), DrawDose(place.id, lot_id, new_id(), TODAY), now=now)
    sound(session)
    session.rollback()
    with pytest.raises(Exception, match="append-only"):
        session.execute(text("DELETE FROM stock_entry"))
    session.rollback()
