"""The shelf is counted, vials are opened, and the day ends with every dose accounted for."""

import re
from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.inventory import queries, vials
from app.domain.inventory.close_day import CloseVials, close_vials, day_balance
from app.domain.inventory.count_stock import CountStock, count_stock, get_stocktake, list_stocktakes
from app.domain.inventory.errors import AlreadyDone, BadValue, LotUnusable, NeedsExplanation, NoDosesLeft, StockMoved
from app.portals.provider.inventory import wording
from app.portals.provider.inventory.count_forms import CountForm, LinesForm, close_form, count_form, open_vial_form
from app.portals.provider.portal import portal
from app.web.answers import done, show
from app.web.context import actor, db, now, settings, today
from app.web.filters import clock
from app.web.forms import add_error
from app.web.paging import Pager, after_from_request

_PLACE = "/<uuid:location_id>/inventory"
_VIEW, _GIVE = Permission.VIEW_INVENTORY, Permission.ADMINISTER_DOSES
_MOST = 200
_COUNTED = re.compile("counted_[0-9a-f]{32}")


@portal.page(f"{_PLACE}/counts", needs=_VIEW)
def stock_counts(location_id: UUID) -> Response:
    """The counts of this location, newest first."""
    found = list_stocktakes(db(), actor(), location_id, after=after_from_request())
    return show(
        "provider/inventory/counts.html", location_id=location_id, counts=found.items, pager=Pager(found), words=wording,
        may_count=actor().may(Permission.MANAGE_INVENTORY, at=location_id),
    )  # fmt: skip


@portal.page(f"{_PLACE}/counts/<uuid:stocktake_id>", needs=_VIEW)
def stock_count(location_id: UUID, stocktake_id: UUID) -> Response:
    """One count, line by line."""
    found = get_stocktake(db(), actor(), location_id, stocktake_id)
    return show("provider/inventory/counted.html", location_id=location_id, count=found, words=wording)


@portal.action(f"{_PLACE}/counts/new", needs=Permission.MANAGE_INVENTORY)
def count_shelf(location_id: UUID) -> Response:
    """What is there is typed; the difference is booked and explained."""
    form = count_form(_countable(location_id))
    if form.submitted():
        try:
            made = count_stock(db(), actor(), CountStock(location_id, form.lines(), form.note.data or ""), now=now())
        except NeedsExplanation as refusal:
            for lot_id in refusal.ids:
                add_error(form.of("explanation", lot_id), _("Explain the difference in a few words"))
        except StockMoved as refusal:
            _count_again(form, refusal)
        except BadValue as refusal:
            _place(form, refusal, "counted")
        else:
            url = url_for("provider.stock_count", location_id=location_id, stocktake_id=made.id)
            return done(url, _("The count is booked."))
    return show("provider/inventory/count.html", form=form, location_id=location_id, words=wording)


@portal.action(f"{_PLACE}/vials", needs=_VIEW)
def opened_vials(location_id: UUID) -> Response:
    """The vials that are open, the one to use first at the top; and one more is opened."""
    lots = queries.lots_to_give_from(db(), location_id, day=today())
    form, may_open = open_vial_form(lots), actor().may(_GIVE, at=location_id)
    if form.submitted():
        command = vials.OpenVial(location_id, UUID(form.lot.data), form.doses.data)
        try:
            made = vials.open_vial(db(), actor(), command, now=now(), today=today())
        except BadValue as refusal:
            add_error(form.doses, wording.why_bad(refusal))
        except NoDosesLeft:
            add_error(form.lot, _("All doses of this lot are in vials that are open already"))
        except LotUnusable as refusal:
            add_error(form.lot, str(wording.WHY_NOT_SENTENCES[refusal.why]))
        else:
            told = _(
                "The vial is open. Use its %(doses)s by %(time)s.",
                doses=wording.doses(made.doses),
                time=clock(made.use_by),
            )
            return done(url_for("provider.opened_vials", location_id=location_id), told)
    return show(
        "provider/inventory/vials.html", form=form, location_id=location_id, lots=lots, may_open=may_open, now=now(),
        vials=vials.open_vials(db(), actor(), location_id), words=wording,
    )  # fmt: skip


@portal.action(f"{_PLACE}/end-of-day", needs=_GIVE)
def end_of_day(location_id: UUID) -> Response:
    """Opened vials are closed, and the day's balance shows whether every dose is accounted for."""
    form = close_form(vials.open_vials(db(), actor(), location_id))
    if form.submitted():
        try:
            closed = close_vials(db(), actor(), CloseVials(location_id, form.lines()), now=now())
        except NeedsExplanation as refusal:
            for vial_id in refusal.ids:
                add_error(
                    form.of("explanation", vial_id),
                    _("Say where the other doses are, such as: given, entered tomorrow"),
                )
        except BadValue as refusal:
            _place(form, refusal, "wasted")
        except AlreadyDone:
            form.form_errors.append(_("Somebody closed one of these vials meanwhile. Check the list, and press again"))
        else:
            told = _("Vials closed: %(n)s.", n=len(closed))
            return done(url_for("provider.end_of_day", location_id=location_id), told)
    return show(
        "provider/inventory/end_of_day.html", form=form, location_id=location_id, words=wording,
        balance=day_balance(db(), actor(), location_id, today(), zone=settings().zone),
    )  # fmt: skip


def _countable(location_id: UUID) -> list[Any]:
    """The lots with doses, and those that somebody counted although the last dose is gone by now."""
    lots = [line.lot for line in queries.list_lots(db(), actor(), location_id, today=today(), size=_MOST).items]
    counted = {name.removeprefix("counted_") for name, doses in request.form.items() if _COUNTED.fullmatch(name) and doses}
    missing = sorted(counted - {lot.id.hex for lot in lots})
    return lots + [queries.get_lot(db(), actor(), location_id, UUID(key)) for key in missing]


def _count_again(form: CountForm, refusal: StockMoved) -> None:
    """Doses moved while somebody counted: what should be there is told anew, and what was typed stays."""
    for lot_id, balance in refusal.balances.items():
        form.of("expected", lot_id).data = str(balance)
        told = _(
            "Doses moved while you counted; by the books it is %(doses)s now. Count again", doses=wording.doses(balance)
        )
        add_error(form.of("counted", lot_id), told)


def _place(form: LinesForm, refusal: BadValue, name: str) -> None:
    """Show a refusal beside the first line that it can be about, or above the form."""
    fields: list[Any] = [field for field in form if field.name.startswith(f"{name}_") and field.data is not None]
    told = wording.why_bad(refusal)
    if refusal.fault == "missing":
        told = _("Enter the doses of at least one line")
    elif refusal.lot_id is not None and f"{name}_{refusal.lot_id.hex}" in form:
        fields = [form.of(name, refusal.lot_id)]
    elif refusal.fault == "not_positive":
        fields = [field for field in fields if field.data < 0]
    elif refusal.limit is not None:
        fields = [field for field in fields if field.data > refusal.limit]
    if fields and refusal.fault != "missing":
        add_error(fields[0], told)
    else:
        form.form_errors.append(told)
