"""A held row beside the record that it looks like, in words, and the question whether they are one person.

Whoever decides came by a name and a birth date alone, so the ways to reach the person on record are shown in part.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired

from app.domain.recipients.recipient_rows import RecipientRow
from app.infra.search import fold
from app.web.filters import day, phone
from app.web.forms import Form, choices

if TYPE_CHECKING:
    from app.domain.recipients.models import Recipient
    from app.domain.uploads.models import UploadRow


class DecisionForm(Form):
    """One question."""

    person = RadioField(
        _l("Are these the same person?"),
        [InputRequired(_l("Choose one of the two"))],
        choices=choices([("same", _l("Yes, the same person")), ("different", _l("No, a different person"))]),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One detail on both sides; `agrees` is None where a side does not know it."""

    label: str
    sent: str
    kept: str
    agrees: bool | None


def compare(person: RecipientRow, record: "Recipient") -> list[Line]:
    """The details that tell people apart, names first; those that neither side knows are left out."""
    lines = [
        _line(_("First name"), person.first_name, record.first_name),
        _line(_("Middle name"), person.middle_name, record.middle_name),
        _line(_("Last name"), person.last_name, record.last_name),
        _line(_("Suffix"), person.suffix, record.suffix),
        _line(_("Date of birth"), day(person.birth_date), day(record.birth_date)),
        _line(_("City"), person.city, record.city),
        _line(_("ZIP code"), person.zip[:5], record.zip[:5]),
    ]
    email, number = record.email or "", record.phone
    same_mail, same_number = email.casefold() == person.email.casefold(), number == person.phone
    lines += [
        Line(_("E-mail"), person.email, email if same_mail else _part_of_mail(email), _agrees(person.email, email, same_mail)),
        Line(
            _("Phone"), phone(person.phone), phone(number) if same_number else _part_of_phone(number),
            _agrees(person.phone, number, same_number),
        ),
    ]  # fmt: skip
    return [line for line in lines if line.sent or line.kept]


def why_held(row: "UploadRow") -> str:
    """Why a row was held, from the keys that matching noted."""
    words = {
        "name": _("same name"),
        "birth date": _("same birth date"),
        "sounds alike": _("name sounds alike"),
        "day and month exchanged": _("day and month of birth exchanged"),
        "other e-mail": _("another e-mail address"),
        "other phone": _("another phone number"),
        "other ZIP code": _("another ZIP code"),
    }
    return ", ".join(words.get(reason, reason) for _address, _column, reason, _key in row.mistakes or [])


def _line(label: str, sent: str, kept: str) -> Line:
    return Line(label, sent, kept, _agrees(sent, kept, fold(sent) == fold(kept)))


def _agrees(sent: str, kept: str, equal: bool) -> bool | None:
    return equal if sent and kept else None


def _part_of_mail(address: str) -> str:
    name, _at, domain = address.partition("@")
    return f"{name[:1]}•••@{domain}" if domain else ""


def _part_of_phone(digits: str) -> str:
    return f"(•••) •••-{digits[-4:]}" if digits else ""
