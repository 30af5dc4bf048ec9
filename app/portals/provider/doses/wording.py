"""How the pages of one dose say what the domain decided."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.errors import Refusal
from app.domain.inventory.errors import BadValue, LotUnusable, NoDosesLeft
from app.domain.vaccinations.errors import (
    AlreadyOnRecord,
    BadDose,
    BadDoseTime,
    DoseChanged,
    NothingChanged,
    SamePerson,
    TicketExpired,
)
from app.portals.provider.clinic.wording import SITES
from app.web.filters import moment

SOURCES = {
    "card": _l("Vaccination card"),
    "registry": _l("Immunization registry"),
    "other_state": _l("Another state’s record"),
    "statement": _l("The person’s own statement"),
}
EVENTS = {
    "anaphylaxis": _l("Severe allergic reaction (anaphylaxis)"),
    "syncope": _l("Fainting"),
    "error": _l("Mistake in giving the dose"),
    "other": _l("Something else"),
}
STOCK = {
    "stock": _l("It is still there: back to stock"),
    "waste": _l("It was drawn or opened and cannot be used: waste"),
}
CHANGES = {
    "corrected": _l("Corrected"),
    "removed": _l("Removed"),
    "moved": _l("Moved to another person"),
    "entered": _l("Entered as given elsewhere"),
    "event": _l("Adverse event"),
    "doubled": _l("Counts no more: the same dose is on record twice"),
    "restored": _l("Counts again: the two records are of two people"),
}
_FACTS = {
    "product": _l("Vaccine"),
    "lot": _l("Lot"),
    "given_at": _l("Given"),
    "site": _l("Place on the body"),
    "given_by": _l("Given by"),
    "person": _l("Person"),
    "code": _l("Code"),
}
_FAULTS = {
    "future": _l("This is in the future. Check the day and the time"),
    "before_birth": _l("This is before the person’s birth. Check the day, and whether it is the right person"),
    "before_product": _l("Nobody got this vaccine so early. Check the day, or choose another vaccine"),
    "before_dose": _l("This is before the dose was given. Check the day and the time"),
}


def differences(details: dict[str, Any]) -> list[tuple[object, str, str]]:
    """What a change changed: label, before, after, as text."""
    before, after = details.get("before", {}), details.get("after", {})
    return [
        (label, _value(name, before.get(name)), _value(name, after.get(name)))
        for name, label in _FACTS.items()
        if before and after and before.get(name) != after.get(name)
    ]


def why(refusal: Refusal) -> tuple[str, str]:
    """The field of the form that a refusal is about (empty: the form as a whole), and what to do."""
    if isinstance(refusal, BadDose | BadValue):
        field = "waste_reason" if isinstance(refusal, BadValue) else refusal.field
        return {"product_id": "product"}.get(field, field), _("Check this")
    if isinstance(refusal, BadDoseTime):
        return "given_on", str(_FAULTS[refusal.fault])
    if isinstance(refusal, DoseChanged):
        return "", _("Somebody else changed this dose meanwhile. Look at it once more, then press the button again")
    sentences = {
        NoDosesLeft: ("lot", _("The last dose of this lot was taken. Choose another lot")),
        LotUnusable: ("lot", _("This lot could not be given on that day. Choose another lot, or correct the day")),
        NothingChanged: ("", _("Nothing is different. Change what is wrong, or cancel")),
        SamePerson: ("", _("The dose is on this person’s record already. Search for somebody else")),
        AlreadyOnRecord: ("given_on", _("A dose of that day is on record already. Check the day")),
        TicketExpired: ("", _("That search is too old. Please search again")),
    }
    return sentences[type(refusal)]


def _value(name: str, value: Any) -> str:
    if name == "given_at" and value:
        return moment(datetime.fromisoformat(value))
    return str(SITES.get(value, value)) if name == "site" else str(value or _("not known"))


def event_moment(details: dict[str, Any]) -> str:
    """When an adverse event was."""
    return moment(datetime.fromisoformat(details["happened_at"]))
