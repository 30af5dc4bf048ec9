"""Brings what was typed into the form in which it is kept, or refuses it with a reason."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from email_validator import EmailNotValidError, validate_email

from app.domain.enrollment.errors import FieldsRefused, Reason
from app.domain.enrollment.fields import Field
from app.domain.program.counties import county_by_name

MOST = 10_000_000
_ZIP = re.compile(r"(\d{5})[- ]?(\d{4})?", re.ASCII)
_NOT_DIGITS = re.compile(r"[\s().\-/+‐-–]")
_LINK = re.compile(r"://|\bwww\.", re.IGNORECASE)
_NOT_IN_NAMES = frozenset("/\\:@<>")
_TIME = r"(\d{1,2})(?::?(\d{2}))?\s*([ap]\.?m\.?)?"
_RANGE = re.compile(rf"{_TIME}\s*(?:-|–|—|to|until)\s*{_TIME}", re.IGNORECASE)
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'"})


class _Refused(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def clean(fields: Mapping[str, Field], typed: Mapping[str, Any]) -> dict[str, Any]:
    """The values by key as they are kept: text, lists of codes for kind `choices`; "" and [] where nothing was typed.

    Kept are: phone as ten digits, state as two letters, county as its FIPS code, hours as 08:00-12:00, numbers
    without commas. Raises FieldsRefused with every reason, and KeyError for a field that there is not.
    """
    values: dict[str, Any] = {}
    reasons: dict[str, Reason] = {}
    for key, value in typed.items():
        try:
            values[key] = clean_one(fields[key], value)
        except _Refused as refused:
            reasons[key] = refused.reason
    if reasons:
        raise FieldsRefused(reasons)
    return values


def check(field: Field, typed: Any) -> tuple[Any, Reason | None]:
    """One value as it is kept, or why it cannot be. For rows of a workbook, which name every mistake."""
    try:
        return clean_one(field, typed), None
    except _Refused as refused:
        return "", refused.reason


def clean_one(field: Field, typed: Any) -> Any:
    """One value as it is kept."""
    if field.kind == "choices":
        several = typed if isinstance(typed, list | tuple) else re.split(r"[;,]", typed or "")
        return sorted({_choice(field, part) for part in several if part.strip()}, key=_order(field))
    text = " ".join(str(typed or "").split())
    if not text:
        return ""
    if not text.isprintable():
        raise _Refused("malformed")
    value = _RULES[field.kind](field, text)
    if len(value) > field.longest:
        raise _Refused("too_long")
    return value


def _order(field: Field) -> Callable[[str], int]:
    codes = [entry.code for entry in field.choices.entries] if field.choices else []
    return codes.index


def _text(_field: Field, text: str) -> str:
    """Names of places stand in mails of the state: nobody puts an address of their own into one."""
    if _LINK.search(text):
        raise _Refused("link")
    return text


def _person(_field: Field, text: str) -> str:
    text = unicodedata.normalize("NFC", text.translate(_APOSTROPHES))
    if not any(letter.isalpha() for letter in text) or any(letter.isdigit() for letter in text):
        raise _Refused("malformed")
    if _LINK.search(text) or not _NOT_IN_NAMES.isdisjoint(text):
        raise _Refused("malformed")
    return text


def _initial(_field: Field, text: str) -> str:
    text = text.rstrip(".")
    if len(text) != 1 or not text.isalpha():
        raise _Refused("malformed")
    # A few letters have no capital of one sign (ß): they stay as they are.
    return capital if len(capital := text.upper()) == 1 else text


def _email(_field: Field, text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise _Refused("malformed") from error


def _phone(_field: Field, text: str) -> str:
    digits = _NOT_DIGITS.sub("", text)
    if len(digits) == 11:
        digits = digits.removeprefix("1")
    if not (len(digits) == 10 and digits.isascii() and digits.isdigit()):
        raise _Refused("malformed")
    return digits


def _zip(_field: Field, text: str) -> str:
    found = _ZIP.fullmatch(text)
    if found is None:
        raise _Refused("malformed")
    return f"{found[1]}-{found[2]}" if found[2] else found[1]


def _county(_field: Field, text: str) -> str:
    found = county_by_name(text)
    if found is None:
        raise _Refused("unknown")
    return found.fips


def _choice(field: Field, text: str) -> str:
    found = field.choices.find(text) if field.choices else None
    if found is None:
        raise _Refused("unknown")
    return str(found.code)


_WORDS = {
    "unknown": {"unknown", "unk", "not known"},
    "not_applicable": {"not applicable", "not_applicable", "n/a", "na"},
    "none": {"none", "no capacity", "no"},
}


def _number(field: Field, text: str) -> str:
    for word in field.words:
        if text.casefold() in _WORDS[word]:
            return word
    digits = text.replace(",", "").removesuffix(".0")
    if not (digits.isascii() and digits.isdigit()):
        raise _Refused("not_a_number")
    if int(digits) > MOST:
        raise _Refused("too_many")
    return str(int(digits))


def _hours(_field: Field, text: str) -> str:
    found = _RANGE.fullmatch(text)
    if found is None:
        raise _Refused("malformed")
    afternoon = _field.key.endswith("_pm")
    opens, closes = (_time(*found.groups()[part : part + 3], afternoon=afternoon) for part in (0, 3))
    if opens >= closes:
        raise _Refused("backwards")
    return f"{opens}-{closes}"


def _time(hour: str, minute: str | None, half: str | None, *, afternoon: bool) -> str:
    """A time of day as 24 hours. "1" means one o'clock in the afternoon where the afternoon is asked for."""
    hours, minutes = int(hour), int(minute or 0)
    mark = (half or "").lower()[:1]
    if mark and not 1 <= hours <= 12:
        raise _Refused("malformed")
    if mark:
        hours = hours % 12 + (12 if mark == "p" else 0)
    elif afternoon and 1 <= hours < 8 and len(hour) == 1:
        hours += 12
    if hours > 23 or minutes > 59:
        raise _Refused("malformed")
    return f"{hours:02}:{minutes:02}"


_RULES: dict[str, Callable[[Field, str], str]] = {
    "text": _text,
    "person": _person,
    "initial": _initial,
    "email": _email,
    "phone": _phone,
    "zip": _zip,
    "county": _county,
    "state": _choice,
    "choice": _choice,
    "number": _number,
    "hours": _hours,
}
