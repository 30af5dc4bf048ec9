"""Details, reasons and likeness in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.program.counties import COUNTIES
from app.domain.program.demographics import ETHNICITIES, GENDERS, RACES
from app.domain.program.industries import INDUSTRIES
from app.domain.recipients.likeness import EQUAL, NEAR, OTHER
from app.domain.recipients.merging.fields import FIELDS
from app.domain.recipients.registration import LANGUAGES
from app.web.filters import day, moment, phone

if TYPE_CHECKING:
    from app.domain.recipients.models import Recipient

NAMES = {
    "first_name": _l("First name"),
    "middle_name": _l("Middle name"),
    "last_name": _l("Last name"),
    "suffix": _l("Suffix"),
    "birth_date": _l("Date of birth"),
    "email": _l("E-mail"),
    "phone": _l("Phone"),
    "address": _l("Address"),
    "gender": _l("Gender"),
    "races": _l("Race"),
    "ethnicity": _l("Ethnicity"),
    "language": _l("Language"),
    "industry": _l("Industry"),
    "employer": _l("Employer"),
    "answers": _l("Answers of the registration"),
}
DETAILS = {
    "first name": _l("first name"),
    "last name": _l("last name"),
    "birth date": _l("date of birth"),
    "e-mail": _l("e-mail"),
    "phone": _l("phone"),
    "street": _l("street"),
    "ZIP code": _l("ZIP code"),
    "city": _l("city"),
}
AGREEMENT = {
    EQUAL: ("success", _l("Same")),
    NEAR: ("info", _l("Nearly the same")),
    OTHER: ("warning", _l("Different")),
    "": ("neutral", _l("Known on one side only")),
}
SOURCES = {
    "upload": _l("from an upload"),
    "walk-in": _l("made at a clinic"),
    "self": _l("registered without invitation"),
    "guardian": _l("made by a guardian"),
    "paper": _l("entered from paper"),
}
LISTED_HOW = {
    "upload": _l("by an upload"),
    "walk-in": _l("as a walk-in"),
    "visit": _l("by a visit"),
    "merge": _l("because two records were joined"),
}
FATES = {
    "created": _l("made this record"),
    "present": _l("was on record already"),
    "held": _l("waits for a decision"),
}
HOW_JOINED = {
    "staff": _l("by staff"),
    "mailbox": _l("by whoever reads the mailbox on record"),
    "guardian": _l("with a guardian’s record of the child"),
    "earlier": _l("before it was kept by whom"),
}
_VERY_LIKELY, _LIKELY = 34, 25


@dataclass(frozen=True, slots=True)
class Line:
    """One detail on both sides, and how it agrees: a kind of tag and its words."""

    label: str
    left: str
    right: str
    kind: str
    words: str


def likelihood(points: int) -> str:
    """How alike two records are."""
    if points >= _VERY_LIKELY:
        return _("Very likely the same person")
    return _("Likely the same person") if points >= _LIKELY else _("Perhaps the same person")


def why(agreement: Mapping[str, str]) -> str:
    """Which details agree and which do not."""
    told = []
    for how, words in ((EQUAL, _("same")), (NEAR, _("nearly the same")), (OTHER, _("different"))):
        names = [str(DETAILS[name]) for name, found in agreement.items() if found == how and name in DETAILS]
        if names:
            told.append(_("%(how)s: %(details)s", how=words, details=", ".join(names)))
    return "; ".join(told)


def value(record: "Recipient", name: str, employer: str = "") -> str:
    """A detail of FIELDS of one record in words; "" where it tells nothing."""
    plain = {
        "birth_date": lambda: day(record.birth_date),
        "phone": lambda: phone(record.phone),
        "address": lambda: _address(record),
        "gender": lambda: label(GENDERS, record.gender),
        "races": lambda: ", ".join(label(RACES, code) for code in record.races),
        "ethnicity": lambda: label(ETHNICITIES, record.ethnicity),
        "language": lambda: label(LANGUAGES, record.language),
        "industry": lambda: label(INDUSTRIES, record.industry),
        "employer": lambda: employer,
        "answers": lambda: _answers(record),
    }
    return str(plain[name]() if name in plain else getattr(record, name) or "")


def compare(left: "Recipient", right: "Recipient", agreement: Mapping[str, str], employers: Mapping[Any, str]) -> list[Line]:
    """All details that one of the two tells, in the order of FIELDS."""
    of_detail = {"first_name": "first name", "last_name": "last name", "birth_date": "birth date", "email": "e-mail"}
    lines = []
    for name in FIELDS:
        mine = value(left, name, employers.get(left.organization_id, ""))
        theirs = value(right, name, employers.get(right.organization_id, ""))
        if not mine and not theirs:
            continue
        how = agreement.get(of_detail.get(name, name), "")
        if mine and theirs:
            how = EQUAL if mine.casefold() == theirs.casefold() else OTHER if how in (OTHER, "") else NEAR
        else:
            how = ""
        kind, words = AGREEMENT[how]
        lines.append(Line(str(NAMES[name]), mine, theirs, kind, str(words)))
    return lines


def label(choices: Any, code: str | None) -> str:
    """The words for a code of a list; "" for none."""
    entry = choices.by_code(code) if code else None
    return str(entry.label) if entry else ""


def _address(record: "Recipient") -> str:
    lines = (record.street, record.street_2, record.city, label(COUNTIES, record.county_fips), record.state_abbr)
    return ", ".join(part for part in (*lines, record.zip) if part)


def _answers(record: "Recipient") -> str:
    if record.registered_at is not None:
        return _("Registered on %(when)s", when=moment(record.registered_at))
    return _("Begun, and not sent") if record.answers else ""
