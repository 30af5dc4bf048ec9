"""What two records of the same person have in common: how their names fold and sound, and the birth date."""

import secrets
from datetime import date
from functools import lru_cache

import jellyfish

from app.infra.search import fold

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 9
EARLIEST_YEAR, LATEST_YEAR = 1890, 2100


def name_key(first_name: str, last_name: str, birth_date: date) -> str:
    """Equal for records of the same names and birth date, whatever case, accents and hyphens do."""
    return f"{_joined(last_name)}|{_joined(first_name)}|{birth_date:%Y%m%d}"[:260]


def sound_key(last_name: str, birth_date: date) -> str:
    """Equal for last names that sound alike and the same birth date."""
    return f"{_sound(_joined(last_name))}|{birth_date:%Y%m%d}"[:100]


def swapped(birth_date: date) -> date | None:
    """The birth date with day and month exchanged, where that is another real date."""
    if birth_date.day > 12 or birth_date.day == birth_date.month:
        return None
    return date(birth_date.year, birth_date.day, birth_date.month)


def near_dates(birth_date: date) -> list[date]:
    """Real dates that a slip makes of this one: day and month exchanged, one digit wrong, two digits exchanged."""
    digits = f"{birth_date:%Y%m%d}"
    told = {digits[:place] + digit + digits[place + 1 :] for place in range(8) for digit in "0123456789"}
    told |= {digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] for at in range(7)}
    real = {day for day in map(_real, told) if day is not None} | {swapped(birth_date) or birth_date}
    return sorted(day for day in real if day != birth_date and EARLIEST_YEAR <= day.year < LATEST_YEAR)


def _real(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def new_code() -> str:
    """A code for a recipient that may be printed and said aloud: 9 letters and digits, none easily mistaken."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(CODE_LENGTH))


def _joined(name: str) -> str:
    return fold(name).replace(" ", "")


@lru_cache(maxsize=20_000)
def _sound(name: str) -> str:
    return jellyfish.metaphone(name)[:60] or name[:60]
