"""Account History of one location with 2,000,000 entries against one with 2,000: every filter, first page and deep.

Run: python -m bench history [entries]. Built once and kept under instance/bench/. `slower` is the worst of all pages
that have as many lines in both, timed in turns (SQLite without statistics, as it is installed); `worst_ms` is over all
pages of the large one.
"""

import itertools
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, inspect, select, text, update
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, GrantedRole, Role
from app.domain.accounts.models import Account
from app.domain.inventory.models import Lot, StockEntry
from app.domain.inventory.queries import lot_ledger
from app.domain.program.models import Product
from app.domain.program.products import install_products
from app.domain.providers.models import Location, ProviderOrganization
from app.domain.recipients.models import Listing, Recipient
from app.domain.vaccinations.account_history import AccountFilter, account_history, export_history
from app.domain.vaccinations.models import Administration
from app.infra import ddl, migrations
from app.infra.db import Database, new_id
from app.infra.paging import pack
from bench import people, servers
from tests.make.vaccinations import ZONE

FEW = 2_000
ROUNDS = 30
LOTS, USERS, DAYS = 40, 10, 500
FIRST = datetime(2020, 12, 15, 14, tzinfo=UTC)
PLACE = UUID(int=1)
BOSS = Actor("person", None, (GrantedRole(Role.LOCATION_MANAGER, "location", PLACE),))
Rows = list[dict[str, Any]]


