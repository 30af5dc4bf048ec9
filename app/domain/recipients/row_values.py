"""The values of a person's row: each is brought into the form that is kept, or refused with what to do."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from email_validator import EmailNotValidError, validate_email

from app.infra.spreadsheet import Value
from app.infra.spreadsheet.cells import as_text

LONGEST_LIFE = 120
LONGEST_SUFFIX = 10

_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z' .\-]*")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "′": "'", "‛": "'"})
_HYPHENS = str.maketrans({"‐": "-", "‑": "-", "‒": "-", "–": "-"})
_ORDINAL = re.compile(r"(?:2nd|3rd|[4-9]th)\.?", re.IGNORECASE)
_AMERICAN = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{1,4})(?:[ T]00:00(?::00)?)?")
_ISO = re.compile(r"(\d{4})([/-])(\d{1,2})\2(\d{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_WITH_MONTH = ("%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y")
_ZIP = re.compile(r"(\d{5})(?:[- ]?(\d{4}))?")
_SHORT_ZIP = re.compile(r"(\d{3,4})(?:-?(\d{4}))?")
_ZERO_ZIP_STATES = frozenset({"CT", "MA", "ME", "NH", "NJ", "PR", "RI", "VI", "VT", "AE"})
_MISSPELT = {
    "gmail.con": "gmail.com",
    "gmai.com": "gmail.com",
    "gmial.com": "gmail.com",
    "gmail.co": "gmail.com",
    "yahoo.con": "yahoo.com",
    "yaho.com": "yahoo.com",
    "hotmail.con": "hotmail.com",
    "hotmial.com": "hotmail.com",
    "outlook.con": "outlook.com",
    "aol.con": "aol.com",
}
_WRITE_DATE = "Write the date of birth as month, day and year, like 02/14/1980."


class Unclear(ValueError):
    """A value that cannot be taken as it is: `sentence` with its `facts`, so that a page can translate it."""

    def __init__(self, sentence: str, **facts: object) -> None:
        super().__init__(sentence % facts if facts else sentence)
        self.sentence = sentence
        self.facts = facts


def read_name(value: Value, *, longest: int) -> str:
    """A legal name: letters of any script, apostrophe, hyphen, period, single spaces. Raises Unclear."""
    if isinstance(value, date | time):
        raise Unclear("Excel has made this a date. Format the cell as text and type the name again.")
    text = "True" if value is True else "False" if value is False else as_text(value)
    text = " ".join(text.split()).translate(_APOSTROPHES).translate(_HYPHENS)
    if not _PLAIN_NAME.fullmatch(text):
        _check_letters(text)
    if len(text) > longest:
        raise Unclear("Use %(most)s characters or fewer; this has %(count)s.", most=longest, count=len(text))
    return text


def _check_letters(text: str) -> None:
    for letter in text:
        if letter in "'-. " or unicodedata.category(letter)[0] in "LM" or letter in "\u200c\u200d":
            continue
        if letter.isnumeric():
            raise Unclear("A legal name has no digits. Take them out.")
        raise Unclear(
            "A legal name has letters, apostrophes, hyphens, periods and spaces only. "
            "Take out “%(letter)s” and give no nickname.",
            letter=letter,
        )
    if not any(letter.isalpha() for letter in text):
        raise Unclear("Enter a name with letters.")


def read_suffix(value: Value) -> str:
    """A suffix such as Jr., III or 2nd. Raises Unclear."""
    text = as_text(value).strip()
    if _ORDINAL.fullmatch(text):
        return text
    try:
        return read_name(value, longest=LONGEST_SUFFIX)
    except Unclear as unclear:
        raise Unclear(
            "Write a suffix like Jr., Sr. or III, in %(most)s characters or fewer.", most=LONGEST_SUFFIX
        ) from unclear


def read_birth_date(value: Value, *, today: date) -> date:
    """A day that is not in the future nor more than 120 years ago. Raises Unclear.

    Taken are Excel dates and their serial numbers, MM/DD/YYYY, YYYY-MM-DD, and days with the month's name.
    """
    if isinstance(value, datetime):
        day = value.date()
    elif isinstance(value, date):
        day = value
    elif isinstance(value, bool | time) or value is None:
        raise Unclear(_WRITE_DATE)
    elif isinstance(value, int | float):
        day = _from_serial(value)
    else:
        day = _from_text(as_text(value))
    if day > today:
        raise Unclear("The date of birth is in the future. Check the year.")
    if day.year < today.year - LONGEST_LIFE:
        raise Unclear("The date of birth is more than %(most)s years ago. Check the year.", most=LONGEST_LIFE)
    return day


def birth_date_text(value: Value) -> str:
    """A cell's day in a form that is read as the same day; what is no day of Excel's stays as a person would type it."""
    try:
        if isinstance(value, datetime):
            return as_text(value.date())
        if isinstance(value, int | float) and not isinstance(value, bool):
            return as_text(_from_serial(value))
    except Unclear:
        pass
    return as_text(value)


def _from_serial(number: float) -> date:
    if 1900 <= number <= 2100 and float(number).is_integer():
        raise Unclear(f"This is only a year. {_WRITE_DATE}")
    if not 366 < number < 110_000:
        raise Unclear(_WRITE_DATE)
    return date(1899, 12, 30) + timedelta(days=int(number))


def _from_text(text: str) -> date:
    if found := _AMERICAN.fullmatch(text):
        month, day, year = int(found[1]), int(found[3]), found[4]
        if len(year) != 4:
            raise Unclear(f"Write the year with four digits. {_WRITE_DATE}")
        if month > 12 >= day:
            raise Unclear(f"There is no month {month}. Write the month first, then the day, like 02/14/1980.")
        return _day(int(year), month, day)
    if found := _ISO.fullmatch(text):
        return _day(int(found[1]), int(found[3]), int(found[4]))
    if text.isascii() and text.isdigit() and len(text) == 5:
        return _from_serial(int(text))
    words = " ".join(text.replace(",", " ").replace("-", " ").replace(".", " ").split())
    for form in _WITH_MONTH if any(letter.isalpha() for letter in words) else ():
        try:
            return datetime.strptime(words, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise Unclear(_WRITE_DATE)


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Unclear(f"There is no such day. {_WRITE_DATE}") from error


def read_email(text: str) -> str:
    """An e-mail address, its domain in lower case. Whether it can be reached is not asked. Raises Unclear."""
    text = text.strip()
    if text[:7].lower() == "mailto:":
        text = text[7:]
    if text.count("@") > 1 or ";" in text or "," in text:
        raise Unclear("Give one e-mail address only, like name@example.org.")
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise Unclear(
            "This e-mail address is not complete or has a character that does not belong. "
            "Write it like name@example.org, or leave it empty."
        ) from error


def email_warning(address: str) -> str:
    """What to check in an address that is well formed but most likely misspelt; "" if nothing."""
    meant = _MISSPELT.get(address.rpartition("@")[2])
    return f"Check the e-mail address: did you mean {meant}?" if meant else ""


def read_phone(text: str) -> str:
    """A telephone number as its ten digits. Raises Unclear.

    Spaces, dashes, dots, brackets and a leading 1 are taken out.
    """
    digits = re.sub(r"[\s().\-/+‐-–]", "", text)
    if not (digits.isascii() and digits.isdigit()):
        raise Unclear(
            "Write the telephone number as ten digits, like 9195555555, without letters or an extension."
        )
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    if len(digits) != 10:
        raise Unclear(f"Write the telephone number as ten digits, like 9195555555; this has {len(digits)}.")
    return digits


def read_zip(text: str, *, state: str) -> str:
    """A ZIP code, 99999 or 99999-9999. Raises Unclear.

    Zeros that Excel took from its beginning are put back where the state (two letters) has such codes.
    """
    found = _ZIP.fullmatch(text) if text.isascii() else None
    if not found and state in _ZERO_ZIP_STATES and text.isascii() and (short := _SHORT_ZIP.fullmatch(text)):
        found = _ZIP.fullmatch(short[1].zfill(5) + (short[2] or ""))
    if not found:
        raise Unclear("Write the ZIP code as five digits, like 27601, or nine, like 27601-1234.")
    return f"{found[1]}-{found[2]}" if found[2] else found[1]
