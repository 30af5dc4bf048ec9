"""What goes wrong with the records of a person: the table by which pairs are generated, and the generator.

Kinds are those found in 398,939 confirmed duplicates of hospitals (JUST: B. Haenke Just and others, “Why Patient
Matching Is a Challenge”, Perspectives in Health Information Management, 2016, PMC4832129) or made by the generator of
Febrl (FEBRL: P. Christen, Febrl 0.3 manual, 12.2). LIFE is what clinics meet and neither counts. The shares are ours:
of 100 second records, in how many it happens; several may happen to one.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.domain.recipients.keys import near_dates, swapped
from app.domain.recipients.nicknames import short_names
from bench.organizations import FAMILIES, PLACES
from bench.people import GIVEN

JUST, FEBRL, LIFE = "PMC4832129", "Febrl 0.3, 12.2", "clinics"
_STREETS = ("Oak", "Main", "Church", "Elm", "Mill", "Park", "Maple", "Lake", "Ridge", "Cedar", "Pine", "Walnut")
_ENDS = ("St", "Ave", "Rd", "Dr", "Ln", "Ct")
_SOUNDS = (("ph", "f"), ("ck", "k"), ("ee", "ea"), ("y", "i"), ("z", "s"), ("ll", "l"), ("tt", "t"), ("c", "k"))


@dataclass(frozen=True, slots=True)
class Told:
    """A person as one record has them. `whose` is the truth, which the matcher does not see."""

    whose: int
    first_name: str
    middle_name: str
    last_name: str
    suffix: str
    birth_date: date
    email: str
    phone: str
    street: str
    city: str
    zip: str


Change = Callable[[Told, random.Random], Told]


def _slip(text: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(text)) if len(text) > 1 else 0
    letter = chance.choice("abcdefghiklmnoprstuvw" if not text.isdecimal() else "0123456789")
    match chance.randrange(4):
        case 0:
            return text[:at] + letter + text[at:]
        case 1 if len(text) > 3:
            return text[:at] + text[at + 1 :]
        case 2 if at + 1 < len(text):
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + letter + text[at + 1 :]


def _digit(text: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(text)) if text else 0
    return text[:at] + chance.choice("0123456789") + text[at + 1 :]


def _as_heard(name: str, chance: random.Random) -> str:
    fitting = [pair for pair in _SOUNDS if pair[0] in name[1:]]
    return name[0] + name[1:].replace(*chance.choice(fitting), 1) if fitting else name


def _moved(told: Told, chance: random.Random) -> Told:
    city, code, _share = chance.choice(PLACES).rsplit(" ", 2)
    return replace(told, street=street(chance), city=city, zip=code)


CORRUPTIONS: tuple[tuple[str, int, str, Change], ...] = (
    ("first name misspelt", 10, JUST, lambda t, c: replace(t, first_name=_slip(t.first_name, c))),
    ("last name misspelt", 10, JUST, lambda t, c: replace(t, last_name=_slip(t.last_name, c))),
    ("first and last name exchanged", 3, JUST, lambda t, c: replace(t, first_name=t.last_name, last_name=t.first_name)),
    (
        "first and middle name exchanged", 2, JUST,
        lambda t, c: replace(t, first_name=t.middle_name or t.first_name, middle_name=t.first_name),
    ),
    ("no middle name", 30, JUST, lambda t, c: replace(t, middle_name="")),
    ("first name as heard", 4, FEBRL, lambda t, c: replace(t, first_name=_as_heard(t.first_name, c))),
    ("last name as heard", 5, FEBRL, lambda t, c: replace(t, last_name=_as_heard(t.last_name, c))),
    ("short first name", 8, LIFE, lambda t, c: replace(t, first_name=c.choice(short_names(t.first_name)))),
    ("maiden name", 6, LIFE, lambda t, c: replace(t, last_name=c.choice(FAMILIES))),
    ("half of a double name", 5, LIFE, lambda t, c: replace(t, last_name=c.choice(t.last_name.split("-")))),
    ("day and month exchanged", 3, JUST, lambda t, c: replace(t, birth_date=swapped(t.birth_date) or t.birth_date)),
    ("a slip in the birth date", 6, JUST, lambda t, c: replace(t, birth_date=c.choice(near_dates(t.birth_date)))),
    ("moved", 12, LIFE, _moved),
    ("street misspelt", 8, FEBRL, lambda t, c: replace(t, street=_slip(t.street, c))),
    ("no street", 30, LIFE, lambda t, c: replace(t, street="")),
    ("ZIP code misspelt", 4, FEBRL, lambda t, c: replace(t, zip=_digit(t.zip, c))),
    ("city misspelt", 4, FEBRL, lambda t, c: replace(t, city=_slip(t.city, c))),
    ("phone misspelt", 5, FEBRL, lambda t, c: replace(t, phone=_digit(t.phone, c))),
    ("other phone", 15, LIFE, lambda t, c: replace(t, phone=phone(c))),
    ("no phone", 15, LIFE, lambda t, c: replace(t, phone="")),
    ("other e-mail", 15, LIFE, lambda t, c: replace(t, email=f"x{c.randrange(10**6)}@example.com")),
    ("no e-mail", 30, LIFE, lambda t, c: replace(t, email="")),
)  # fmt: skip

# Who is not the same and looks like it: of 100 people, how many have such another one on record.
OTHERS = (
    ("a twin", 4), ("a brother or sister", 8), ("a husband or wife", 8), ("a child of the same name", 2),
    ("a stranger of the same name", 4), ("a stranger of the same first name and birth date", 2),
)  # fmt: skip


def phone(chance: random.Random) -> str:
    return f"{chance.randrange(200, 999)}{chance.randrange(2_000_000, 9_999_999)}"


def street(chance: random.Random) -> str:
    return f"{chance.randrange(1, 2000)} {chance.choice(_STREETS)} {chance.choice(_ENDS)}"


def generated(count: int, *, seed: int = 2021) -> list[Told]:
    """So many people, a second record of every other one, and who looks like them; the same for the same seed."""
    chance, records = random.Random(seed), []
    numbers = iter(range(10**9))
    for place in range(count):
        person = _person(next(numbers), chance)
        records.append(person)
        if place % 2:
            records.append(corrupted(person, chance))
        for what, share in OTHERS:
            if chance.randrange(100) < share:
                records.append(_other(what, replace(person, whose=next(numbers)), chance))
    return records


def corrupted(person: Told, chance: random.Random) -> Told:
    """Another record of the same person."""
    told = person
    for _what, share, _source, change in CORRUPTIONS:
        if chance.randrange(100) < share:
            told = change(told, chance)
    return told


def _person(number: int, chance: random.Random) -> Told:
    city, code, _share = chance.choice(PLACES).rsplit(" ", 2)
    last = chance.choice(FAMILIES) + (f"-{chance.choice(FAMILIES)}" if chance.random() < 0.1 else "")
    return Told(
        number, chance.choice(GIVEN), chance.choice(("", "", "A", "Lee", "Marie", "Grace", "Ray")), last, "", _day(chance),
        f"p{number}@example.org" if chance.random() < 0.7 else "", phone(chance) if chance.random() < 0.9 else "",
        street(chance) if chance.random() < 0.8 else "", city, code,
    )  # fmt: skip


def _day(chance: random.Random) -> date:
    return date(1925, 1, 1) + timedelta(days=chance.randrange(31_000))


def _other(what: str, person: Told, chance: random.Random) -> Told:
    first = chance.choice([name for name in GIVEN if name[:2] != person.first_name[:2]])
    own = {"phone": phone(chance), "email": f"o{person.whose}@example.org"}
    shared = {} if person.birth_date.year > 2002 or chance.random() < 0.1 else own
    match what:
        case "a twin":
            return replace(person, first_name=first, middle_name="", **shared)
        case "a brother or sister":
            return replace(person, first_name=first, middle_name="", birth_date=_day(chance), **shared)
        case "a husband or wife":
            return replace(person, first_name=first, middle_name="", birth_date=_day(chance), email=own["email"])
        case "a child of the same name":
            return replace(person, suffix="Jr.", birth_date=person.birth_date + timedelta(days=chance.randrange(7000, 14000)))
        case "a stranger of the same name":
            return replace(_moved(person, chance), birth_date=_day(chance), **own)
    return replace(_moved(person, chance), last_name=chance.choice(FAMILIES), **own)


def pairs(records: list[Told]) -> Iterator[tuple[int, int]]:
    """The places of every two records that are of one person."""
    first: dict[int, int] = {}
    for place, told in enumerate(records):
        if told.whose in first:
            yield first[told.whose], place
        first.setdefault(told.whose, place)