def build(database: Database, count: int) -> None:
    """One location with so many entries; each twentieth person on its list got two of the doses."""
    built = _is_built(database, count)
    migrations.upgrade(database)
    if built:
        return
    with database.transaction() as session:
        install_products(session)
        lots, users = _place(session, count)
    persons = [record["id"] for record in _people(database, max(count // 20, 20))]
    _without_triggers(database)
    entries = _entries(count, lots, users, persons)
    done = 0
    while some := list(islice(entries, 20_000)):
        with database.transaction() as session:
            session.execute(insert(Administration), [given for _entry, given in some if given])
            session.execute(insert(StockEntry), [entry for entry, _given in some])
        done += len(some)
        print(f"{database.engine.dialect.name}: {done:,} entries", end="\r", file=sys.stderr)
    with database.transaction() as session:
        total = select(func.sum(StockEntry.doses)).where(StockEntry.lot_id == Lot.id).scalar_subquery()
        session.execute(update(Lot).values(balance=total))
        ddl.create_triggers(session.connection())
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _is_built(database: Database, count: int) -> bool:
    if not inspect(database.engine).has_table("stock_entry"):
        return False
    with database.reading() as session:
        there = session.scalar(text("SELECT count(*) FROM stock_entry")) or 0
    if there != count:
        raise SystemExit(f"{database.url} was left half filled: delete it under instance/bench and run again")
    return True


def _without_triggers(database: Database) -> None:
    """The balances are set once at the end: much faster than entry by entry."""
    name, of = "stock_entry_moves_balance", "" if database.is_sqlite else " ON stock_entry"
    with database.transaction() as session:
        session.execute(text(f"DROP TRIGGER {name}{of}"))


def _place(session: Session, count: int) -> tuple[Rows, list[UUID]]:
    organization = ProviderOrganization(name="Large Health", created_at=FIRST)
    session.add(organization)
    session.flush()
    session.add(
        Location(
            id=PLACE, provider_organization_id=organization.id, name="Large Clinic", provider_pin="650001",
            created_at=FIRST,
        )
    )  # fmt: skip
    accounts = [
        Account(first_name=f"User{n}", last_name="Lee", email=f"u{n}@example.org", email_folded=f"u{n}@example.org",
                created_at=FIRST)
        for n in range(USERS)
    ]  # fmt: skip
    session.add_all(accounts)
    session.flush()
    products = list(session.scalars(select(Product.id).order_by(Product.code)))
    lots: Rows = [
        {
            "id": new_id(), "location_id": PLACE, "product_id": products[n % len(products)], "number": f"EN{n:04}",
            "number_folded": f"EN{n:04}", "expires_on": date(2022, 12, 31), "balance": count, "version": 1,
            "created_at": FIRST, "quarantined_because": "",
        }
        for n in range(LOTS)
    ]  # fmt: skip
    session.execute(insert(Lot), lots)
    return lots, [account.id for account in accounts]


def _people(database: Database, count: int) -> Rows:
    records = [people._record(person) for person in people.people(count)]
    for start in range(0, count, 10_000):
        some = records[start : start + 10_000]
        with database.transaction() as session:
            session.execute(insert(Recipient), some)
            session.execute(insert(Listing), [people._listing(record, [PLACE]) for record in some])
    return records


def _entries(
    count: int, lots: Rows, users: list[UUID], persons: list[UUID]
) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Entries in the order of time; one in ten belongs to an administration of somebody on the list."""
    chance = random.Random(2021)
    step = timedelta(days=DAYS) / count
    kinds = ["administered"] * 95 + ["wasted"] * 2 + ["counted"] * 2 + ["total_changed"]
    for number in range(count):
        lot, at = lots[chance.randrange(LOTS)], FIRST + step * number
        kind, given = ("administered", new_id()) if number % 10 == 0 else (chance.choice(kinds), None)
        doses = 1 if kind == "total_changed" else -1
        if number < LOTS:
            lot, kind, given, doses = lots[number], "received", None, count
        entry = {
            "id": new_id(), "lot_id": lot["id"], "location_id": PLACE, "product_id": lot["product_id"], "kind": kind,
            "doses": doses, "reason": "", "subject_id": given, "made_at": at, "made_by_id": users[number % USERS],
        }  # fmt: skip
        yield entry, given and _administration(given, persons[number // 10 % len(persons)], lot, at)


def _administration(id_: UUID, person: UUID, lot: dict[str, Any], at: datetime) -> dict[str, Any]:
    return {
        "id": id_, "recipient_id": person, "location_id": PLACE, "lot_id": lot["id"], "product_id": lot["product_id"],
        "status": "completed", "dose_number": 1, "given_at": at, "given_on": at.date(), "site": "LD", "route": "C28161",
        "clinician_name": "Ann Lee", "clinician_suffix": "RN", "fact_sheet": "", "recorded_at": at,
    }  # fmt: skip


def filters(session: Session) -> dict[str, AccountFilter]:
    """Every filter, and pairs of them as people combine them."""
    lot = session.scalars(select(Lot).order_by(Lot.number)).first()
    user = session.scalars(select(Account.id).order_by(Account.email)).first()
    name = session.execute(select(Recipient.first_name, Recipient.last_name).order_by(Recipient.id)).first()
    assert lot is not None
    assert name is not None
    middle = (FIRST + timedelta(days=DAYS / 2)).date()
    week = {"first_day": middle, "last_day": middle + timedelta(days=6)}
    return {
        "all": AccountFilter(), "product": AccountFilter(product_id=lot.product_id),
        "lot": AccountFilter(lot_id=lot.id), "kind": AccountFilter(kind="wasted"),
        "rare kind": AccountFilter(kind="received"), "week": AccountFilter(**week),
        "user": AccountFilter(made_by_id=user), "person": AccountFilter(person=f"{name[0]} {name[1]}"),
        "last name": AccountFilter(person=name[1]), "nobody": AccountFilter(person="Xqzjk"),
        "product, kind": AccountFilter(product_id=lot.product_id, kind="wasted"),
        "lot, kind": AccountFilter(lot_id=lot.id, kind="wasted"),
        "kind, week": AccountFilter(kind="wasted", **week),
        "user, kind": AccountFilter(made_by_id=user, kind="counted"),
        "product, week": AccountFilter(product_id=lot.product_id, **week),
    }  # fmt: skip


def acts(database: Database) -> dict[str, Callable[[Session], Sequence[object]]]:
    """Every page to open, each a function that returns its lines."""
    with database.reading() as session:
        wanted = filters(session)
        deep = pack((FIRST + timedelta(days=DAYS / 2)).isoformat(), UUID(int=2**128 - 1))
        lot = session.scalars(select(Lot).order_by(Lot.number)).first()
    assert lot is not None

    def page(one: AccountFilter, after: str | None) -> Callable[[Session], Sequence[object]]:
        return lambda session: account_history(session, BOSS, PLACE, one, zone=ZONE, after=after).items

    found = {name: page(one, None) for name, one in wanted.items()}
    found |= {f"{name}, deep": page(one, deep) for name, one in wanted.items() if name not in {"person", "nobody"}}
    found["lot page"] = lambda session: lot_ledger(session, lot).items
    return found


def _time(database: Database, act: Callable[[Session], Sequence[object]]) -> tuple[float, int]:
    """Milliseconds, and how many lines the page has."""
    with database.reading() as session:
        session.connection()
        started = time.perf_counter()
        lines = len(act(session))
        return (time.perf_counter() - started) * 1000, lines


def _export(database: Database, rows: int) -> float:
    """Rows a second of an export, over the first so many."""
    with database.reading() as session:
        started = time.perf_counter()
        done = sum(1 for _ in itertools.islice(export_history(session, BOSS, PLACE, AccountFilter(), zone=ZONE), rows))
        return done / (time.perf_counter() - started)


def _compare(kind: str, few: Database, many: Database, count: int) -> dict[str, float]:
    build(few, FEW)
    build(many, count)
    small, large = acts(few), acts(many)
    ratios, spent = {}, {}
    for name in large:
        pairs = [(_time(few, small[name]), _time(many, large[name])) for _ in range(ROUNDS)]
        before, spent[name] = (median(pair[side][0] for pair in pairs) for side in (0, 1))
        lines = [pairs[0][side][1] for side in (0, 1)]
        if lines[0] == lines[1]:
            ratios[name] = spent[name] / before
        print(
            f"{kind:10} {name:22} {before:6.2f} ms for {lines[0]:2} lines of {FEW:,}, "
            f"{spent[name]:6.2f} ms for {lines[1]:2} of {count:,}"
        )
    worst = max(ratios, key=lambda name: ratios[name])
    print(f"{kind:10} worst: {worst}, {ratios[worst]:.2f} times")
    return {
        f"{kind}_slower": round(ratios[worst], 2), f"{kind}_slower_median": round(median(ratios.values()), 2),
        f"{kind}_worst_ms": round(max(spent.values()), 2),
        f"{kind}_export_rows_per_second": round(_export(many, 50_000)),
    }  # fmt: skip


def main(count: int = 2_000_000) -> dict[str, float]:
    """Measure on both; times in milliseconds, `…_slower` as a ratio."""
    names = f"history-{FEW}", f"history-{count}"
    figures = _compare("sqlite", servers.embedded(names[0]), servers.embedded(names[1]), count)
    with servers.postgresql(names[0]) as few, servers.postgresql(names[1]) as many:
        figures |= _compare("postgresql", few, many, count)
    return {"entries": count, **figures}
