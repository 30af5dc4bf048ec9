"""How alike two descriptions of people are: points for what agrees, fewer for what nearly agrees, less than none for
what differs. The points are data: about the logarithm, to base 2, of how much likelier an agreement is for records of
one person than for two people taken by chance (Fellegi and Sunter, 1969), rounded.

First names that clearly differ are two people, whatever else agrees: twins share birth date, last name and address.
Grown-ups who also share a telephone or an e-mail address may be one person who goes by another name: somebody looks.
For children they are their parents'. Other last names are not two people: people marry. A father and a son of the same
name differ in birth date and suffix.
"""

from datetime import date
from functools import lru_cache
from typing import Protocol

import jellyfish

from app.domain.recipients.keys import swapped
from app.domain.recipients.nicknames import same_by_nickname
from app.infra.search import fold

LIKELY = 16
"""From so many points on, somebody is asked to look."""

EQUAL, NEAR, OTHER = "equal", "near", "other"
POINTS = {
    "first name": {EQUAL: 6, NEAR: 4, OTHER: -6},
    "last name": {EQUAL: 7, NEAR: 5, OTHER: -4},
    "birth date": {EQUAL: 12, NEAR: 8, OTHER: -8},
    "e-mail": {EQUAL: 9, NEAR: 5, OTHER: -1},
    "phone": {EQUAL: 8, NEAR: 4, OTHER: -1},
    "street": {EQUAL: 7, NEAR: 5, OTHER: -1},
    "ZIP code": {EQUAL: 5, NEAR: 3, OTHER: -2},
    "city": {EQUAL: 3, NEAR: 2, OTHER: -1},
}
ALIKE = 0.9
ALIKE_NAME = 0.86
OF_AGE = 18


class Person(Protocol):
    """What is known of somebody; "" where nothing is."""

    @property
    def first_name(self) -> str: ...
    @property
    def middle_name(self) -> str: ...
    @property
    def last_name(self) -> str: ...
    @property
    def suffix(self) -> str: ...
    @property
    def birth_date(self) -> date: ...
    @property
    def email(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def street(self) -> str: ...
    @property
    def zip(self) -> str: ...
    @property
    def city(self) -> str: ...


def likeness(one: Person, other: Person, *, today: date) -> tuple[int, dict[str, str]]:
    """The points, and how each thing that both tell agrees; no points where something says that they are two."""
    agreement = _names(one, other)
    agreement["birth date"] = compare_birth_dates(one.birth_date, other.birth_date)
    for what, mine, theirs in (
        ("e-mail", one.email.casefold(), other.email.casefold()),
        ("phone", one.phone, other.phone),
        ("street", _plain(one.street), _plain(other.street)),
        ("ZIP code", one.zip[:5], other.zip[:5]),
        ("city", _plain(one.city), _plain(other.city)),
    ):
        if mine and theirs:
            agreement[what] = _compare(mine, theirs)
    if _are_two(one, other, agreement, today):
        return 0, agreement
    return sum(POINTS[what].get(how, 0) for what, how in agreement.items()), agreement


def _are_two(one: Person, other: Person, agreement: dict[str, str], today: date) -> bool:
    if agreement["birth date"] == OTHER and one.suffix != other.suffix:
        return True
    if agreement["first name"] != OTHER:
        return False
    grown_up = today.year - one.birth_date.year > OF_AGE
    own = EQUAL in (agreement.get("phone"), agreement.get("e-mail"))
    return not (grown_up and own) or agreement["birth date"] == OTHER


def compare_birth_dates(one: date, other: date) -> str:
    """Near are: day and month exchanged, one digit wrong, two neighbouring digits exchanged."""
    if one == other:
        return EQUAL
    if swapped(one) == other:
        return NEAR
    return NEAR if _one_slip(f"{one:%Y%m%d}", f"{other:%Y%m%d}") else OTHER


def _names(one: Person, other: Person) -> dict[str, str]:
    first, last = _plain(one.first_name), _plain(one.last_name)
    their_first, their_last = _plain(other.first_name), _plain(other.last_name)
    straight = {"first name": _compare_first(first, their_first), "last name": _compare_last(last, their_last)}
    if straight["first name"] == OTHER and _called_by_middle(one, other):
        straight["first name"] = NEAR
    crossed = {"first name": _compare_first(first, their_last), "last name": _compare_last(last, their_first)}
    return crossed if _agreeing(crossed) > _agreeing(straight) else straight


def _agreeing(names: dict[str, str]) -> int:
    return sum(how != OTHER for how in names.values())


def _called_by_middle(one: Person, other: Person) -> bool:
    mine, theirs = _plain(one.middle_name), _plain(other.middle_name)
    called, they_called = _plain(one.first_name), _plain(other.first_name)
    return (len(mine) > 1 and mine == they_called) or (len(theirs) > 1 and theirs == called)


@lru_cache(maxsize=20_000)
def _plain(text: str) -> str:
    return fold(text)


@lru_cache(maxsize=50_000)
def _compare_first(one: str, other: str) -> str:
    if one == other:
        return EQUAL
    if same_by_nickname(one, other) or _shares_word(one, other):
        return NEAR
    return NEAR if _names_alike(one.replace(" ", ""), other.replace(" ", "")) else OTHER


@lru_cache(maxsize=50_000)
def _compare_last(one: str, other: str) -> str:
    if one.replace(" ", "") == other.replace(" ", ""):
        return EQUAL
    if _shares_word(one, other):
        return NEAR
    return NEAR if _names_alike(one.replace(" ", ""), other.replace(" ", "")) else OTHER


def _names_alike(one: str, other: str) -> bool:
    if min(len(one), len(other)) < 2:
        return False
    if jellyfish.jaro_winkler_similarity(one, other) >= ALIKE_NAME:
        return True
    if jellyfish.damerau_levenshtein_distance(one, other) <= (1 if min(len(one), len(other)) < 6 else 2):
        return True
    sound = jellyfish.metaphone(one)
    return len(sound) > 1 and sound == jellyfish.metaphone(other)


def _shares_word(one: str, other: str) -> bool:
    """A part of a name of several parts: Garcia Lopez and Garcia, Ann Marie and Ann."""
    mine, theirs = set(one.split()), set(other.split())
    return len(mine) + len(theirs) > 2 and any(len(word) > 2 for word in mine & theirs)


def _compare(one: str, other: str) -> str:
    if one == other:
        return EQUAL
    # Numbers and addresses of mail are near by one slip only: those of a household often differ by little.
    in_words = not one.isdecimal() and "@" not in one
    if _one_slip(one, other) or (in_words and jellyfish.jaro_winkler_similarity(one, other) >= ALIKE):
        return NEAR
    return OTHER


def _one_slip(one: str, other: str) -> bool:
    return abs(len(one) - len(other)) < 2 and jellyfish.damerau_levenshtein_distance(one, other) == 1
