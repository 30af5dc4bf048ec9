"""The steps of a transfer that its two sides take: ship, receive, take back, cancel, refuse."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.transfers import queries, states, stop
from app.domain.transfers.errors import (
    BadTransfer,
    LineUnusable,
    NeedsDiscrepancy,
    NoAgreement,
    NotEnough,
    NotNow,
    NotOneOrganization,
)
from app.domain.transfers.receive import Receive, receive
from app.domain.transfers.ship import Ship, ship
from app.domain.transfers.take_back import TakeBack, take_back
from app.portals.provider.portal import portal
from app.portals.provider.transfers.forms import LinesForm, WhyForm, arrival_form, arrived, ship_form
from app.web import context, transfer_words
from app.web.answers import done, show
from app.web.context import actor, db, now, today
from app.web.forms import Form, add_error

if TYPE_CHECKING:
    from app.domain.transfers.models import Transfer

_ONE = "/<uuid:location_id>/transfers/<uuid:transfer_id>"
_MANAGE = Permission.MANAGE_TRANSFERS


def acts_here(transfer: "Transfer", location_id: UUID) -> tuple[str, ...]:
    """What a person at this location can do with the transfer now."""
    if not actor().may(_MANAGE, at=location_id):
        return ()
    return states.acts(transfer.status, "sender" if transfer.from_location_id == location_id else "receiver")


def _page_of(location_id: UUID, transfer_id: UUID) -> str:
    return url_for("provider.transfer_page", location_id=location_id, transfer_id=transfer_id)


def _too_late(location_id: UUID, transfer_id: UUID) -> Response:
    """Somebody was faster, or it is the other side's turn."""
    told = _("This cannot be done as the transfer stands now; nothing was changed. This is how it stands.")
    return done(_page_of(location_id, transfer_id), told, "warning")


def _taken(location_id: UUID, transfer_id: UUID, message: str) -> Response:
    context.wake("mail")
    return done(_page_of(location_id, transfer_id), message)


def _ask(template: str, form: Form, location_id: UUID, transfer: "Transfer", act: str, **more: Any) -> Response:
    return show(
        template, form=form, location_id=location_id, transfer=transfer, act=act,
        words=transfer_words, back=_page_of(location_id, transfer.id), **more,
    )  # fmt: skip


@portal.action(f"{_ONE}/ship", needs=_MANAGE)
def ship_transfer(location_id: UUID, transfer_id: UUID) -> Response:
    """The doses leave the shelf."""
    transfer = queries.get_transfer(db(), actor(), transfer_id, at=location_id)
    if "ship" not in acts_here(transfer, location_id):
        return _too_late(location_id, transfer_id)
    form = ship_form(transfer.lines)
    if form.submitted():
        doses = {line.id: form.of("doses", line.id).data for line in transfer.lines}
        command = Ship(location_id, transfer_id, doses, form.note.data or "")
        try:
            ship(db(), actor(), command, now=now(), today=today())
        except NotNow:
            return _too_late(location_id, transfer_id)
        except (BadTransfer, LineUnusable, NotEnough, NotOneOrganization, NoAgreement) as refusal:
            _place(form, transfer, refusal)
        else:
            return _taken(location_id, transfer_id, _("It is on the way. The receiver gets a mail."))
    return _ask("provider/transfers/ship.html", form, location_id, transfer, "ship")


@portal.action(f"{_ONE}/<any(receive,'take-back'):act>", needs=_MANAGE)
def receive_transfer(location_id: UUID, transfer_id: UUID, act: str) -> Response:
    """What was shipped arrives, in full or not, at the receiver or back at the sender."""
    transfer = queries.get_transfer(db(), actor(), transfer_id, at=location_id)
    if act.replace("-", "_") not in acts_here(transfer, location_id):
        return _too_late(location_id, transfer_id)
    lines = [line for line in transfer.lines if line.doses_shipped]
    form = arrival_form(lines)
    if form.submitted():
        said = tuple(arrived(form, line.id) for line in lines)
        try:
            if act == "receive":
                command = Receive(location_id, transfer_id, said, form.note.data or "")
                receive(db(), actor(), command, now=now(), today=today())
            else:
                take_back(db(), actor(), TakeBack(location_id, transfer_id, said, form.note.data or ""), now=now())
        except NotNow:
            return _too_late(location_id, transfer_id)
        except (BadTransfer, NeedsDiscrepancy) as refusal:
            _place(form, transfer, refusal)
        else:
            return _taken(location_id, transfer_id, _("The doses are on your shelf."))
    return _ask("provider/transfers/arrival.html", form, location_id, transfer, act.replace("-", "_"), lines=lines)


@portal.action(f"{_ONE}/<any(cancel,refuse):act>", needs=_MANAGE)
def stop_transfer(location_id: UUID, transfer_id: UUID, act: str) -> Response:
    """The sender cancels, or the receiver refuses."""
    transfer = queries.get_transfer(db(), actor(), transfer_id, at=location_id)
    if act not in acts_here(transfer, location_id):
        return _too_late(location_id, transfer_id)
    form = WhyForm()
    if form.submitted():
        command = stop.Stop(location_id, transfer_id, form.why.data or "")
        try:
            (stop.cancel if act == "cancel" else stop.refuse)(db(), actor(), command, now=now())
        except NotNow:
            return _too_late(location_id, transfer_id)
        except BadTransfer as refusal:
            _place(form, transfer, refusal)
        else:
            return _taken(location_id, transfer_id, _("It is stopped. The other side gets a mail."))
    return _ask(
        "provider/transfers/stop.html",
        form,
        location_id,
        transfer,
        act,
        on_the_way=transfer.status in states.ON_THE_WAY,
    )


def _place(form: Form, transfer: "Transfer", refusal: Any) -> None:
    """Show a refusal beside the field that it is about."""
    if isinstance(refusal, NeedsDiscrepancy):
        for line_id in refusal.line_ids:
            told = _("Choose why it differs from what was shipped, and explain another reason")
            add_error(form[f"discrepancy_{line_id.hex}"], told)
    elif isinstance(refusal, LineUnusable | NotEnough):
        line = next(line for line in transfer.lines if line.lot_id == refusal.lot_id)
        add_error(form[f"doses_{line.id.hex}"], transfer_words.why_not(refusal))
    elif isinstance(refusal, NotOneOrganization | NoAgreement):
        form.form_errors.append(transfer_words.why_not_these(refusal))
    elif refusal.line_id is not None and isinstance(form, LinesForm):
        add_error(form.of(refusal.field, refusal.line_id), transfer_words.why_bad(refusal))
    elif refusal.field in form:
        add_error(form[refusal.field], transfer_words.why_bad(refusal))
    else:
        form.form_errors.append(transfer_words.why_bad(refusal))
