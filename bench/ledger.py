"""The ledger under eight clients at once, for a minute on each database: is any dose lost, is anybody shown a deadlock?

Run: python -m bench ledger [seconds]. Two clinics share few lots; the clients give, waste, receive, count and send doses
to each other. `negative`, `lost` and `broken` must be 0: balances below 0, entries missing, acts that ended in anything
but being done or refused by a rule. `wait_p95_ms` is how long one act takes, waiting included.
"""

import random
import shutil
import threading
import time
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from cryptography.fernet import Fernet
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import factory
from app.domain.errors import Refusal
from app.domain.inventory import queries
from app.domain.inventory.count_stock import CountedLot, CountStock, count_stock
from app.domain.inventory.deprecate import Deprecate, deprecate
from app.domain.inventory.draw_dose import DrawDose, draw_dose
from app.domain.inventory.models import Lot, StockEntry
from app.domain.inventory.receive_shipment import ReceiveShipment, receive_shipment
from app.domain.program.products import install_products
from app.domain.providers.models import Location
from app.domain.transfers.decide import Decide, approve
from app.domain.transfers.overdue import transfers_that_differ
from app.domain.transfers.receive import Receive, receive
from app.domain.transfers.request_transfer import request_transfer
from app.domain.transfers.ship import Ship, ship
from app.infra import clock, crypto, migrations
from app.infra.db import Database, new_id
from bench import servers
from tests.make.inventory import lot as make_lot
from tests.make.providers import location
from tests.make.transfers import STATE, asking
from tests.make.vaccinations import ZONE, nurse_at

CLIENTS, LOTS = 8, 3


class Ledger:
    """Two clinics, their lots, and what the clients did."""

    def __init__(self, database: Database) -> None:
        self.database, self.today = database, clock.local_date(clock.now(), ZONE)
        self.times: list[float] = []
        self.booked: list[int] = []
        self.refused, self.broken = 0, list[str]()
        migrations.upgrade(database)
        with database.transaction() as session:
            install_products(session)
        with database.session(write=True) as session:
            places = [location(session, name) for name in ("East", "West")]
            self.places = [place.id for place in places]
            lots = [make_lot(session, place, doses=20, number=f"EN{one}") for place in places for one in range(LOTS)]
            self.lots = {lot.id: (lot.location_id, lot.number, lot.expires_on) for lot in lots}
            self.before = session.scalar(select(func.count()).select_from(StockEntry)) or 0

    def client(self, seed: int, until: float) -> None:
        """One act after the other, each in a transaction of its own, as pages do."""
        chance = random.Random(seed)
        while time.monotonic() < until:
            lot_id, kind = chance.choice(list(self.lots)), chance.randrange(8)
            if kind < 7:
                self._try(lambda session, lot_id=lot_id, kind=kind: self._act(session, lot_id, kind))
            elif (transfer_id := self._try(lambda session, lot_id=lot_id: self._ask(session, lot_id), 0)) is not None:
                place = self.lots[lot_id][0]
                if self._try(lambda session, place=place, it=transfer_id: self._ship(session, place, it)) is not None:
                    self._try(lambda session, place=place, it=transfer_id: self._receive(session, place, it))

    def _try(self, act: Any, entries: int = 1) -> Any:
        """What the act returns, once it is kept; None where it was refused or broke. It books so many entries."""
        started, done = time.perf_counter(), None
        try:
            with self.database.transaction() as session:
                done = act(session)
            self.booked.append(entries if done else 0)
        except Refusal:
            self.refused += 1
            done = None
        except Exception as error:
            self.broken.append(repr(error)[:200])
            done = None
        self.times.append((time.perf_counter() - started) * 1000)
        return done

    def _act(self, session: Session, lot_id: UUID, kind: int) -> bool:
        """Something that moves doses of one lot; true when an entry was booked."""
        place, number, expires_on = self.lots[lot_id]
        nurse, now, today = nurse_at(place), clock.now(), self.today
        if kind < 4:
            draw_dose(session, nurse, DrawDose(place, lot_id, new_id(), today), now=now)
        elif kind == 4:
            deprecate(session, nurse, Deprecate(place, lot_id, "waste", "broken", 2), now=now, today=today)
        elif kind == 5:
            command = ReceiveShipment(place, "pfizer", number, expires_on, 8, 8)
            receive_shipment(session, nurse, command, now=now, today=today)
        else:
            shown = session.get_one(Lot, lot_id).balance
            line = CountedLot(lot_id, shown, max(shown - 1, 0), "One is gone")
            count_stock(session, nurse, CountStock(place, (line,)), now=now)
            return shown > 0
        return True

    def _ask(self, session: Session, lot_id: UUID) -> UUID:
        """Asked for and approved; nothing is booked."""
        place = self.lots[lot_id][0]
        here, there = (session.get_one(Location, one) for one in sorted(self.places, key=lambda one: one != place))
        command = asking(here, there, (session.get_one(Lot, lot_id), 3))
        made = request_transfer(session, nurse_at(place), command, now=clock.now(), today=self.today)
        approve(session, STATE, Decide(made.id), now=clock.now())
        return made.id

    def _ship(self, session: Session, place: UUID, transfer_id: UUID) -> bool:
        ship(session, nurse_at(place), Ship(place, transfer_id, {}), now=clock.now(), today=self.today)
        return True

    def _receive(self, session: Session, place: UUID, transfer_id: UUID) -> bool:
        (there,) = (one for one in self.places if one != place)
        receive(session, nurse_at(there), Receive(there, transfer_id), now=clock.now(), today=self.today)
        return True

    def figures(self) -> dict[str, float]:
        """What is left: nothing lost, nothing below 0."""
        with self.database.reading() as session:
            entries = (session.scalar(select(func.count()).select_from(StockEntry)) or 0) - self.before
            negative = session.scalar(select(func.count()).select_from(Lot).where(Lot.balance < 0)) or 0
            differ = len(queries.balances_that_differ(session)) + len(transfers_that_differ(session))
        for told in sorted(set(self.broken)):
            print(told)
        return {
            "entries": entries, "refused": self.refused, "broken": len(self.broken), "negative": negative,
            "lost": abs(sum(self.booked) - entries) + differ, "wait_p95_ms": round(quantiles(self.times, n=20)[-1], 1),
            "wait_worst_ms": round(max(self.times), 1),
        }  # fmt: skip


def measure(database: Database, seconds: int) -> dict[str, float]:
    """Eight clients for so long."""
    ledger, until = Ledger(database), time.monotonic() + seconds
    threads = [threading.Thread(target=ledger.client, args=(seed, until)) for seed in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ledger.figures()


def main(seconds: int = 60) -> dict[str, object]:
    """Measure on both; each begins with an empty database."""
    factory.import_models()
    crypto.configure([Fernet.generate_key()])
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/ledger.sqlite")
        sqlite = measure(database, seconds)
        database.dispose()
    name = f"ledger-{new_id().hex}"
    with servers.postgresql(name) as server:
        postgresql = measure(server, seconds)
    shutil.rmtree(servers.CACHE / f"{name}.postgresql")
    worst = {key: max(sqlite[key], postgresql[key]) for key in ("broken", "negative", "lost")}
    return {**worst, "seconds": seconds, "sqlite": sqlite, "postgresql": postgresql}
