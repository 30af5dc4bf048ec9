# ruff: noqa: SIM905 - tables of names, kept narrow enough to read
"""A million believable people on record, the same ones every time, and workbooks in which some of them appear again."""

import io
import random
import sys
import zlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from itertools import chain, islice
from typing import Any
from uuid import UUID

import xlsxwriter
from sqlalchemy import insert, inspect, text

from app.domain.recipients.finding.name_words import add_name_words, later_words
from app.domain.recipients.keys import CODE_LENGTH, name_key, sound_key
from app.domain.recipients.models import Listing, Recipient
from app.domain.recipients.recipient_rows import COLUMNS, SHEET_NAME
from app.infra import migrations
from app.infra.db import Database, first_id_of
from app.infra.search import fold
from bench.organizations import FAMILIES, PLACES

GIVEN = (
    "James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan Joseph "
    "Jessica Thomas Sarah Carlos María José Guadalupe Ana Luis Juan Rosa Wei Mei Hiroshi Priya Raj Fatima Omar "
    "Latoya DeShawn Aaliyah Tyrone Keisha Malik Ebony Siobhán Zoë Noël Björn Anh Minh Thuy Duc Olga Ivan Katarzyna"
).split()
_BEGAN, _APART = datetime(2021, 1, 11, 13, tzinfo=UTC), timedelta(seconds=8)
_IN_CODES = "ACDEFGHJKMNPQRTVWXY3479"
_FIRST_DAY = date(1925, 1, 1)
_DAYS = 31_000

Person = tuple[str, str, str, date, str, str, str, str]  # first, middle, last, born, mail, phone, city, ZIP


def people(count: int, *, seed: int = 2021) -> Iterator[Person]:
    """So many people; a few share name and birth date by chance, as in life."""
    chance = random.Random(seed)
    for number in range(count):
        city, code, _share = chance.choice(PLACES).rsplit(" ", 2)
        last = chance.choice(FAMILIES)
        if chance.random() < 0.6:
            last = f"{last}-{chance.choice(FAMILIES)}"
        yield (
            chance.choice(GIVEN), chance.choice(("", "", "A", "Lee", "Marie")), last,
            _FIRST_DAY + timedelta(days=chance.randrange(_DAYS)),
            f"s{seed}.{number}@example.org" if chance.random() < 0.8 else "",
            f"{chance.randrange(200, 999)}{chance.randrange(2_000_000, 9_999_999)}", city, code,
        )  # fmt: skip


def key_of(number: int, kind: int) -> UUID:
    """The same key at every build, in the order of the numbers: one person each eight seconds since the program began."""
    mixed = int.from_bytes(blake2b(b"%d %d" % (number, kind), digest_size=10).digest())
    return UUID(int=first_id_of(_came(number)).int | 7 << 76 | (mixed >> 62 & 0xFFF) << 64 | 2 << 62 | mixed & (1 << 62) - 1)


def _came(number: int) -> datetime:
    return _BEGAN + number * _APART


def _code(number: int) -> str:
    """As the program's own codes look; no two numbers have the same one, since the factor is prime."""
    rest, signs = number * 2_654_435_761 % len(_IN_CODES) ** CODE_LENGTH, ""
    for _ in range(CODE_LENGTH):
        rest, sign = divmod(rest, len(_IN_CODES))
        signs += _IN_CODES[sign]
    return signs


def build(database: Database, count: int, places: list[UUID]) -> None:
    """Bring an empty database to so many recipients, each in the list of one of the places."""
    built = _is_built(database, count)
    migrations.upgrade(database)
    if built:
        return
    made, done = people(count), 0
    while some := list(islice(made, 10_000)):
        records = [_record(person, number) for number, person in enumerate(some, start=done)]
        with database.transaction() as session:
            session.execute(insert(Recipient), records)
            words = (later_words(record["id"], record["first_folded"], record["last_folded"]) for record in records)
            add_name_words(session, chain.from_iterable(words))
            session.execute(insert(Listing), [_listing(record, places, number) for number, record in enumerate(records, start=done)])
        done += len(some)
        print(f"{database.engine.dialect.name}: {done:,} recipients", end="\r", file=sys.stderr)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if database.is_sqlite else "VACUUM ANALYZE"))


def workbook(rows: int, *, seed: int, known: int) -> bytes:
    """A workbook of which 90 in 100 rows are new people, 5 are on record, 2 nearly so, and 3 have mistakes.

    `known` is how many people `build` made.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet(SHEET_NAME)
    keys = ("first_name", "middle_name", "last_name", "birth_date", "email", "phone", "city", "zip")
    headers = {column.key: column.header for column in COLUMNS}
    sheet.write_row(0, 0, [headers[key] for key in keys])
    old = list(islice(people(known), seed * 350 % max(known - 350, 1), None, 1))[:350]
    for place, fresh in enumerate(people(rows, seed=seed)):
        kind = place % 100
        person = old[place * 7 // 100 % len(old)] if kind < 7 else fresh
        values: list[str] = [*person[:3], f"{person[3]:%m/%d/%Y}", *person[4:]]
        if kind in {5, 6}:
            values[4:] = ["other@example.org", "9195550100", "Murphy", "28906"]
        elif kind in {7, 8, 9}:
            values[3], values[5] = "31/31/1990", "919-555"
        sheet.write_row(place + 1, 0, values)
    book.close()
    return out.getvalue()


def _is_built(database: Database, count: int) -> bool:
    """False for an empty database; raises SystemExit for one that an earlier run left half filled."""
    if not inspect(database.engine).has_table("recipient"):
        return False
    with database.reading() as session:
        there = session.scalar(text("SELECT count(*) FROM recipient")) or 0
    if 0 < there < count:
        raise SystemExit(f"{database.url} was left half filled: delete it under instance/bench and run again")
    return there >= count


def _record(person: Person, number: int) -> dict[str, Any]:
    first, middle, last, born, mail, phone, city, code = person
    return {
        "id": key_of(number, 0), "code": _code(number), "first_name": first, "middle_name": middle, "last_name": last, "suffix": "",
        "first_folded": fold(first), "last_folded": fold(last), "birth_date": born,
        "name_key": name_key(first, last, born), "sound_key": sound_key(last, born), "email": mail or None,
        "email_folded": mail or None, "phone": phone, "street": "", "street_2": "", "city": city, "city_folded": fold(city),
        "county_fips": "",
        "state_abbr": "NC", "zip": code, "gender": "", "races": [], "ethnicity": "", "language": "en", "industry": "",
        "source": "upload", "created_at": _came(number), "version": 1,
    }  # fmt: skip


def _listing(record: dict[str, Any], places: list[UUID], number: int) -> dict[str, Any]:
    place = zlib.crc32(f"{record['birth_date']}{record['phone']}".encode()) % len(places)
    return {
        "id": key_of(number, 1), "scope_kind": "location", "scope_id": places[place],
        "recipient_id": record["id"], "last_folded": record["last_folded"], "first_folded": record["first_folded"],
        "external_id": "", "how": "upload", "listed_at": record["created_at"],
    }  # fmt: skip
