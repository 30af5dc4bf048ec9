"""Transfers from and to a location: the list, one transfer, and the request for a new one."""

import re
from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.errors import NotFound
from app.domain.inventory.queries import get_lot, list_lots
from app.domain.providers.queries import name_of_location
from app.domain.transfers import overdue, queries, states
from app.domain.transfers.errors import BadTransfer, LineUnusable, NoAgreement, NotEnough, NotOneOrganization
from app.domain.transfers.lists import KINDS
from app.domain.transfers.request_transfer import BARS_SENDING, request_transfer
from app.portals.provider.portal import portal
from app.portals.provider.transfers import step_views
from app.portals.provider.transfers.forms import RequestForm, request_form, tomorrow
from app.web import context, transfer_words
from app.web.answers import done, show
from app.web.context import actor, db, now, today
from app.web.forms import add_error
from app.web.paging import Pager, after_from_request

__all__ = ["step_views"]

_VIEW, _MANAGE = Permission.VIEW_INVENTORY, Permission.MANAGE_TRANSFERS


@portal.page("/<uuid:location_id>/transfers", needs=_VIEW)
def transfers(location_id: UUID) -> Response:
    """From here and to here, newest first; those under way unless all are asked for."""
    ended = request.args.get("show") == "all"
    found = queries.list_transfers(
        db(),
        actor(),
        location_id=location_id,
        statuses=() if ended else sorted(states.OPEN),
        after=after_from_request(),
    )
    return show(
        "provider/transfers/list.html", location_id=location_id, found=found.items, pager=Pager(found), ended=ended,
        words=transfer_words, may_request=actor().may(_MANAGE, at=location_id),
        late=overdue.too_long_on_the_way(db(), actor(), now=now(), location_id=location_id),
    )  # fmt: skip


@portal.page("/<uuid:location_id>/transfers/<uuid:transfer_id>", needs=_VIEW)
def transfer_page(location_id: UUID, transfer_id: UUID) -> Response:
    """The same page for both sides; the buttons are those of one's own side."""
    transfer = queries.get_transfer(db(), actor(), transfer_id, at=location_id)
    return show(
        "provider/transfers/transfer.html", location_id=location_id, transfer=transfer, words=transfer_words,
        steps=queries.steps_of(db(), transfer), acts=step_views.acts_here(transfer, location_id),
        late=transfer_words.is_late(transfer, now()),
    )  # fmt: skip


@portal.page("/<uuid:location_id>/transfers/new", needs=_MANAGE)
def choose_receiver(location_id: UUID) -> Response:
    """Which kind, and to which location: the first step of a request."""
    kind = _kind()
    text = request.args.get("text", "")[:100].strip()
    found = queries.receivers_for(db(), actor(), location_id, text, kind=kind)
    return show(
        "provider/transfers/choose.html", fragment="places", location_id=location_id, kind=kind, text=text,
        places=found, most=queries.OFFERED, words=transfer_words,
    )  # fmt: skip


@portal.action("/<uuid:location_id>/transfers/new/lots", needs=_MANAGE)
def new_transfer(location_id: UUID) -> Response:
    """Which lots and how many doses, when and how: the second step."""
    to_id, kind = _receiver(), _kind()
    form = request_form(_sendable(location_id), planned_on=tomorrow(today()), contact_name=context.account().full_name)
    if form.submitted():
        try:
            made = request_transfer(db(), actor(), form.command(location_id, to_id, kind), now=now(), today=today())
        except BadTransfer as refusal:
            _place(form, refusal)
        except (LineUnusable, NotEnough) as refusal:
            add_error(form.doses_of(refusal.lot_id), transfer_words.why_not(refusal))
        except (NotOneOrganization, NoAgreement) as refusal:
            form.form_errors.append(transfer_words.why_not_these(refusal))
        else:
            context.wake("mail")
            url = url_for("provider.transfer_page", location_id=location_id, transfer_id=made.id)
            return done(url, _("The request is sent. You get a mail when the state has decided."))
    return show(
        "provider/transfers/request.html", form=form, location_id=location_id, to_id=to_id, kind=kind,
        to_name=name_of_location(db(), to_id), words=transfer_words,
    )  # fmt: skip


def _kind() -> str:
    kind = request.args.get("kind", "")
    return kind if kind in KINDS else KINDS[0]


def _receiver() -> UUID:
    try:
        to_id = UUID(request.args.get("to", ""))
    except ValueError as error:
        raise NotFound from error
    if not name_of_location(db(), to_id):
        raise NotFound
    return to_id


def _sendable(location_id: UUID) -> list[Any]:
    """Lots with doses against which nothing speaks that forbids sending, and those for which somebody typed doses."""
    found = list_lots(db(), actor(), location_id, today=today(), size=200)
    typed = {name.removeprefix("doses_") for name, doses in request.form.items() if name.startswith("doses_") and doses}
    lots = [line.lot for line in found.items if not BARS_SENDING.intersection(line.reasons) or line.lot.id.hex in typed]
    return lots + [get_lot(db(), actor(), location_id, UUID(key)) for key in _ids(typed - {lot.id.hex for lot in lots})]


def _ids(keys: set[str]) -> list[str]:
    return sorted(key for key in keys if re.fullmatch("[0-9a-f]{32}", key))


def _place(form: RequestForm, refusal: BadTransfer) -> None:
    """Show a refusal beside the field that it is about."""
    told = transfer_words.why_bad(refusal)
    if refusal.lot_id is not None:
        add_error(form.doses_of(refusal.lot_id), told)
    elif refusal.field in form:
        add_error(form[refusal.field], told)
    else:
        form.form_errors.append(told)
