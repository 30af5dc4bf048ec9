"""The list of locations; one is added, changed or taken out."""

from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.accounts.access import Permission
from app.domain.enrollment import fields, states
from app.domain.enrollment.add_location import AddEnrolledLocation, add_location
from app.domain.enrollment.change_location import ALIVE, ChangeLocation, change_location, remove_location
from app.domain.enrollment.errors import EditedByOthers, NotNow, SameLocation
from app.domain.enrollment.queries import corrections_of, get_enrolled_location, get_enrollment, list_locations
from app.portals.enrollment import questions
from app.portals.enrollment.locations import workbook_views as _workbook_views  # noqa: F401
from app.portals.enrollment.portal import portal
from app.portals.enrollment.questions import AnswersForm
from app.portals.enrollment.start.forms import EmptyForm
from app.web import context
from app.web.answers import done, show
from app.web.enrollment_words import STAGES
from app.web.forms import add_error
from app.web.paging import Pager, after_from_request

PLACE = "/<uuid:enrollment_id>/locations"
ONE = f"{PLACE}/<uuid:enrolled_location_id>"
_VIEW, _EDIT = Permission.VIEW_SECTION_A, Permission.EDIT_SECTION_A
_ASKED = fields.fields_of("location")
_LABELS = {one.key: _l(one.label.partition(": ")[2]) for one in _ASKED if one.key.startswith("coordinator_")}
_HINTS = {
    "name": _l("As people know this location; it may differ from the name of the organization."),
    "coordinator_email": _l("The invitation goes to this address. Take care that it is right."),
}


@portal.page(PLACE, needs=_VIEW)
def locations(enrollment_id: UUID) -> Response:
    """All locations by number, found by a part of the name."""
    session, actor = context.db(), context.actor()
    enrollment = get_enrollment(session, actor, enrollment_id)
    typed = request.args.get("q", "").strip()[:255]
    found = list_locations(session, actor, enrollment_id, name=typed, after=after_from_request())
    return show(
        "enrollment/locations/list.html", fragment="found", enrollment=enrollment, locations=found.items, typed=typed,
        pager=Pager(found), stages=STAGES, may_edit=_may_edit(enrollment), alive=ALIVE,
    )  # fmt: skip


@portal.action(f"{PLACE}/new", needs=_EDIT)
def new_location(enrollment_id: UUID) -> Response:
    """Add one by hand."""
    enrollment = get_enrollment(context.db(), context.actor(), enrollment_id)
    form = questions.answers_form(_ASKED, {"state": fields.HOME_STATE}, 0, labels=_LABELS, hints=_HINTS)
    if form.submitted() and (answers := _read(form)):
        command = AddEnrolledLocation(enrollment_id, answers)
        try:
            made = add_location(context.db(), context.actor(), command, now=context.now())
        except SameLocation as same:
            add_error(form["name"], _same(same))
        except NotNow:
            return _not_now(enrollment_id)
        else:
            context.wake("mail")
            endpoint = "enrollment.new_location" if request.form.get("go") == "another" else "enrollment.locations"
            return done(url_for(endpoint, enrollment_id=enrollment_id), _("Added: %(name)s.", name=made.name))
    return show("enrollment/locations/new.html", form=form, asked=_parts(), enrollment=enrollment, corrections={})


@portal.action(ONE, needs=_EDIT)
def change_location_details(enrollment_id: UUID, enrolled_location_id: UUID) -> Response:
    """Name, address and Vaccine Coordinator of one location."""
    session, actor = context.db(), context.actor()
    found = get_enrolled_location(session, actor, enrolled_location_id, enrollment_id=enrollment_id)
    enrollment = get_enrollment(session, actor, enrollment_id)
    if not _may_edit(enrollment) or found.status not in ALIVE:
        return _not_now(enrollment_id)
    form = questions.answers_form(_ASKED, found.answers, found.version, labels=_LABELS, hints=_HINTS)
    status = None
    if form.submitted() and (answers := _read(form)):
        try:
            return _change(form, found, answers)
        except SameLocation as same:
            add_error(form["name"], _same(same))
        except EditedByOthers as stale:
            questions.tell_both(form, _ASKED, stale, found.answers, found.version)
            status = 409
    return show(
        "enrollment/locations/change.html", form=form, asked=_parts(), enrollment=enrollment, location=found, status=status,
        corrections=_by_field(corrections_of(session, actor, enrollment, location=found)), can_remove=found.approved is None,
    )  # fmt: skip


@portal.action(f"{ONE}/remove", needs=_EDIT)
def remove_from_enrollment(enrollment_id: UUID, enrolled_location_id: UUID) -> Response:
    """Ask once more, then take the location out."""
    found = get_enrolled_location(context.db(), context.actor(), enrolled_location_id, enrollment_id=enrollment_id)
    form = EmptyForm()
    if form.submitted():
        try:
            remove_location(context.db(), context.actor(), enrolled_location_id, now=context.now())
        except NotNow:
            return _not_now(enrollment_id)
        context.wake("mail")
        url = url_for("enrollment.locations", enrollment_id=enrollment_id)
        return done(url, _("Taken out: %(name)s.", name=found.name))
    return show("enrollment/locations/remove.html", form=form, location=found)


def _change(form: AnswersForm, location: Any, answers: questions.Typed) -> Response:
    command = ChangeLocation(location.id, answers, questions.version_of(form), questions.seen_in(form))
    try:
        change_location(context.db(), context.actor(), command, now=context.now())
    except NotNow:
        return _not_now(location.enrollment_id)
    context.wake("mail")
    return done(url_for("enrollment.locations", enrollment_id=location.enrollment_id), _("Saved."))


def _read(form: AnswersForm) -> questions.Typed | None:
    """The answers of a form in which all is well; the form tells when something is not."""
    answers, reasons = questions.read(_ASKED, questions.typed_in(form, _ASKED), {})
    questions.refuse(form, _ASKED, reasons)
    return None if reasons else answers


def _parts() -> dict[Any, list[fields.Field]]:
    """The questions under their two headings."""
    place = [one for one in _ASKED if one.key not in _LABELS]
    return {_("The location"): place, _("Its Vaccine Coordinator"): [one for one in _ASKED if one.key in _LABELS]}


def _by_field(corrections: list[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for one in corrections:
        found.setdefault(one.field, []).append(one)
    return found


def _may_edit(enrollment: Any) -> bool:
    return context.actor().may(_EDIT, at=enrollment.id) and enrollment.status in states.EDITABLE


def _same(same: SameLocation) -> str:
    return _("There is a location of this name at this address already: %(code)s", code=same.code)


def _not_now(enrollment_id: UUID) -> Response:
    url = url_for("enrollment.locations", enrollment_id=enrollment_id)
    return done(url, _("This location cannot be changed at the moment, so nothing was saved."), "warning")
