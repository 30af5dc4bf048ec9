"""Staff of the state find somebody among 1,000,000 people, from the typed text to records in Python, on both databases.

Run: python -m bench find_people [count]. What is typed is made of people who are there, and of nobody. Each is asked for
once before it is timed.
"""

import random
import time
from collections.abc import Iterator
from itertools import islice
from statistics import median, quantiles
from uuid import UUID

from app import factory
from app.domain.accounts.access import Actor, GrantedRole, Role
from app.domain.recipients.finding.find_people import find_people
from app.infra.db import Database
from bench import people, servers

STAFF = Actor("person", None, (GrantedRole(Role.STATE_STAFF, "program", None),))
PLACES = [UUID(int=number) for number in range(1, 41)]
OF_EACH = 60


def typed(count: int) -> dict[str, list[str]]:
    """Texts of each kind, of people spread over all that there are."""
    chance = random.Random(11)
    known = list(islice(people.people(count), 0, None, max(count // 2_000, 1)))
    some = [chance.choice(known) for _ in range(OF_EACH)]
    return {
        "last name": [last.split("-")[0] for _first, _middle, last, *_ in some],
        "later last name": [last.split("-")[-1] for _first, _middle, last, *_ in some],
        "first name": [first for first, *_ in some],
        "beginning": [last[:3] for _first, _middle, last, *_ in some],
        "first and last": [f"{first} {last}" for first, _middle, last, *_ in some],
        "first and later last": [f"{first} {last.split('-')[-1]}" for first, _middle, last, *_ in some],
        "beginnings": [f"{last[:3]} {first[:2]}" for first, _middle, last, *_ in some],
        "name and city": [f"{last.split('-')[0]} {city}" for _first, _middle, last, *_, city, _zip in some],
        "name and year": [f"{first} {last.split('-')[0]} {born.year}" for first, _middle, last, born, *_ in some],
        "name and birth date": [f"{first} {last} {born:%m/%d/%Y}" for first, _middle, last, born, *_ in some],
        "birth date": [born.isoformat() for _first, _middle, _last, born, *_ in some],
        "phone": [f"({phone[:3]}) {phone[3:6]}-{phone[6:]}" for *_, phone, _city, _zip in some],
        "part of a phone": [f"{phone[:3]}-{phone[3:6]}" for *_, phone, _city, _zip in some],
        "e-mail": [mail or "nobody@example.org" for *_, mail, _phone, _city, _zip in some],
        "nobody": [f"{first}x {last}q" for first, _middle, last, *_ in some],
        "common names, rare city": [f"{last.split('-')[0]} Zebulon" for _first, _middle, last, *_ in some],
    }


def main(count: int = 1_000_000) -> dict[str, object]:
    """Measure on both; the figures, in milliseconds."""
    factory.import_models()
    texts = typed(count)
    embedded = servers.embedded(f"people-{count}")
    people.build(embedded, count, PLACES)
    sqlite = measure(embedded, texts)
    with servers.postgresql(f"people-{count}") as server:
        people.build(server, count, PLACES)
        postgresql = measure(server, texts)
    return {
        "sqlite_p50_ms": sqlite[0], "sqlite_p95_ms": sqlite[1], "postgresql_p50_ms": postgresql[0],
        "postgresql_p95_ms": postgresql[1], "people": count,
    }  # fmt: skip


def measure(database: Database, texts: dict[str, list[str]]) -> tuple[float, float]:
    """The median and the 95th percentile of all, told by kind on the way."""
    every: list[float] = []
    for kind, some in texts.items():
        times = [taken for one in some for taken in _times(database, one)]
        every += times
        at_95 = quantiles(times, n=20)[-1]
        print(f"{database.engine.dialect.name:10} {kind:24} p50 {median(times):6.2f} ms, p95 {at_95:6.2f} ms", flush=True)
    return round(median(every), 2), round(quantiles(every, n=20)[-1], 2)


def _times(database: Database, text: str) -> Iterator[float]:
    with database.reading() as session:
        find_people(session, STAFF, text)
    for _ in range(2):
        with database.reading() as session:
            session.connection()
            started = time.perf_counter()
            find_people(session, STAFF, text)
            yield (time.perf_counter() - started) * 1000
