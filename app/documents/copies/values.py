"""What the codes of a copy mean, for who reads the workbook; the data keeps them as the program does."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from app.documents.copies.words import COLUMNS
from app.documents.paper.questions import QUESTIONS
from app.documents.paper.words import OF_LISTS, WORDS
from app.domain.program.counties import county_by_fips

_ON_PAPER = frozenset({"gender", "races", "ethnicity", "site"})
"""Columns whose codes have their words on the paper forms, in both languages."""
_HOW = {
    "upload": _l("By a list that was uploaded"),
    "walk-in": _l("At a clinic"),
    "visit": _l("By a visit"),
    "merge": _l("Because two records were joined"),
    "self": _l("By yourself"),
    "guardian": _l("By a parent or guardian"),
    "paper": _l("From paper"),
    "staff": _l("By staff"),
    "mailbox": _l("By whoever reads the mailbox"),
    "page": _l("On the page"),
    "mail": _l("By the link in a mail"),
}
_STATUS = {
    "arrived": _l("Arrived"),
    "screened": _l("Questions answered"),
    "vaccinated": _l("Vaccinated"),
    "left": _l("Left without a dose"),
    "completed": _l("Given"),
    "new": _l("Sent"),
    "open": _l("Being worked on"),
    "awaiting_info": _l("Waits for your answer"),
    "resolved": _l("Answered"),
    "closed": _l("Closed"),
}
_WITHDRAWN = {"replaced": _l("A newer one took its place"), "corrected": _l("Something in the record was corrected")}
_PORTALS = {
    "recipient": _l("Recipient"),
    "guardian": _l("Parent or guardian"),
    "provider": _l("Vaccine providers"),
    "organization": _l("Employers"),
    "enrollment": _l("Enrollment of providers"),
    "helpdesk": _l("Help Desk"),
    "state": _l("State"),
}
CODES: dict[str, Mapping[str, Any]] = {
    "status": _STATUS,
    "source": _HOW,
    "how": _HOW,
    "revoked_because": _WITHDRAWN,
    "realm": _PORTALS,
    "role": _PORTALS,
    "fate": {"created": _l("Taken on"), "present": _l("On record already")},
    "kind": {
        "due": _l("A dose is due"),
        "overdue": _l("A dose is overdue"),
        "corrected": _l("Corrected"),
        "removed": _l("Removed"),
        "moved": _l("Moved to another record"),
        "entered": _l("Entered"),
        "event": _l("Something happened after it"),
    },
    "relation": {"parent": _l("Parent"), "guardian": _l("Legal guardian")},
    "language": {"en": "English", "es": "Español"},
    "route": {"C28161": _l("Into the muscle")},
    "paper": {"letter": _l("Letter"), "a4": "A4", "wallet": _l("For the wallet")},
}
_ANSWERS = {"yes": _l("Yes"), "no": _l("No"), "unknown": _l("Not known")}


def in_words(column: str, value: Any, zone: ZoneInfo) -> str:
    """A value of a column as somebody reads it who knows no program; a code that has no words stays what it is.

    Lists have commas, pairs colons. Moments are told in the zone.
    """
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, Mapping):
        pairs = ((key, one) for key, one in value.items() if one not in (None, "", [], {}))
        return "; ".join(f"{_name(key)}: {in_words(key, one, zone)}" for key, one in pairs)
    if isinstance(value, list | tuple):
        return ", ".join(in_words(column, one, zone) for one in value)
    if isinstance(value, bool):
        return str(_ANSWERS["yes" if value else "no"])
    return "" if value is None else _word(column, str(value))


def _name(key: str) -> str:
    """Of a question, or of a detail."""
    if key in QUESTIONS:
        return QUESTIONS[key][_language()]
    return str(COLUMNS.get(key, key))


def _word(column: str, code: str) -> str:
    if column in _ON_PAPER:
        words = WORDS.get(OF_LISTS.get(code, code))
        return words[_language()] if words else code
    if column == "county_fips":
        county = county_by_fips(code)
        return county.name if county else code
    return str(CODES.get(column, _ANSWERS).get(code, code))


def _language() -> int:
    """The place of the reader's words in the pairs of the paper forms."""
    return 1 if str(get_locale() or "en").startswith("es") else 0
