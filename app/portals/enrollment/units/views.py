"""Storage units: the list, adding, changing and taking off, and the pictures themselves."""

from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from app.domain.enrollment import storage_units
from app.domain.enrollment.errors import FieldsRefused, NotNow
from app.domain.enrollment.queries import get_unit, units_of
from app.domain.errors import NotFound
from app.infra.pictures import ACCEPT, PICTURE_TYPE, thumbnail
from app.portals.enrollment.portal import portal
from app.portals.enrollment.questions import reason_text
from app.portals.enrollment.section_b.place import EDIT, ONE, VIEW, Place, find_place
from app.portals.enrollment.start.forms import EmptyForm
from app.portals.enrollment.units.forms import SIDES, UnitForm
from app.portals.enrollment.units.uploads import MOST_BODY_BYTES, kept_sides, take_pictures
from app.web import context
from app.web.answers import done, show
from app.web.enrollment_words import unit_kind
from app.web.forms import add_error

UNITS = f"{ONE}/units"
UNIT = f"{UNITS}/<uuid:unit_id>"
_WITH_PICTURES = {"enrollment.new_unit", "enrollment.change_unit"}


@portal.before_request
def _make_room_for_pictures() -> None:
    """Two pictures are larger than any other file that is taken; only somebody signed in may send so much."""
    if request.endpoint in _WITH_PICTURES and context.find_account() is not None:
        request.max_content_length = MOST_BODY_BYTES


@portal.page(UNITS, needs=VIEW)
def units(enrollment_id: UUID, enrolled_location_id: UUID) -> Response:
    """All units with their pictures."""
    place = find_place(enrollment_id, enrolled_location_id)
    return show(
        "enrollment/units/list.html", place=place, units=units_of(context.db(), place.location), unit_kind=unit_kind,
        asked=place.asked_of("storage_units", "pictures"),
    )  # fmt: skip


@portal.action(f"{UNITS}/new", needs=EDIT)
def new_unit(enrollment_id: UUID, enrolled_location_id: UUID) -> Response:
    """Add one, with its pictures or without them for now."""
    place, form = find_place(enrollment_id, enrolled_location_id), UnitForm()
    if not place.may_edit:
        return place.refuse()
    good = form.submitted()
    keys = take_pictures(form, enrolled_location_id) if request.method == "POST" else {}
    if good and not form.errors:
        command = storage_units.AddUnit(
            enrolled_location_id, form.brand.data or "", form.model.data or "", form.kind.data,
            inside_key=keys["inside"], outside_key=keys["outside"],
        )  # fmt: skip
        try:
            storage_units.add_unit(context.db(), context.actor(), command, now=context.now())
        except FieldsRefused as refused:
            _refuse(form, refused)
        except NotNow:
            return place.refuse()
        else:
            return _saved(place, all(keys.values()))
    return _show(form, place, None)


@portal.action(UNIT, needs=EDIT)
def change_unit(enrollment_id: UUID, enrolled_location_id: UUID, unit_id: UUID) -> Response:
    """Change one, or give it other pictures."""
    place = find_place(enrollment_id, enrolled_location_id)
    unit = get_unit(context.db(), context.actor(), unit_id, enrolled_location_id=enrolled_location_id)
    form = UnitForm(data={"brand": unit.brand, "model": unit.model, "kind": unit.kind})
    if not place.may_edit or unit.removed_at is not None:
        return place.refuse()
    good = form.submitted()
    keys = take_pictures(form, enrolled_location_id) if request.method == "POST" else {}
    if good and not form.errors:
        command = storage_units.ChangeUnit(
            unit_id, form.brand.data, form.model.data, form.kind.data, inside_key=keys["inside"],
            outside_key=keys["outside"],
        )  # fmt: skip
        try:
            unit = storage_units.change_unit(context.db(), context.actor(), command, now=context.now())
        except FieldsRefused as refused:
            _refuse(form, refused)
        except NotNow:
            return place.refuse()
        else:
            return _saved(place, bool(unit.inside_key and unit.outside_key))
    return _show(form, place, unit)


@portal.action(f"{UNIT}/remove", needs=EDIT)
def remove_unit(enrollment_id: UUID, enrolled_location_id: UUID, unit_id: UUID) -> Response:
    """Ask once more, then take it off the list."""
    place, form = find_place(enrollment_id, enrolled_location_id), EmptyForm()
    unit = get_unit(context.db(), context.actor(), unit_id, enrolled_location_id=enrolled_location_id)
    if not place.may_edit:
        return place.refuse()
    if form.submitted():
        try:
            storage_units.remove_unit(context.db(), context.actor(), unit_id, now=context.now())
        except NotNow:
            return place.refuse()
        return done(_list_url(place), _("Taken off the list: %(name)s.", name=f"{unit.brand} {unit.model}"))
    return show("enrollment/units/remove.html", form=form, place=place, unit=unit)


@portal.page(f"{UNIT}/<any(inside,outside):side>.jpg", needs=VIEW)
def unit_picture(enrollment_id: UUID, enrolled_location_id: UUID, unit_id: UUID, side: str) -> Response:
    """A picture, for those who may see the application; `?small=1` is as large as the list shows it."""
    place = find_place(enrollment_id, enrolled_location_id)
    unit = get_unit(context.db(), context.actor(), unit_id, enrolled_location_id=place.location.id)
    key = unit.inside_key if side == "inside" else unit.outside_key
    if not key:
        raise NotFound
    data = context.storage().get(key)
    response = Response(thumbnail(data, 640) if request.args.get("small") else data, mimetype=PICTURE_TYPE)
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _show(form: UnitForm, place: Place, unit: object) -> Response:
    return show(
        "enrollment/units/unit.html", form=form, place=place, unit=unit, accept=ACCEPT, kept=kept_sides(form),
        sides=SIDES, asked=place.asked_of("storage_units", "pictures"),
    )  # fmt: skip


def _saved(place: Place, whole: bool) -> Response:
    if whole:
        return done(_list_url(place), _("Saved, with both pictures."))
    return done(_list_url(place), _("Saved. A picture is still missing; you can add it at any time."), "info")


def _refuse(form: UnitForm, refused: FieldsRefused) -> None:
    for key, reason in refused.reasons.items():
        add_error(form[key], reason_text(storage_units.FIELDS[key], reason))


def _list_url(place: Place) -> str:
    return url_for("enrollment.units", **place.ids)
