"""One enrollment: its stage, what is the reader's to do, who is awaited, and what happened; updates of what is approved."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.accounts.access import Actor, Permission
from app.domain.enrollment import fields, states
from app.domain.enrollment.corrections import settle_correction
from app.domain.enrollment.errors import NotNow
from app.domain.enrollment.progress import awaited, checklist
from app.domain.enrollment.queries import events_of, get_enrollment, list_locations, my_locations
from app.domain.enrollment.settle import open_for_section_a, open_for_section_b
from app.domain.enrollment.update import BeginUpdate, begin_update, cancel_update
from app.portals.enrollment.overview import history
from app.portals.enrollment.overview.checklist import in_words, stage_sentence, url_if_there
from app.portals.enrollment.portal import portal
from app.portals.enrollment.start.forms import EmptyForm
from app.web import context
from app.web.answers import done, go, show
from app.web.enrollment_words import STAGES, WHO, label_of

PLACE = "/<uuid:enrollment_id>"
_VIEW, _EDIT = Permission.VIEW_ENROLLMENT, Permission.EDIT_SECTION_A
_ROAD = {
    "section_a": _l("Section A"),
    "locations": _l("Section B"),
    "signatures": _l("Signatures"),
    "submitted": _l("Review by the state"),
    "approved": _l("Approved"),
}
_FEW, _MOST_LOCATIONS = 10, 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """One correction that the state asks for: `mine` when the reader is the one who was asked."""

    id: UUID
    label: str
    location_name: str
    comment: str
    url: str
    mine: bool


@portal.page(PLACE, needs=_VIEW)
def overview(enrollment_id: UUID) -> Response:
    """Where it stands, for everybody who has a part in it."""
    session, actor = context.db(), context.actor()
    found = get_enrollment(session, actor, enrollment_id)
    mine = actor.may(_EDIT, at=enrollment_id)
    seen = list_locations(session, actor, enrollment_id, size=_MOST_LOCATIONS).items
    whole = request.args.get("history") == "all"
    names = {one.id: one.name for one in seen}
    lines = history.in_words(
        events_of(session, found), names, everything=actor.may(Permission.VIEW_SECTION_A, at=enrollment_id)
    )
    return show(
        "enrollment/overview/overview.html", enrollment=found, mine=mine, stage=STAGES[found.status], who=WHO,
        sentence=stage_sentence(found.status, administrator=mine), road=list(_ROAD.values()), at=_place_on_road(found.status),
        checklists=in_words(checklist(session, actor, found), found), awaited=awaited(session, found), few=_FEW,
        asked=list(_asked(actor, found, names)), lines=lines if whole else lines[:_FEW], hidden_lines=0 if whole else len(lines[_FEW:]),
        can_begin=mine and states.can("enrollment", "begin_update", found.status),
        can_cancel=mine and found.approved is not None and states.can("enrollment", "cancel_update", found.status),
    )  # fmt: skip


@portal.action(f"{PLACE}/corrections/<uuid:correction_id>/settled", needs=_VIEW, methods=("POST",))
def settle(enrollment_id: UUID, correction_id: UUID) -> Response:
    """Whoever was asked says that it is right as it is."""
    url = url_for("enrollment.overview", enrollment_id=enrollment_id)
    if EmptyForm().submitted():
        try:
            settle_correction(context.db(), context.actor(), correction_id, now=context.now())
        except NotNow:
            return done(url, _("This cannot be changed at the moment."), "warning")
        return done(url, _("Noted: it is right as it is. The state sees that you looked at it."))
    return go(url)


@portal.action(f"{PLACE}/update", needs=_EDIT, methods=("POST",))
def update(enrollment_id: UUID) -> Response:
    """Open an approved enrollment for changes of Section A and of the list of locations."""
    overview_url = url_for("enrollment.overview", enrollment_id=enrollment_id)
    if not EmptyForm().submitted():
        return go(overview_url)
    try:
        begin_update(context.db(), context.actor(), BeginUpdate(enrollment_id), now=context.now())
    except NotNow:
        return done(overview_url, _("An update cannot be begun at the moment."), "warning")
    return done(url_for("enrollment.section_a", enrollment_id=enrollment_id), _("You can change Section A now."))


@portal.action(f"{PLACE}/update/give-up", needs=_EDIT)
def give_up_update(enrollment_id: UUID) -> Response:
    """Ask once more, then bring everything back to what is approved."""
    found = get_enrollment(context.db(), context.actor(), enrollment_id)
    overview_url, form = url_for("enrollment.overview", enrollment_id=enrollment_id), EmptyForm()
    if form.submitted():
        try:
            cancel_update(context.db(), context.actor(), enrollment_id, now=context.now())
        except NotNow:
            return done(overview_url, _("There is no update to give up."), "warning")
        return done(overview_url, _("The update is given up. Everything is as it was approved."))
    return show("enrollment/overview/give_up_update.html", form=form, enrollment=found)


def _place_on_road(status: str) -> int:
    """Which step of the road the stage belongs to; an update and a return lead over the sections again."""
    stages = {"returned": "locations", "updating": "locations", "denied": "submitted", "disenrolled": "approved"}
    return list(_ROAD).index(stages.get(status, status))


def _asked(actor: Actor, enrollment: Any, names: dict[UUID, str]) -> Iterator[Asked]:
    """The open corrections that concern the reader."""
    session = context.db()
    here: dict[str, Any] = {"enrollment_id": enrollment.id}
    if actor.may(Permission.VIEW_SECTION_A, at=enrollment.id):
        mine = actor.may(_EDIT, at=enrollment.id)
        for one in open_for_section_a(session, enrollment):
            place = one.enrolled_location_id
            label, name = label_of(one.field, of_location=place is not None), names.get(place, "") if place else ""
            yield Asked(one.id, label, name, one.comment, _url_of(one.field, place, here) if mine else "", mine)
    for location in my_locations(session, actor, enrollment.id):
        url = url_if_there("enrollment.section_b", **here, enrolled_location_id=location.id)
        for one in open_for_section_b(session, enrollment, location):
            yield Asked(one.id, label_of(one.field, of_location=True), location.name, one.comment, url, True)


def _url_of(key: str, location_id: UUID | None, here: dict[str, Any]) -> str:
    if location_id is not None:
        return url_for("enrollment.change_location_details", **here, enrolled_location_id=location_id)
    if key == "locations":
        return url_for("enrollment.locations", **here)
    return url_for("enrollment.section_a_step", step=fields.OF_ENROLLMENT[key].step, **here)
