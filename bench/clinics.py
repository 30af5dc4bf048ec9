"""Clinics with staff, stock and people who expect them, in an empty database; and what somebody does there, page by page."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.domain.accounts.access import system
from app.domain.eligibility.plans import install_plans
from app.domain.helpdesk.desk import install_help_desk
from app.domain.program.products import install_products
from app.domain.program.settings import ChangeSetting, change_setting
from app.domain.recipients.finding.name_words import add_name_words, later_words
from app.domain.recipients.keys import name_key, new_code, sound_key
from app.domain.recipients.merging.models import PairSearch
from app.domain.recipients.models import Listing, Recipient
from app.infra import clock, migrations
from app.infra.db import Database, new_id
from app.infra.search import fold
from tests import make
from tests.make.inventory import lot

LETTERS = "abcdefghijklmnopqrstuvwxyz"
DOSES_OF_A_LOT = 50_000


class Person(NamedTuple):
    """Somebody whom nobody else has the name of."""

    first: str
    last: str
    born: date
    email: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Where somebody works, and as whom."""

    location_id: UUID
    username: str


def person(number: int, kind: str) -> Person:
    """The so-many-th person of a kind, whom no rule of matching takes for another one."""
    chance = random.Random(f"{kind} {number}")
    spelled, rest = "", number
    while rest or not spelled:
        spelled, rest = LETTERS[rest % 26] + spelled, rest // 26
    first, last = ("".join(chance.choices(LETTERS, k=length)).capitalize() for length in (8, 12))
    born = date(1930, 1, 1) + timedelta(days=chance.randrange(25_000))
    return Person(first, f"{last}-{kind.capitalize()}{spelled}", born, f"{kind}{number}@example.org")


def furnish(database: Database, *, clinics: int, staff: int, people: int) -> list[Desk]:
    """Tables, clinics with a lot and a manager for each desk, and people whom the clinics list in turn."""
    migrations.upgrade(database)
    desks = []
    with database.session(write=True) as session:
        install_products(session)
        install_plans(session)
        install_help_desk(session)
        session.commit()
        places = []
        for number in range(clinics):
            place = make.location(session, f"Clinic {number}")
            places.append(place.id)
            lot(session, place, doses=DOSES_OF_A_LOT, number=f"FIRST{number}")
            for desk in range(staff):
                name = f"desk-{number}-{desk}"
                make.manager(session, place, name=name, email=f"{name}@example.org")
                desks.append(Desk(place.id, name))
        _add_people(session, places, people)
        # They were compared with each other long ago: the worker's time goes to what is done here.
        session.add(PairSearch(id=1, through_id=new_id()))
        opened = ChangeSetting("self_registration_open", "yes", date(2020, 12, 1))
        change_setting(session, system("bench"), opened, now=clock.now())
        session.commit()
    return desks


def _add_people(session: Session, places: list[UUID], count: int) -> None:
    for first in range(0, count, 5_000):
        some = [person(number, "listed") for number in range(first, min(first + 5_000, count))]
        records = [_record(one) for one in some]
        session.execute(insert(Recipient), records)
        words = (later_words(record["id"], record["first_folded"], record["last_folded"]) for record in records)
        add_name_words(session, chain.from_iterable(words))
        session.execute(
            insert(Listing),
            [
                {
                    "id": new_id(), "scope_kind": "location", "scope_id": places[number % len(places)],
                    "recipient_id": record["id"], "last_folded": record["last_folded"],
                    "first_folded": record["first_folded"], "external_id": "", "how": "upload", "listed_at": clock.now(),
                }
                for number, record in enumerate(records)
            ],
        )  # fmt: skip


def _record(one: Person) -> dict[str, Any]:
    return {
        "id": new_id(), "code": new_code(), "first_name": one.first, "middle_name": "", "last_name": one.last,
        "suffix": "", "first_folded": fold(one.first), "last_folded": fold(one.last), "birth_date": one.born,
        "name_key": name_key(one.first, one.last, one.born), "sound_key": sound_key(one.last, one.born),
        "email": one.email, "email_folded": one.email, "phone": "", "street": "", "street_2": "", "city": "Raleigh",
        "city_folded": "raleigh", "county_fips": "37183", "state_abbr": "NC", "zip": "27601", "gender": "F", "races": [],
        "ethnicity": "", "language": "en", "industry": "", "source": "upload", "created_at": clock.now(), "version": 1,
    }  # fmt: skip
