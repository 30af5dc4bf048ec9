"""Is this person known already? The bands are data; the reasons are told to whoever decides.

`same`: names and birth date agree and so does a detail, or there is no detail to contradict them.
`close`: a person must look: all details differ, or the names only sound alike, or day and month are exchanged.
Twins share last name and birth date and are two people.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol
from uuid import UUID

import jellyfish
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.recipients.keys import name_key, sound_key, swapped
from app.domain.recipients.models import Recipient
from app.infra.search import fold

CLOSE_FIRST_NAME = 0.90
AT_A_TIME = 1000


class Details(Protocol):
    """What is known of a person before a record is made; a RecipientRow is one."""

    @property
    def first_name(self) -> str: ...
    @property
    def last_name(self) -> str: ...
    @property
    def birth_date(self) -> date: ...
    @property
    def email(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def zip(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Known:
    """The part of a record that matching needs."""

    id: UUID
    first_name: str
    last_name: str
    birth_date: date
    name_key: str
    sound_key: str
    email: str
    phone: str
    zip: str
    merged_into_id: UUID | None = None

    @property
    def kept_id(self) -> UUID:
        """The record that counts: the one this was merged into, or itself."""
        return self.merged_into_id or self.id


@dataclass(frozen=True, slots=True)
class Match:
    """A record that is, or may be, the same person; `reasons` are keys of what agrees or differs."""

    kind: Literal["same", "close"]
    known: Known
    reasons: tuple[str, ...]


class Candidates:
    """Records that could be somebody of a list: two look-ups per thousand people, never one per person."""

    def __init__(self, session: Session, people: Sequence[Details]) -> None:
        self._by_name: dict[str, list[Known]] = {}
        self._by_sound: dict[str, list[Known]] = {}
        names = {key for person in people for key in _name_keys(person)}
        sounds = {sound_key(person.last_name, person.birth_date) for person in people}
        for known in _load(session, Recipient.name_key, names):
            self.add(known)
        for known in _load(session, Recipient.sound_key, sounds):
            self.add(known)

    def add(self, known: Known) -> None:
        """Add a record, for instance one that was just made from the same list."""
        for shelf, key in ((self._by_name, known.name_key), (self._by_sound, known.sound_key)):
            there = shelf.setdefault(key, [])
            if all(other.id != known.id for other in there):
                there.append(known)

    def matches(self, person: Details) -> list[Match]:
        """Who it may be, surest first; each kept record once, by the surest of the records that were joined with it."""
        found: dict[UUID, Match] = {}
        for key in _name_keys(person):
            for known in self._by_name.get(key, []):
                match = compare(person, known)
                if match.kind == "same" or known.kept_id not in found:
                    found[known.kept_id] = match
        for known in self._by_sound.get(sound_key(person.last_name, person.birth_date), []):
            if known.kept_id not in found and _sounds_alike(person, known):
                found[known.kept_id] = Match("close", known, ("birth date", "sounds alike"))
        return sorted(found.values(), key=lambda match: (match.kind != "same", str(match.known.id)))


def compare(person: Details, known: Known) -> Match:
    """Somebody with equal names: the same, or to be looked at."""
    if known.birth_date != person.birth_date:
        return Match("close", known, ("name", "day and month exchanged"))
    pairs = {
        "e-mail": (person.email.casefold(), known.email.casefold()),
        "phone": (person.phone, known.phone),
        "ZIP code": (person.zip[:5], known.zip[:5]),
    }
    compared = {what: left == right for what, (left, right) in pairs.items() if left and right}
    agreeing = tuple(what for what, agrees in compared.items() if agrees)
    if agreeing or not compared:
        return Match("same", known, ("name", "birth date", *agreeing))
    return Match("close", known, ("name", "birth date", *(f"other {what}" for what in compared)))


def _sounds_alike(person: Details, known: Known) -> bool:
    mine, theirs = fold(person.first_name), fold(known.first_name)
    return jellyfish.jaro_winkler_similarity(mine, theirs) >= CLOSE_FIRST_NAME


def _name_keys(person: Details) -> list[str]:
    dates = [person.birth_date, swapped(person.birth_date)]
    return [name_key(person.first_name, person.last_name, day) for day in dates if day is not None]


def _load(session: Session, column: object, keys: Iterable[str]) -> Iterable[Known]:
    wanted = sorted(keys)
    for start in range(0, len(wanted), AT_A_TIME):
        rows = session.execute(
            select(
                Recipient.id, Recipient.first_name, Recipient.last_name, Recipient.birth_date, Recipient.name_key,
                Recipient.sound_key, Recipient.email, Recipient.phone, Recipient.zip, Recipient.merged_into_id,
            ).where(column.in_(wanted[start : start + AT_A_TIME]))  # type: ignore[attr-defined]
        )  # fmt: skip
        for row in rows:
            yield Known(
                row.id, row.first_name, row.last_name, row.birth_date, row.name_key, row.sound_key, row.email or "",
                row.phone, row.zip, row.merged_into_id,
            )  # fmt: skip
