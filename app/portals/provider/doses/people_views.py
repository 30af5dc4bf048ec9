"""Whose dose: one moves to the right person, and one that was given elsewhere is entered."""

from datetime import date
from uuid import UUID

from flask import Response, flash, request, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.program.products import list_products
from app.domain.vaccinations.doses import REMOVED, dose_at, version_of
from app.domain.vaccinations.enter_outside_dose import EnterOutsideDose, enter_outside_dose
from app.domain.vaccinations.errors import (
    AlreadyOnRecord,
    BadDose,
    BadDoseTime,
    DoseChanged,
    DoseRemoved,
    SamePerson,
    TicketExpired,
    TooManySearches,
)
from app.domain.vaccinations.find_for_visit import FindForVisit, FoundPerson, find_for_visit
from app.domain.vaccinations.move_dose import MoveDose, move_dose, right_person
from app.domain.vaccinations.visits import listed_recipient
from app.portals.provider.clinic.forms import FindForm
from app.portals.provider.doses.answers import DOSE, mended, page_of, refuse, show_dose
from app.portals.provider.doses.forms import ElsewhereForm, MoveForm
from app.portals.provider.portal import portal
from app.web.answers import done, go, show
from app.web.context import actor, database, db, note_read, now, settings
from app.web.forms import choices
from app.web.pencil import version_from
from app.web.sealed import seal, unseal

_ASKED = ("last", "born", "detail")
_MEND = Permission.ADMINISTER_DOSES


@portal.action(f"{DOSE}/move", needs=_MEND)
def find_right_person(location_id: UUID, dose_id: UUID) -> Response:
    """Who got the dose? The person is found as at the door, without a name in any address."""
    dose = dose_at(db(), actor(), location_id, dose_id)
    if dose.status == REMOVED:
        return go(page_of(dose))
    form = FindForm()
    if form.submitted():
        query = dict(
            zip(_ASKED, (form.last_name.data, form.birth_date.data.isoformat(), form.detail.data), strict=True)
        )
        return go(url_for("provider.find_right_person", location_id=location_id, dose_id=dose_id, q=seal(query)))
    people: list[FoundPerson] | None = None
    told = unseal(request.args.get("q", ""), *_ASKED) if request.method == "GET" else None
    if told is not None:
        form = FindForm(
            data={"last_name": told["last"], "birth_date": date.fromisoformat(told["born"]), "detail": told["detail"]}
        )
        try:
            wanted = FindForVisit(location_id, told["last"], date.fromisoformat(told["born"]), told["detail"])
            people = find_for_visit(db(), database(), actor(), wanted, now=now())
        except TooManySearches:
            form.form_errors.append(_("There were many searches that found nobody. Wait a quarter of an hour"))
    return show_dose("provider/doses/find.html", dose, form=form, people=people)


@portal.action(f"{DOSE}/move/to", needs=_MEND)
def move_dose_page(location_id: UUID, dose_id: UUID) -> Response:
    """The dose moves to the person who was found."""
    dose = dose_at(db(), actor(), location_id, dose_id)
    form = MoveForm(data={"ticket": request.args.get("ticket", ""), "version": str(version_of(db(), dose))})
    status, ticket = None, form.ticket.data or ""
    try:
        to = right_person(db(), actor(), location_id, ticket, now=now())
        if form.submitted():
            command = MoveDose(location_id, dose_id, version_from(form.version.data), form.reason.data or "", ticket)
            move_dose(db(), actor(), command, now=now())
            return mended(dose, _("The dose is now on the record of %(name)s.", name=to.full_name))
    except (BadDose, BadDoseTime, DoseChanged, SamePerson) as refusal:
        status = refuse(form, refusal)
    except DoseRemoved:
        return go(page_of(dose))
    except TicketExpired:
        flash(_("That search is too old. Please search again."), "warning")
        return go(url_for("provider.find_right_person", location_id=location_id, dose_id=dose_id))
    return show_dose("provider/doses/move.html", dose, form=form, to=to, status=status)


@portal.action("/<uuid:location_id>/doses/elsewhere/<uuid:recipient_id>", needs=_MEND)
def enter_elsewhere(location_id: UUID, recipient_id: UUID) -> Response:
    """A dose that was given elsewhere is entered."""
    person = listed_recipient(db(), actor(), location_id, recipient_id)
    note_read("recipient.opened", "recipient", person.id, location_id)
    form = ElsewhereForm()
    products = [(str(product.id), product.name) for product in list_products(db())]
    form.product.choices = choices(products, _("Choose the vaccine"))
    if form.submitted():
        command = EnterOutsideDose(
            location_id, recipient_id, form.product_id(), form.given_on.data, form.source.data,
            form.place_name.data or "", form.evidence.data or "", form.lot_number.data or "",
        )  # fmt: skip
        try:
            dose = enter_outside_dose(db(), actor(), command, now=now(), zone=settings().zone)
        except (AlreadyOnRecord, BadDose, BadDoseTime) as refusal:
            refuse(form, refusal)
        else:
            return done(page_of(dose), _("The dose is entered."))
    return show("provider/doses/elsewhere.html", form=form, person=person, location_id=location_id)
