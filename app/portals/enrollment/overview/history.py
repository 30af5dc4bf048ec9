"""What happened to an enrollment, in plain words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.domain.accounts.sessions import load_account
from app.web import context
from app.web.enrollment_words import DOCUMENTS, WHO, label_of

_BY_STATE = {"return", "approve", "approve_section_a", "deny", "deny_section_a", "deny_update", "reopen", "disenroll"}
_BY_ITSELF = {"ask_signatures", "take_up_locations", "take_up_corrections", "take_up_update", "submit", "remind"}
_UNTOLD = {"set_official"}
_OF_ENROLLMENT: dict[str, Any] = {
    "start": _l("The enrollment was begun"),
    "edit": _l("Section A was changed"),
    "complete_section_a": _l("Section A was completed"),
    "ask_signatures": _l("Everything is filled in: the officers are asked to sign"),
    "take_up_locations": _l("Something was changed, so a section must be completed again"),
    "take_up_corrections": _l("Something was changed, so a section must be completed again"),
    "take_up_update": _l("Something was changed, so a section must be completed again"),
    "submit": _l("The application was submitted to the state"),
    "return": _l("Returned for correction"),
    "approve": _l("The enrollment was approved"),
    "approve_section_a": _l("The update of Section A was approved"),
    "deny": _l("The application was denied"),
    "deny_section_a": _l("The update of Section A was denied"),
    "reopen": _l("The application was opened again"),
    "begin_update": _l("An update was begun"),
    "cancel_update": _l("The update was given up"),
    "disenroll": _l("The organization was disenrolled"),
    "remind": _l("A reminder was sent"),
}
_OF_LOCATION: dict[str, Any] = {
    "add": _l("The location was added"),
    "begin": _l("Section B was begun"),
    "edit": _l("The location was changed"),
    "edit_update": _l("The location was changed"),
    "complete_section_b": _l("Section B was completed"),
    "return": _l("Returned for correction"),
    "approve": _l("The location was approved"),
    "deny": _l("The location was denied"),
    "deny_update": _l("The update of the location was denied"),
    "reopen": _l("The location was opened again"),
    "begin_update": _l("An update of the location was begun"),
    "cancel_update": _l("The update of the location was given up"),
    "remove": _l("The location was taken out"),
    "disenroll": _l("The location was disenrolled"),
    "remind": _l("A reminder was sent"),
}


class Event(Protocol):
    """One step, as it was noted."""

    @property
    def at(self) -> datetime: ...
    @property
    def act(self) -> str: ...
    @property
    def enrolled_location_id(self) -> UUID | None: ...
    @property
    def by_id(self) -> UUID | None: ...
    @property
    def why(self) -> str: ...
    @property
    def facts(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history."""

    at: datetime
    what: str
    location: str
    who: str
    why: str


def in_words(events: Iterable[Event], locations: Mapping[UUID, str], *, everything: bool) -> list[Line]:
    """The lines, newest first. `locations` are the names of those that the reader may see.

    Unless `everything`, what concerns other locations is left out. Changes of one thing by one person after another
    are one line.
    """
    lines: list[Line] = []
    names: dict[UUID, str] = {}
    last: tuple[Any, ...] | None = None
    for event in events:
        what = _what(event)
        place = event.enrolled_location_id
        key = (event.act, place, event.by_id)
        if not what or (place and place not in locations and not everything) or (key == last and event.act == "edit"):
            continue
        last = key
        name = locations.get(place, _("a location that was taken out")) if place else ""
        lines.append(Line(event.at, what, name, _who(event, names), event.why))
    return lines


def _what(event: Event) -> str:
    facts = event.facts or {}
    if event.act in _UNTOLD:
        return ""
    if event.act == "import_locations":
        return ngettext("%(num)s location was added by workbook", "%(num)s locations were added by workbook",
                        int(facts.get("locations", 0)))  # fmt: skip
    if event.act == "sign":
        document = DOCUMENTS.get(str(facts.get("document", "")), _("A document"))
        return _("Signed: %(document)s", document=document)
    if event.act == "settle_correction":
        label = label_of(str(facts.get("field", "")), of_location=event.enrolled_location_id is not None)
        return _("Said to be right as it is: %(field)s", field=label)
    words = (_OF_LOCATION if event.enrolled_location_id else _OF_ENROLLMENT).get(event.act)
    return str(words) if words else ""


def _who(event: Event, names: dict[UUID, str]) -> str:
    if event.act in _BY_STATE:
        return str(WHO["state"])
    if event.act in _BY_ITSELF or event.by_id is None:
        return ""
    if event.by_id not in names:
        account = load_account(context.db(), event.by_id)
        names[event.by_id] = account.full_name if account else ""
    return names[event.by_id]
