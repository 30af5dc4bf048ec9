"""Values as people typed them into REDCap: what can be understood is put right, the rest is left out and said."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from app.domain.enrollment.fields import Field
from app.domain.enrollment.lists import UNKNOWN
from app.domain.enrollment.row_fields import about
from app.domain.enrollment.values import check

NOTHING = frozenset({
    "", "n/a", "na", "n.a.", "none", "-", "--", "–", "—", ".", "?", "unknown", "unk", "null", "tbd", "not applicable",
    "not available", "xxx",
})  # fmt: skip
"""What people write (in lower case) where they have no answer."""

CHECKED = frozenset({"1", "checked", "yes", "y", "true", "x"})

_PERSONAL = frozenset({"person", "initial", "email", "phone"})  # not to be quoted in a report

_ABOUT = re.compile(
    r"(?:~|≈|approx\.?|approximately|about|around|ca\.?|est\.?)?\s*(\d[\d,]*)(?:\.0+)?\s*(?:\+|vials?|mdvs?)?", re.I
)
_EXTENSION = re.compile(r"[\s,;]*(?:x|ext\.?|extension)\s*\d+\.?$", re.IGNORECASE)
_LEADING_NAME = re.compile(r"(?:dr|mr|mrs|ms)\.?\s+", re.IGNORECASE)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_TIME_OF_DAY = re.compile(r"[ T]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?\s*(?:[AP]M|Z)?$", re.IGNORECASE)
_DATES = ("%Y-%m-%d", "%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y", "%m-%d-%y", "%Y/%m/%d", "%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y",
          "%d-%b-%Y", "%d-%b-%y", "%Y%m%d")  # fmt: skip


def read_value(field: Field, text: str) -> tuple[Any, str]:
    """The value as it is kept ("" when there is none to keep), and what to say about it ("" when nothing)."""
    text = " ".join(text.split())
    said_nothing = text.casefold() in NOTHING
    if said_nothing and not _is_answer(field, text):
        return "", "" if text in {"", "."} or not field.required else f"“{text}” is no answer; left empty."
    put_right = _PUT_RIGHT.get(field.kind, _as_it_is)(field, text)
    value, reason = check(field, put_right)
    if reason == "unknown":
        return "", f"Left empty: “{text[:40]}” is not in the list."
    if reason:
        return "", f"Left empty. {about(field, reason, text)}"
    if put_right == text or text.isdigit():
        return value, ""
    if field.kind in _PERSONAL:
        return value, "Shortened to what belongs here."
    return value, f"“{text[:40]}” is taken as “{put_right}”."


def read_date(text: str) -> tuple[date | None, str]:
    """A day in any form that people and Excel write, month first; its time of day is dropped."""
    text = " ".join(text.replace(",", " ").split())
    if text.casefold() in NOTHING:
        return None, ""
    if found := _SERIAL.fullmatch(text):
        return date(1899, 12, 30) + timedelta(days=int(found[1])), ""
    day = _TIME_OF_DAY.sub("", text)
    for form in _DATES:
        try:
            return datetime.strptime(day, form).date(), ""  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None, "Left empty. Write the day like 2020-12-05 or 12/05/2020."


def _is_answer(field: Field, text: str) -> bool:
    """True where "Unknown" or "N/A" is one of the answers that the question has."""
    if field.kind == "number":
        return not check(field, text)[1]
    return field.choices is not None and field.choices.find(text) is not None


def _as_it_is(_field: Field, text: str) -> str:
    return text


def _choice(field: Field, text: str) -> str:
    """Raw exports have the number of the answer where labelled ones have its words."""
    assert field.choices is not None
    if field.choices.find(text):
        return text
    if not (text.isascii() and text.isdigit()):
        # Of "MD, FACP" the first.
        first = re.split(r"[,/;]", text)[0].strip()
        return first if field.choices.find(first) else text
    place = int(text) - 1
    return str(field.choices.entries[place].code) if 0 <= place < len(field.choices.entries) else text


def _number(field: Field, text: str) -> str:
    if not check(field, text)[1]:
        return text
    if "capacity" in text.casefold() or text.casefold() in {"zero", "no"}:
        return "none" if "none" in field.words else "0"
    if text.casefold().startswith("unk") and UNKNOWN in field.words:
        return UNKNOWN
    found = _ABOUT.fullmatch(text)
    return found[1].replace(",", "") if found else text


def _phone(_field: Field, text: str) -> str:
    return _EXTENSION.sub("", text)


def _email(_field: Field, text: str) -> str:
    """Of several addresses the first."""
    parts = [part for part in re.split(r"[;,/\s<>]+|\bor\b|\band\b", text) if "@" in part]
    return parts[0].removeprefix("mailto:").rstrip(".") if parts else text


def _person(_field: Field, text: str) -> str:
    return _LEADING_NAME.sub("", text)


def _initial(_field: Field, text: str) -> str:
    """Of a middle name its first letter."""
    return text[0] if text.replace(".", "").isalpha() else text


_PUT_RIGHT: dict[str, Callable[[Field, str], str]] = {
    "choice": _choice,
    "number": _number,
    "phone": _phone,
    "email": _email,
    "person": _person,
    "initial": _initial,
}
