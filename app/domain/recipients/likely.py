"""Likely duplicates at the door: everybody on record who may be the person that stands there, likeliest first.

Wider than the comparison of uploads, for somebody looks at once: misheard and misspelt names, first and last name
exchanged, a slip in the birth date, nicknames, another last name. One query, all of it by indexes.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.domain.accounts.names import fold_name
from app.domain.recipients.keys import name_key, near_dates, sound_key, swapped
from app.domain.recipients.likeness import EQUAL, LIKELY, NEAR, Person, likeness
from app.domain.recipients.matching import Known, Match
from app.domain.recipients.models import Recipient

_OWN = ("e-mail", "phone", "street", "ZIP code")


@dataclass(frozen=True, slots=True)
class OnRecord(Known):
    """What is compared at the door, beyond what matching needs."""

    middle_name: str = ""
    suffix: str = ""
    street: str = ""
    city: str = ""


def as_on_record(record: Recipient) -> OnRecord:
    """The part of a record that is compared."""
    return OnRecord(
        record.id, record.first_name, record.last_name, record.birth_date, record.name_key, record.sound_key,
        record.email or "", record.phone, record.zip, record.merged_into_id, record.middle_name, record.suffix,
        record.street, record.city,
    )  # fmt: skip


def find_likely_duplicates(session: Session, person: Person, *, today: date) -> list[Match]:
    """The records that are, or may be, this person; each kept record once, likeliest first."""
    found: dict[UUID, tuple[int, Match]] = {}
    for known in candidates(session, person):
        points, agreement = likeness(person, known, today=today)
        if points >= LIKELY and points > found.get(known.kept_id, (0, None))[0]:
            found[known.kept_id] = (points, _match(person, known, agreement))
    ranked = sorted(found.values(), key=lambda one: (-one[0], str(one[1].known.id)))
    return [match for _points, match in ranked]


def candidates(session: Session, person: Person) -> list[OnRecord]:
    """Everybody born that day, or with day and month exchanged; of the same or a like-sounding last name born on a
    day that a slip makes of it; with the same e-mail address or telephone.
    """
    day = person.birth_date
    near = near_dates(day)
    ways: list[ColumnElement[bool]] = [
        Recipient.birth_date.in_([day, swapped(day) or day]),
        Recipient.name_key.in_([name_key(person.first_name, person.last_name, other) for other in near]),
        Recipient.sound_key.in_([sound_key(person.last_name, other) for other in near]),
    ]
    if person.email:
        ways.append(Recipient.email_folded == fold_name(person.email))
    if person.phone:
        ways.append(Recipient.phone == person.phone)
    query = select(
        Recipient.id, Recipient.first_name, Recipient.last_name, Recipient.birth_date, Recipient.name_key,
        Recipient.sound_key, Recipient.email, Recipient.phone, Recipient.zip, Recipient.merged_into_id,
        Recipient.middle_name, Recipient.suffix, Recipient.street, Recipient.city,
    ).where(or_(*ways))  # fmt: skip
    return [
        OnRecord(
            row.id, row.first_name, row.last_name, row.birth_date, row.name_key, row.sound_key, row.email or "",
            row.phone, row.zip, row.merged_into_id, row.middle_name, row.suffix, row.street, row.city,
        )
        for row in session.execute(query)
    ]  # fmt: skip


def _match(person: Person, known: Known, agreement: dict[str, str]) -> Match:
    """The same where names and birth date are equal and so is a detail, or there is none; otherwise close."""
    equal = known.name_key == name_key(person.first_name, person.last_name, person.birth_date)
    details = [agreement[what] for what in _OWN if what in agreement]
    kind: Literal["same", "close"] = "same" if equal and (EQUAL in details or not details) else "close"
    return Match(kind, known, tuple(what for what, how in agreement.items() if how in (EQUAL, NEAR)))
