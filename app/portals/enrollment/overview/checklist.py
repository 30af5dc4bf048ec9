"""The checklists of a person's roles in words, each entry with a link to where it is done."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Protocol
from uuid import UUID

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.enrollment import fields
from app.domain.enrollment.fields import Answers
from app.domain.enrollment.progress import ChecklistItem
from app.web.enrollment_words import WHO

_WORDS: dict[str, Any] = {
    "register": _l("Register"),
    "organization": _l("The organization, and how to reach you"),
    "redistribution": _l("Redistribution: yes or no"),
    "locations": _l("All locations, each with its Vaccine Coordinator"),
    "ceo": _l("The Chief Executive Officer"),
    "cmo": _l("The Chief Medical Officer"),
    "corrections": _l("What the state asked to be corrected"),
    "section_a": _l("Check Section A and complete it"),
    "section_b": _l("The questions of Section B"),
    "pictures": _l("Storage units, with two pictures of each"),
    "providers": _l("Practising providers"),
    "complete": _l("Check Section B and complete it"),
    "provider_agreement": _l("Read and sign the provider agreement"),
    "redistribution_agreement": _l("Read and sign the redistribution agreement"),
    "storage_attestation": _l("Read and sign the Storage and Handling Attestation"),
}
_AT_LOCATION = {
    "section_b": "enrollment.section_b",
    "pictures": "enrollment.units",
    "providers": "enrollment.providers",
    "complete": "enrollment.section_b_review",
}


class Applied(Protocol):
    """An enrollment, as far as it matters here."""

    @property
    def id(self) -> UUID: ...
    @property
    def answers(self) -> Answers: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to do: `state` done, open or later; `url` where it is done, empty where there is nothing to open."""

    label: Any
    state: str
    url: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """What one role has to do; of a Vaccine Coordinator, at one location."""

    role: Any
    location_name: str
    entries: list[Entry]

    @property
    def done(self) -> int:
        """How many entries are done."""
        return sum(entry.state == "done" for entry in self.entries)

    @property
    def next(self) -> Entry | None:
        """What to do now."""
        return next((entry for entry in self.entries if entry.state == "open" and entry.url), None)


def in_words(items: list[ChecklistItem], enrollment: Applied) -> list[Checklist]:
    """The checklists, one for each role and location, in order."""
    return [Checklist(WHO[who], name, list(_entries(some, enrollment)))
            for (who, _id, name), some in groupby(items, lambda item: (item.who, item.enrolled_location_id, item.location_name))]  # fmt: skip


def url_if_there(endpoint: str, **arguments: Any) -> str:
    """The address of a page, or nothing where this installation does not have it."""
    return url_for(endpoint, **arguments) if endpoint in current_app.view_functions else ""


def _entries(items: Any, enrollment: Applied) -> Iterator[Entry]:
    for item in items:
        yield Entry(_WORDS[item.key], item.state, "" if item.state == "later" else _url(item, enrollment))


def _url(item: ChecklistItem, enrollment: Applied) -> str:
    here: dict[str, Any] = {"enrollment_id": enrollment.id}
    if item.key == "register":
        return ""
    if item.key == "corrections":
        return "#corrections"
    if item.who == "administrator":
        return _administrators_url(item.key, enrollment)
    if item.key in _AT_LOCATION:
        return url_if_there(_AT_LOCATION[item.key], **here, enrolled_location_id=item.enrolled_location_id)
    return url_if_there("enrollment.agreements", **here)


def _administrators_url(key: str, enrollment: Applied) -> str:
    here: dict[str, Any] = {"enrollment_id": enrollment.id}
    if key in {"locations", "section_a"}:
        return url_for("enrollment.locations" if key == "locations" else "enrollment.section_a", **here)
    if key == "organization" and not fields.unanswered(fields.fields_of("a", key), enrollment.answers):
        key = "administrator"
    return url_for("enrollment.section_a_step", step=key, **here)


def stage_sentence(status: str, *, administrator: bool) -> str:
    """What happens at this stage, to whoever has a part in it."""
    if status == "section_a":
        return (
            _("Fill in Section A. When it is complete, the Vaccine Coordinators of your locations are invited by mail.")
            if administrator
            else _("The Organization Administrator fills in Section A.")
        )
    return {
        "locations": _("The Vaccine Coordinators fill in and sign Section B for their locations."),
        "signatures": _("Everything is filled in. The CEO and the CMO sign for all locations."),
        "submitted": _(
            "The state looks at the application. There is nothing for you to do; a mail tells you the result."
        ),
        "returned": _("The state asked for corrections. Everything you entered is still here."),
        "approved": _("The organization is enrolled. The approved locations can receive vaccine."),
        "denied": _("The state did not approve this application. The reason is below."),
        "updating": _("Changes are being prepared. What was approved stays in force until the state approves them."),
        "disenrolled": _("This organization is no longer enrolled."),
    }[status]
