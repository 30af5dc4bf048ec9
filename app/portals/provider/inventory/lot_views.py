"""What is done with one lot: its date and total are corrected, doses are thrown away or returned, it is set apart."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.errors import EditedMeanwhile, NotFound
from app.domain.inventory import change_lot, quarantine, queries
from app.domain.inventory.change_lot import ChangeExpiry, ChangeTotal
from app.domain.inventory.deprecate import Deprecate, VoidDeprecation, deprecate, list_deprecations, void_deprecation
from app.domain.inventory.errors import AlreadyDone, BadValue
from app.domain.inventory.lots import expiry_is_known
from app.portals.provider.inventory import wording
from app.portals.provider.inventory.lot_forms import BecauseForm, DeprecateForm, ExpiryForm, TotalForm
from app.portals.provider.portal import portal
from app.web.answers import done, show
from app.web.context import actor, db, now, settings, today
from app.web.filters import day, whole
from app.web.forms import Form, add_error
from app.web.pencil import version_from

_LOT = "/<uuid:location_id>/inventory/lots/<uuid:lot_id>"
_MANAGE = Permission.MANAGE_INVENTORY


def _page_of(location_id: UUID, lot_id: UUID) -> str:
    return url_for("provider.lot_page", location_id=location_id, lot_id=lot_id)


def _ask(form: Form, lot: Any, heading: str, lead: str, *, label: str = "", status: int | None = None) -> Response:
    """The form of one act on a lot."""
    return show(
        "provider/inventory/ask.html", form=form, status=status, lot=lot, heading=heading, lead=lead,
        label=label or heading, back=_page_of(lot.location_id, lot.id),
    )  # fmt: skip


def _place(form: Form, refusal: BadValue) -> None:
    """Show a refusal beside the field that it is about."""
    if refusal.field in form:
        add_error(form[refusal.field], wording.why_bad(refusal))
    elif refusal.field == "happened_at":
        add_error(form["found_on"], wording.why_bad(refusal))
    else:
        form.form_errors.append(wording.why_bad(refusal))


def _tell_both(form: Form, field: str, stale: EditedMeanwhile, stored: str, typed: str) -> int:
    """Somebody was faster: keep what was typed, tell both values, and start from the newest version."""
    form["version"].data = str(stale.version)
    told = _(
        "Somebody else changed this meanwhile. It now says %(stored)s here, and you entered %(typed)s. "
        "Save again to keep yours, or cancel to leave it as it is",
        stored=stored, typed=typed,
    )  # fmt: skip
    add_error(form[field], told)
    return 409


@portal.action(f"{_LOT}/expiration", needs=_MANAGE)
def change_lot_expiry(location_id: UUID, lot_id: UUID) -> Response:
    """The expiration date is corrected, with a reason."""
    lot = queries.get_lot(db(), actor(), location_id, lot_id)
    form = ExpiryForm(
        data={"version": str(lot.version), "expires_on": lot.expires_on if expiry_is_known(lot) else None}
    )
    status = None
    if form.submitted():
        command = ChangeExpiry(
            location_id, lot_id, form.expires_on.data, form.reason.data, version_from(form.version.data),
            form.explanation.data or "",
        )  # fmt: skip
        try:
            change_lot.change_expiry(db(), actor(), command, now=now(), today=today())
        except BadValue as refusal:
            _place(form, refusal)
        except EditedMeanwhile as stale:
            stored = day(date.fromisoformat(stale.stored))
            status = _tell_both(form, "expires_on", stale, stored, day(command.expires_on))
        else:
            return done(_page_of(location_id, lot_id), _("The expiration date is changed."))
    lead = _("Now: %(day)s. A wrong date hides the lot from the clinic day.", day=wording.expiry(lot))
    return _ask(form, lot, _("Change the expiration date"), lead, label=_("Save the date"), status=status)


@portal.action(f"{_LOT}/total", needs=_MANAGE)
def change_lot_total(location_id: UUID, lot_id: UUID) -> Response:
    """The total of doses is raised or lowered, with a reason."""
    lot = queries.get_lot(db(), actor(), location_id, lot_id)
    total = change_lot.total_of(db(), lot)
    form = TotalForm(data={"version": str(lot.version), "total": total})
    status = None
    if form.submitted():
        command = ChangeTotal(
            location_id, lot_id, form.total.data or 0, form.reason.data, version_from(form.version.data),
            form.explanation.data or "",
        )  # fmt: skip
        try:
            change_lot.change_total(db(), actor(), command, now=now())
        except BadValue as refusal:
            _place(form, refusal)
        except EditedMeanwhile as stale:
            status = _tell_both(form, "total", stale, whole(int(stale.stored)), whole(command.total))
        else:
            return done(_page_of(location_id, lot_id), _("The total is changed."))
    lead = _("All doses that this lot ever held here, used ones included. Now: %(doses)s.", doses=wording.doses(total))
    return _ask(form, lot, _("Change the total doses"), lead, label=_("Save the total"), status=status)


@portal.action(f"{_LOT}/<any(waste,expired,return):kind>", needs=_MANAGE)
def deprecate_lot(location_id: UUID, lot_id: UUID, kind: str) -> Response:
    """Doses are wasted, have expired, or go back to where they came from."""
    lot = queries.get_lot(db(), actor(), location_id, lot_id)
    form = DeprecateForm(kind, data={"found_on": today(), "doses": lot.balance if kind == "expired" else None})
    if form.submitted():
        command = Deprecate(
            location_id, lot_id, kind, form.chosen_reason, form.doses.data or 0, form.explanation.data or "",
            _moment(form.found_on.data),
        )  # fmt: skip
        try:
            made = deprecate(db(), actor(), command, now=now(), today=today())
        except BadValue as refusal:
            _place(form, refusal)
        else:
            left = _("%(doses)s taken off the shelf.", doses=wording.doses(made.doses))
            return done(_page_of(location_id, lot_id), left)
    heading, label = wording.DEPRECATING[kind]
    return _ask(form, lot, heading, _("%(doses)s are on the shelf.", doses=wording.doses(lot.balance)), label=label)


@portal.action(f"{_LOT}/events/<uuid:deprecation_id>/void", needs=_MANAGE)
def void_lot_event(location_id: UUID, lot_id: UUID, deprecation_id: UUID) -> Response:
    """Doses that were taken off the shelf by mistake come back."""
    lot = queries.get_lot(db(), actor(), location_id, lot_id)
    events = list_deprecations(db(), actor(), location_id, lot_id=lot_id, size=1000).items
    found = next((event for event in events if event.id == deprecation_id), None)
    if found is None:
        raise NotFound
    form, back = BecauseForm(), _page_of(location_id, lot_id)
    if form.submitted():
        command = VoidDeprecation(location_id, deprecation_id, form.because.data or "")
        try:
            void_deprecation(db(), actor(), command, now=now())
        except BadValue as refusal:
            _place(form, refusal)
        except AlreadyDone:
            return done(back, _("Somebody took this back already."), "info")
        else:
            return done(back, _("%(doses)s are back on the shelf.", doses=wording.doses(found.doses)))
    lead = _("%(kind)s: %(doses)s. The entry stays in the history; the doses come back.",
             kind=wording.deprecation_kind(found.kind), doses=wording.doses(found.doses))  # fmt: skip
    return _ask(form, lot, _("Take back an entry made by mistake"), lead, label=_("Take it back"))


@portal.action(f"{_LOT}/<any('set-apart',release):act>", needs=_MANAGE)
def set_lot_apart(location_id: UUID, lot_id: UUID, act: str) -> Response:
    """No dose is given from a lot that is set apart, until it is released."""
    lot = queries.get_lot(db(), actor(), location_id, lot_id)
    form, back, apart = BecauseForm(), _page_of(location_id, lot_id), act == "set-apart"
    if form.submitted():
        because = form.because.data or ""
        try:
            if apart:
                quarantine.quarantine_lot(
                    db(), actor(), quarantine.QuarantineLot(location_id, lot_id, because), now=now()
                )
            else:
                quarantine.release_lot(db(), actor(), quarantine.ReleaseLot(location_id, lot_id, because), now=now())
        except BadValue as refusal:
            _place(form, refusal)
        except AlreadyDone:
            return done(back, _("Somebody did this already. This is how the lot stands now."), "info")
        else:
            return done(back, _("The lot is set apart.") if apart else _("The lot may be used again."))
    if apart:
        lead = _("For example after a refrigerator was too warm. No dose is given from it until you release it.")
        return _ask(form, lot, _("Set this lot apart"), lead)
    lead = _("Say who decided that it can be used, such as the manufacturer, and the number of the answer.")
    return _ask(form, lot, _("Release this lot for use"), lead)


def _moment(day: date) -> datetime | None:
    """Noon of a local day; None (now) for today, and for a day ahead a moment that the domain refuses."""
    if day == today():
        return None
    return datetime.combine(day, time(12), tzinfo=settings().zone).astimezone(now().tzinfo)
