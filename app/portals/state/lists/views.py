"""Lists that people choose from: what is offered, other words, another place, the end of an entry, and the history."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.accounts.access import Permission
from app.domain.accounts.full_names import full_names
from app.domain.inventory import reasons
from app.domain.inventory.close_day import LAST_OF_DAY, PAST_USE
from app.domain.program import decide_list as deciding
from app.domain.program.conditions import CONDITIONS, NONE
from app.domain.program.decide_list import BadEntry, DecideEntry
from app.domain.program.demographics import DECLINED
from app.domain.program.industries import INDUSTRIES
from app.domain.program.living import Living
from app.portals.state.lists.forms import SECTORS, EntryForm
from app.portals.state.portal import portal
from app.web.answers import done, show
from app.web.context import actor, db, now, today
from app.web.forms import add_error

_CHANGE = Permission.CHANGE_SETTINGS


@dataclass(frozen=True, slots=True)
class Shown:
    """A list on the pages. `needed`: entries that the program itself counts on; `in_spanish`: recipients read it."""

    living: Living[Any]
    title: Any
    used: Any
    needed: frozenset[str]
    in_spanish: bool = False


_OTHER = frozenset({reasons.OTHER})
LISTS: Mapping[str, Shown] = {
    one.living.name: one
    for one in (
        Shown(INDUSTRIES, _l("Industries"), _l("Employers, registration, uploads"), _OTHER, in_spanish=True),
        Shown(CONDITIONS, _l("Health conditions"), _l("Registration"), frozenset({NONE, DECLINED}), in_spanish=True),
        Shown(reasons.WASTE_REASONS, _l("Reasons for waste"), _l("Inventory"), _OTHER | {LAST_OF_DAY, PAST_USE}),
        Shown(reasons.RETURN_REASONS, _l("Reasons for returns"), _l("Inventory"), _OTHER),
        Shown(reasons.TOTAL_REASONS, _l("Reasons for another total of a lot"), _l("Inventory"), _OTHER),
        Shown(reasons.EXPIRY_REASONS, _l("Reasons for another expiration date"), _l("Inventory"), _OTHER),
    )
}


@portal.page("/lists", needs=_CHANGE)
def lists_page() -> Response:
    """Every list, with how many entries it offers."""
    return show("state/lists/lists.html", lists=LISTS.items())


@portal.page("/lists/<name>", needs=_CHANGE)
def list_page(name: str) -> Response:
    """One list as it stands today, what is coming, and every decision."""
    shown = LISTS.get(name) or abort(404)
    history = deciding.history_of(db(), actor(), name)
    coming = [one for one in reversed(history) if one.effective_from > today()]
    offered = shown.living.entries
    codes = {entry.code for entry in offered}
    ended = [one for one in _known(shown, history).values() if one.code not in codes]
    return show(
        "state/lists/list.html", name=name, shown=shown, offered=offered, ended=ended, coming=coming, history=history,
        who=full_names(db(), (one.decided_by_id for one in history)), spanish=_spanish, sectors=SECTORS,
    )  # fmt: skip


@portal.action("/lists/<name>/new", needs=_CHANGE)
def new_list_entry(name: str) -> Response:
    """An entry that the list did not have."""
    shown = LISTS.get(name) or abort(404)
    form = EntryForm(data={"day": today(), "offered": True, "place": str(len(shown.living.entries) + 1)})
    del form.offered
    if not hasattr(shown.living.first[0], "sector"):
        del form.sector
    return _entry_page(shown, form, "")


@portal.action("/lists/<name>/<code>", needs=_CHANGE)
def list_entry(name: str, code: str) -> Response:
    """One entry: its words, its place, its end."""
    shown = LISTS.get(name) or abort(404)
    entry = _known(shown, deciding.history_of(db(), actor(), name)).get(code) or abort(404)
    codes = [one.code for one in shown.living.entries]
    place = codes.index(code) + 1 if code in codes else len(codes) + 1
    form = EntryForm(
        data={"label": entry.label, "label_es": _spanish(entry), "place": str(place), "offered": code in codes or not codes,
              "day": today()},
    )  # fmt: skip
    del form.sector
    return _entry_page(shown, form, code)


def _entry_page(shown: Shown, form: EntryForm, code: str) -> Response:
    if form.submitted() and form.day.data:
        place = (form.place.data or "").strip()
        command = DecideEntry(
            code=code, label=form.label.data or "", label_es=form.label_es.data or "",
            place=int(place) if place.isascii() and place.isdigit() else 0,
            offered=bool(form.offered.data) if "offered" in form else True, effective_from=form.day.data,
            sector=form.sector.data or "" if "sector" in form else "", in_spanish=shown.in_spanish, needed=shown.needed,
        )  # fmt: skip
        try:
            deciding.decide_entry(db(), actor(), shown.living, command, today=today(), now=now())
        except BadEntry as refusal:
            add_error(form[refusal.field], _why(refusal))
        else:
            return done(url_for("state.list_page", name=shown.living.name), _("The list is changed."))
    return show("state/lists/entry.html", form=form, shown=shown, code=code)


def _known(shown: Shown, history: list[Any]) -> dict[str, Any]:
    """Every entry there is, was or will be, by code."""
    oldest_first = sorted(history, key=lambda one: (one.effective_from, one.id))
    return {entry.code: entry for entry in shown.living.decided_by(oldest_first).known.entries}


def _spanish(entry: Any) -> str:
    """The Spanish of an entry: the state's own words, else the catalogue's; empty where there is none."""
    if entry.label_es:
        return str(entry.label_es)
    with force_locale("es"):
        translated = str(_(entry.label))
    return "" if translated == entry.label else translated


def _why(refusal: BadEntry) -> str:
    sentences = {
        "missing": _("Fill this in: people read it"),
        "too_long": _("Use %(most)d characters or fewer", most=deciding.LONGEST),
        "malformed": _("There are characters here that cannot be seen. Type the text again"),
        "taken": _("Another entry of this list has or had this name. Choose other words"),
        "unknown": _("Choose one from the list"),
        "past": _("This day is past. A change holds from today on or later"),
        "needed": _("The program needs this entry. It can be renamed, not ended"),
        "out_of_range": _("Enter a number from 1 to %(most)d", most=refusal.most),
    }
    return sentences.get(refusal.reason, _("Check this"))
