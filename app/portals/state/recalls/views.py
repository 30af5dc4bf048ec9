"""The program takes a lot or a whole vaccine out of use, everywhere and at once, and lifts that again."""

from typing import TYPE_CHECKING
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.inventory import recall as recalling
from app.domain.inventory.errors import AlreadyDone, AlreadyRecalled, BadValue
from app.domain.program.products import list_products
from app.domain.providers.queries import list_locations
from app.domain.vaccinations.recalled_people import counts_of_recall, people_of_recall
from app.portals.state.portal import portal
from app.portals.state.recalls.forms import LiftForm, RecallForm, StopForm
from app.web import context
from app.web.answers import done, show
from app.web.context import actor, db, now
from app.web.forms import add_error, choices
from app.web.paging import Pager, after_from_request
from app.web.shown import note_shown

if TYPE_CHECKING:
    from app.domain.inventory.models import Recall

_RECALL = Permission.RECALL_VACCINE


@portal.page("/recalls", needs=_RECALL)
def recalls() -> Response:
    """What is out of use now, and what was."""
    session, who = db(), actor()
    return show(
        "state/recalls/list.html", live=recalling.list_recalls(session, who, live=True),
        lifted=recalling.list_recalls(session, who, live=False),
    )  # fmt: skip


@portal.action("/recalls/<any(lot,vaccine):what>", needs=_RECALL)
def new_recall(what: str) -> Response:
    """Recall a lot by its number, or stop a vaccine."""
    form: StopForm = RecallForm() if what == "lot" else StopForm()
    form.product.choices = choices([(product.code, product.name) for product in list_products(db())])
    if form.submitted():
        number = form.lot_number.data or "" if isinstance(form, RecallForm) else ""
        command = recalling.MakeRecall(form.product.data, number, form.reason.data or "")
        try:
            made = _make(what, command)
        except BadValue as refusal:
            told = _("Enter the lot number as it stands on the carton, with letters or digits")
            add_error(form[refusal.field], told if refusal.field == "lot_number" else _("Say why; every location reads it"))
        except AlreadyRecalled:
            told = _("This is out of use already. Look at the list of recalls")
            add_error(form["lot_number" if what == "lot" else "product"], told)
        else:
            context.wake("recalls")
            return done(url_for("state.recall", recall_id=made.id), _("It is out of use everywhere from now on."))
    return show("state/recalls/new.html", form=form, what=what)


@portal.page("/recalls/<uuid:recall_id>", needs=_RECALL)
def recall(recall_id: UUID) -> Response:
    """One recall: where doses still are, and who received one."""
    found = recalling.get_recall(db(), actor(), recall_id)
    people = people_of_recall(db(), actor(), found, after=after_from_request())
    context.note_read("recall.people_read", "recall", found.id)
    note_shown("recipient.shown_in_recall", (one.recipient_id for one in people.items))
    return show(
        "state/recalls/recall.html", recall=found, shelves=recalling.stock_of_recall(db(), actor(), found),
        places={place.id: place for place in list_locations(db(), actor())}, people=people.items, pager=Pager(people),
        counts=counts_of_recall(db(), actor(), found),
    )  # fmt: skip


@portal.action("/recalls/<uuid:recall_id>/lift", needs=_RECALL)
def lift_recall(recall_id: UUID) -> Response:
    """It may be used again."""
    found = recalling.get_recall(db(), actor(), recall_id)
    form, back = LiftForm(), url_for("state.recall", recall_id=recall_id)
    if form.submitted():
        try:
            recalling.lift_recall(db(), actor(), recalling.LiftRecall(recall_id, form.because.data or ""), now=now())
        except BadValue:
            add_error(form.because, _("Say why"))
        except AlreadyDone:
            return done(back, _("Somebody lifted it already."), "info")
        else:
            return done(back, _("It may be used again."))
    return show("state/recalls/lift.html", form=form, recall=found, back=back)


def _make(what: str, command: recalling.MakeRecall) -> "Recall":
    """A recall of a lot whose number is only signs is refused, and never becomes a stop of the whole vaccine."""
    if what == "lot" and not any(letter.isalnum() for letter in command.lot_number):
        raise BadValue("lot_number", "unknown")
    return recalling.recall(db(), actor(), command, now=now())
