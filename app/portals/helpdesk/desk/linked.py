"""The records of a case as an agent sees them: what they are, and a page only where the agent's own grants open it."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import url_for
from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.accounts.access import Permission
from app.domain.helpdesk.errors import RecordUnknown
from app.domain.helpdesk.linked_records import LinkedRecord, linked_records
from app.web import context

if TYPE_CHECKING:
    from app.domain.helpdesk.models import Case

KINDS: dict[str, Any] = {"recipient": _l("Recipient"), "location": _l("Location"), "upload": _l("Upload")}


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """One line: its kind in words, what names it, and its page ("" where the agent may not open it)."""

    kind: Any
    name: str
    code: str
    url: str


def records_shown(case: "Case") -> list[ShownRecord]:
    """The lines of a case."""
    found = linked_records(context.db(), context.actor(), case)
    return [ShownRecord(KINDS[one.kind], one.name, one.code, _page_of(one)) for one in found]


def details_of(case: "Case") -> list[tuple[str, str]]:
    """What only this audience was asked: label and value."""
    given = case.details or {}
    day = given.get("birth_date")
    found = [(_("Date of birth"), format_date(date.fromisoformat(day)))] if day else []
    labels = {"county": _("County"), "vaccinated_at": _("Where vaccinated")}
    return found + [(label, given[name]) for name, label in labels.items() if name in given]


def why_unknown(refusal: RecordUnknown) -> str:
    """The sentence beside the code."""
    if refusal.guessing:
        return _("Too many codes were wrong. Wait fifteen minutes, and ask the caller to read the code slowly.")
    return _("No record has this code or PIN. Ask the caller to read it once more.")


def _page_of(record: LinkedRecord) -> str:
    who = context.actor()
    if record.kind == "recipient" and who.may(Permission.CLOSE_RECORDS, at=None):
        return url_for("state.person", person_id=record.record_id)
    needs, endpoint, names = _PAGES[record.kind]
    place = next((one for one in record.places if one in who.places(needs)), None)
    if place is None or record.place_kind not in ("", "location"):
        return ""
    own: dict[str, UUID] = {names: record.record_id} if names else {}
    return url_for(endpoint, location_id=place, **own)  # type: ignore[arg-type]


_PAGES: dict[str, tuple[Permission, str, str]] = {
    "recipient": (Permission.VIEW_RECIPIENTS, "provider.recipient_page", "recipient_id"),
    "location": (Permission.VIEW_CLINIC, "provider.clinic_day", ""),
    "upload": (Permission.UPLOAD_RECIPIENTS, "provider.upload", "upload_id"),
}
