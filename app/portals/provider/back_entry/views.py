"""Entering a pile of paper: what holds for all, sheet after sheet, undo, done."""

from uuid import UUID

from flask import Response, url_for
from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.inventory.errors import LotUnusable
from app.domain.inventory.queries import get_lot
from app.domain.vaccinations import enter_from_paper_pile as piles
from app.domain.vaccinations.errors import BadDose, BadDoseTime, DoseChanged, DoseRemoved
from app.domain.vaccinations.questionnaires import questionnaire_on
from app.domain.vaccinations.sites import signed
from app.portals.provider.back_entry import workbook_views
from app.portals.provider.back_entry.entering import Asked, enter_sheet, why_not_that_day
from app.portals.provider.back_entry.forms import NEW_PERSON, EmptyForm, PileForm, SheetForm, sheet_form
from app.portals.provider.clinic import remembered, wording
from app.portals.provider.portal import portal
from app.web.answers import done, go, show
from app.web.context import actor, db, now, settings
from app.web.forms import add_error, choices

__all__ = ["workbook_views"]

_ROOM = "/<uuid:location_id>/back-entry"
_MAY = Permission.ADMINISTER_DOSES


@portal.action(_ROOM, needs=_MAY)
def back_entry(location_id: UUID) -> Response:
    """One sheet after the other; each save comes back to the empty form."""
    pile = piles.pile_of(db(), actor(), location_id)
    here = url_for("provider.back_entry", location_id=location_id)
    if pile is None:
        return go(url_for("provider.back_entry_pile", location_id=location_id))
    form, asked = sheet_form(questionnaire_on(pile.given_on)), Asked()
    if form.submitted():
        made = enter_sheet(form, pile)
        if not isinstance(made, Asked):
            who = form.details()
            name = f"{who.first_name} {who.last_name}"
            text = _("%(name)s: dose %(n)s is entered.", name=name, n=made.dose.dose_number)
            return done(here, text + (" " + _("A new record was made.") if made.new_person else ""))
        asked = made
    return _show_pile(form, pile, asked)


@portal.action(f"{_ROOM}/pile", needs=_MAY)
def back_entry_pile(location_id: UUID) -> Response:
    """What holds for every sheet: the true date, the lot, the place on the body, who gave the doses."""
    known = piles.pile_of(db(), actor(), location_id)
    form = PileForm(data=_as_known(location_id, known))
    lots = piles.lots_for_paper(db(), actor(), location_id)
    form.lot.choices = choices([(str(lot.id), _lot_text(lot)) for lot in lots], _("Choose the lot"))
    if form.submitted():
        pile = form.pile(location_id)
        try:
            piles.lay_pile(db(), actor(), pile, now=now(), zone=settings().zone)
        except BadDoseTime:
            add_error(form.given_on, _("This day is in the future. Enter the day on which the doses were given"))
        except LotUnusable as refusal:
            add_error(form.lot, why_not_that_day(pile, refusal))
        except BadDose as refusal:
            add_error(form[refusal.field], _("Check this"))
        else:
            return go(url_for("provider.back_entry", location_id=location_id))
    return show("provider/back_entry/pile.html", form=form, location_id=location_id, known=known, has_lots=bool(lots))


@portal.action(f"{_ROOM}/doses/<uuid:dose_id>/undo", needs=_MAY, methods=("POST",))
def undo_back_entry(location_id: UUID, dose_id: UUID) -> Response:
    """A dose that was just entered is taken back."""
    EmptyForm().submitted()
    here = url_for("provider.back_entry", location_id=location_id)
    reason = _("Entered in error while a pile of paper was entered")
    try:
        piles.undo_from_pile(db(), actor(), location_id, dose_id, reason=reason, now=now())
    except DoseRemoved:
        return done(here, _("This dose was taken back before."), "info")
    except DoseChanged:
        return done(here, _("This dose was changed since. Look at its record before you take it back."), "warning")
    return done(here, _("The dose is taken back, and is in stock again."))


@portal.action(f"{_ROOM}/done", needs=_MAY, methods=("POST",))
def finish_pile(location_id: UUID) -> Response:
    """The pile is put away."""
    EmptyForm().submitted()
    pile = piles.pile_of(db(), actor(), location_id)
    next_url = url_for("provider.back_entry_pile", location_id=location_id)
    if pile is None:
        return go(next_url)
    count = sum(not line.removed for line in piles.entered_from(db(), pile))
    piles.put_pile_away(db(), actor(), location_id)
    text = ngettext("The pile is done: %(num)s dose entered.", "The pile is done: %(num)s doses entered.", count)
    if pile.papers and pile.papers != count:
        short = ngettext("You had counted %(num)s sheet.", "You had counted %(num)s sheets.", pile.papers)
        return done(next_url, f"{text} {short}", "warning")
    return done(next_url, text)


def _show_pile(form: SheetForm, pile: piles.Pile, asked: Asked) -> Response:
    lines = piles.entered_from(db(), pile)
    lot = get_lot(db(), actor(), pile.location_id, pile.lot_id)
    return show(
        "provider/back_entry/sheets.html",
        form=form,
        status=422 if asked.something else None,
        location_id=pile.location_id,
        pile=pile,
        lot=lot,
        asked=asked,
        lines=lines,
        entered=sum(not line.removed for line in lines),
        given_by=signed(pile.clinician_name, pile.clinician_suffix),
        wording=wording,
        new_person=NEW_PERSON,
    )


def _as_known(location_id: UUID, pile: piles.Pile | None) -> dict[str, object]:
    if pile is None:
        return remembered.defaults(location_id, None)
    return {
        "given_on": pile.given_on, "lot": str(pile.lot_id), "site": pile.site, "papers": pile.papers,
        "clinician_name": pile.clinician_name, "clinician_suffix": pile.clinician_suffix, "fact_sheet_given": True,
    }  # fmt: skip


def _lot_text(lot: object) -> str:
    day = format_date(lot.expires_on, "medium")  # type: ignore[attr-defined]
    return _("%(lot)s, good through %(day)s", lot=wording.lot_choice(lot), day=day)
