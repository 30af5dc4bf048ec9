"""One dose after it was recorded: its story, a correction, its removal, a note of an adverse event."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.inventory.errors import BadValue, LotUnusable, NoDosesLeft
from app.domain.inventory.queries import lots_to_record_from
from app.domain.vaccinations.correct_dose import CorrectDose, correct_dose
from app.domain.vaccinations.doses import REMOVED, changes_of, dose_at, version_of
from app.domain.vaccinations.errors import BadDose, BadDoseTime, DoseChanged, DoseRemoved, NothingChanged
from app.domain.vaccinations.note_event import NoteEvent, note_event
from app.domain.vaccinations.remove_dose import RemoveDose, remove_dose
from app.domain.vaccinations.sites import signed
from app.portals.provider.clinic.wording import SITES, expired_lot_choice, lot_choice
from app.portals.provider.doses import people_views, wording
from app.portals.provider.doses.answers import DOSE, mended, page_of, refuse, show_dose
from app.portals.provider.doses.forms import CorrectForm, EventForm, RemoveForm, RemoveFromStockForm
from app.portals.provider.portal import portal
from app.web.answers import done, go
from app.web.context import actor, db, now, settings, today
from app.web.forms import choices
from app.web.pencil import version_from

__all__ = ["people_views"]

_MEND = Permission.ADMINISTER_DOSES


@portal.page(DOSE, needs=Permission.VIEW_RECIPIENTS)
def dose_record(location_id: UUID, dose_id: UUID) -> Response:
    """What is on record about a dose, and everything that was changed."""
    dose = dose_at(db(), actor(), location_id, dose_id)
    return show_dose(
        "provider/doses/record.html",
        dose,
        removed=dose.status == REMOVED,
        given_by=signed(dose.clinician_name, dose.clinician_suffix),
        history=changes_of(db(), dose),
        wording=wording,
        sites=SITES,
    )


@portal.action(f"{DOSE}/correct", needs=_MEND)
def correct_dose_page(location_id: UUID, dose_id: UUID) -> Response:
    """The details of a dose are mended."""
    dose = dose_at(db(), actor(), location_id, dose_id)
    if dose.status == REMOVED or dose.lot is None:
        return go(page_of(dose))
    form = CorrectForm(data=_as_it_is(dose))
    _offer_lots(form, dose)
    status = None
    if form.submitted():
        zone, said_at = settings().zone, form.moment(settings().zone)
        command = CorrectDose(
            location_id, dose_id, version_from(form.version.data), form.reason.data or "", UUID(form.lot.data),
            form.site.data, said_at, form.clinician_name.data or "", form.clinician_suffix.data,
        )  # fmt: skip
        try:
            correct_dose(db(), actor(), command, now=now(), zone=zone)
        except (BadDose, BadDoseTime, LotUnusable, NoDosesLeft, NothingChanged, DoseChanged) as refusal:
            status = refuse(form, refusal)
        else:
            return mended(dose, _("The dose is corrected."))
    return show_dose("provider/doses/correct.html", dose, form=form, status=status)


@portal.action(f"{DOSE}/remove", needs=_MEND)
def remove_dose_page(location_id: UUID, dose_id: UUID) -> Response:
    """A dose that never was is taken off the record."""
    dose = dose_at(db(), actor(), location_id, dose_id)
    kind = RemoveFromStockForm if dose.lot_id else RemoveForm
    form = kind(data={"version": str(version_of(db(), dose))})
    status = None
    if form.submitted():
        stock = {"to": form.to.data, "waste_reason": form.waste_reason.data or ""} if "to" in form else {}
        command = RemoveDose(location_id, dose_id, version_from(form.version.data), form.reason.data or "", **stock)
        try:
            remove_dose(db(), actor(), command, now=now())
        except (BadDose, BadValue, DoseChanged) as refusal:
            status = refuse(form, refusal)
        except DoseRemoved:
            return go(page_of(dose))
        else:
            return mended(dose, _("The dose is removed."))
    return show_dose("provider/doses/remove.html", dose, form=form, status=status)


@portal.action(f"{DOSE}/event", needs=_MEND)
def event_page(location_id: UUID, dose_id: UUID) -> Response:
    """Something happened after the dose."""
    dose = dose_at(db(), actor(), location_id, dose_id)
    form = EventForm(data={"given_on": today(), "given_time": now().astimezone(settings().zone).time()})
    if form.submitted():
        command = NoteEvent(
            location_id, dose_id, form.kind.data, form.note.data or "", form.moment(settings().zone),
            form.report.data or "",
        )  # fmt: skip
        try:
            note_event(db(), actor(), command, now=now())
        except (BadDose, BadDoseTime) as refusal:
            refuse(form, refusal)
        except DoseRemoved:
            return go(page_of(dose))
        else:
            return done(page_of(dose), _("The note is kept with the dose."))
    return show_dose("provider/doses/event.html", dose, form=form)


def _as_it_is(dose: Any) -> dict[str, Any]:
    given = dose.given_at.astimezone(settings().zone)
    return {
        "version": str(version_of(db(), dose)), "lot": str(dose.lot_id), "site": dose.site, "given_on": given.date(),
        "given_time": given.time(), "clinician_name": dose.clinician_name, "clinician_suffix": dose.clinician_suffix,
    }  # fmt: skip


def _offer_lots(form: CorrectForm, dose: Any) -> None:
    """The dose's own lot first, then those that may be given now, or could be lately."""
    good, late = lots_to_record_from(db(), dose.location_id, today=today())
    others = [(lot.id, lot_choice(lot)) for lot in good] + [(lot.id, expired_lot_choice(lot)) for lot in late]
    own = _("%(vaccine)s, lot %(number)s, as recorded", vaccine=dose.product.manufacturer, number=dose.lot.number)
    offered = [(dose.lot_id, own)] + [(lot_id, text) for lot_id, text in others if lot_id != dose.lot_id]
    form.lot.choices = choices([(str(lot_id), text) for lot_id, text in offered])
