"""How both sides of an enrollment read it: stages, fields, answers, roles and acts in words."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.enrollment import fields
from app.domain.enrollment.fields import Field
from app.domain.enrollment.lists import UNIT_KINDS
from app.web.filters import hours, phone

STAGES: dict[str, tuple[str, Any]] = {
    "section_a": ("neutral", _l("Section A is being filled in")),
    "locations": ("neutral", _l("Section B is being filled in")),
    "signatures": ("info", _l("Waiting for signatures")),
    "submitted": ("info", _l("Under review")),
    "returned": ("warning", _l("Returned for correction")),
    "approved": ("success", _l("Approved")),
    "denied": ("error", _l("Denied")),
    "updating": ("neutral", _l("Being updated")),
    "disenrolled": ("neutral", _l("No longer enrolled")),
    "not_started": ("neutral", _l("Not started")),
    "draft": ("neutral", _l("Being filled in")),
    "complete": ("info", _l("Complete")),
    "removed": ("neutral", _l("Removed")),
}
WHO = {
    "administrator": _l("Organization Administrator"),
    "coordinator": _l("Vaccine Coordinator"),
    "ceo": _l("Chief Executive Officer"),
    "cmo": _l("Chief Medical Officer"),
    "state": _l("The state"),
}
DOCUMENTS = {
    "provider_agreement": _l("Provider agreement"),
    "redistribution_agreement": _l("Redistribution agreement"),
    "storage_attestation": _l("Storage and Handling Attestation"),
}
NOT_ANSWERS = {
    "locations": _l("Locations"),
    "storage_units": _l("Storage units"),
    "pictures": _l("Pictures of the storage units"),
    "providers": _l("Practising providers"),
    "receiving": _l("Receiving hours"),
}
STEPS = {
    "organization": _l("Organization"),
    "administrator": _l("Organization Administrator"),
    "redistribution": _l("Redistribution"),
    "cmo": _l("Chief Medical Officer"),
    "ceo": _l("Chief Executive Officer"),
    "location": _l("Location and Vaccine Coordinator"),
    "location_details": _l("The location"),
    "backup": _l("Backup Vaccine Coordinator"),
    "shipping": _l("Shipping"),
    "hours": _l("Receiving hours"),
    "patients": _l("Patients"),
    "storage": _l("Storage capacity"),
    "manager": _l("First Location Manager"),
    "official": _l("For official use"),
}
NUMBER_WORDS = {
    "unknown": _l("Not known"), "not_applicable": _l("Does not apply"), "none": _l("No capacity"),
}  # fmt: skip
ACTS = {
    "start": _l("Registered"),
    "complete_section_a": _l("Section A was completed"),
    "ask_signatures": _l("The officers were asked to sign"),
    "take_up_locations": _l("A location is being filled in again"),
    "take_up_corrections": _l("Corrections were taken up"),
    "take_up_update": _l("The update was taken up again"),
    "submit": _l("Submitted to the state"),
    "return": _l("Returned for correction"),
    "approve": _l("Approved"),
    "deny": _l("Denied"),
    "reopen": _l("Opened again"),
    "begin_update": _l("An update was begun"),
    "cancel_update": _l("The update was given up"),
    "disenroll": _l("Disenrolled"),
    "add": _l("A location was added"),
    "begin": _l("Section B was begun"),
    "edit": _l("Section B was changed"),
    "edit_update": _l("The update was changed"),
    "complete_section_b": _l("Section B was completed"),
    "remove": _l("The location was removed"),
    "sign": _l("Signed"),
}


def label_of(key: str, *, of_location: bool = False) -> str:
    """What a field, a list or a signature is called, by its key."""
    if key.startswith("signature:"):
        return _("Signature: %(document)s", document=DOCUMENTS.get(key.removeprefix("signature:"), key))
    if key in NOT_ANSWERS:
        return str(NOT_ANSWERS[key])
    tables = (fields.OF_LOCATION, fields.OF_ENROLLMENT)
    for table in tables if of_location else tables[::-1]:
        if key in table:
            return _(table[key].label)
    return key


def in_words(field: Field, answer: Any) -> str:
    """An answer as one reads it; empty where there is none."""
    if not answer:
        return ""
    if isinstance(answer, list):
        return ", ".join(_choice(field, code) for code in answer)
    if answer in field.words:
        return str(NUMBER_WORDS.get(answer, answer))
    if field.kind == "phone":
        return phone(answer)
    if field.kind == "hours":
        return hours(answer)
    return _choice(field, answer)


def unit_kind(code: str) -> str:
    """What sort of refrigerator or freezer."""
    found = UNIT_KINDS.by_code(code)
    return _(found.label) if found else code


def _choice(field: Field, code: str) -> str:
    found = field.choices.by_code(code) if field.choices else None
    return _(found.label) if found else str(code)
