"""Vaccine products: the list, one product with its rules and history, a new one, its end."""

from itertools import pairwise
from typing import Any
from uuid import UUID

from flask import Response, abort, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.accounts.full_names import full_names
from app.domain.program import change_product as deciding
from app.domain.program.change_product import InThePast, NothingChanges
from app.domain.program.product_values import IDENTITY, ValuesRefused, values_of
from app.domain.program.products import get_product, list_products
from app.portals.state.portal import portal
from app.portals.state.products import change_views, wording
from app.portals.state.products.forms import AddForm, EndForm, WithdrawForm
from app.web.answers import done, show
from app.web.context import actor, db, now, today
from app.web.forms import add_error

__all__ = ["change_views"]

_CHANGE = Permission.CHANGE_SETTINGS
_ONE = "/products/<uuid:product_id>"


@portal.page("/products", needs=_CHANGE)
def products() -> Response:
    """What may be given today, what is coming, and what has ended."""
    found = list_products(db())
    rows = [(product, values_of(product.rules_on(max(today(), product.effective_from)))) for product in found]
    return show("state/products/list.html", rows=rows, today=today())


@portal.page(_ONE, needs=_CHANGE)
def product_page(product_id: UUID) -> Response:
    """One product: its codes, the rules of today, what is coming, and who decided what."""
    found = get_product(db(), product_id)
    history = deciding.history_of(db(), actor(), product_id)
    return show(
        "state/products/product.html", product=found, identity=IDENTITY, words=wording, today=today(), history=history,
        rules=values_of(found.rules_on(max(today(), found.effective_from))), coming=_coming(found),
        who=full_names(db(), (one.made_by_id for one in history)), withdraw=WithdrawForm(formdata=None),
    )  # fmt: skip


@portal.action("/products/new", needs=_CHANGE)
def new_product() -> Response:
    """A product that the program did not know."""
    form = AddForm(data={"day": today(), "grace_days": "4", "absolute_days": "0", "beyond_use_hours": "6"})
    if form.submitted() and form.day.data:
        typed = form.typed() | {name: str(form[name].data or "") for name in IDENTITY}
        command = deciding.AddProduct(typed, int(form.series.data), form.day.data)
        try:
            made = deciding.add_product(db(), actor(), command, now=now())
        except ValuesRefused as refusal:
            for name, reason in refusal.reasons.items():
                add_error(form[name], wording.why(name, reason))
        else:
            return done(url_for("state.product_page", product_id=made.id), _("The product is added."))
    return show("state/products/new.html", form=form)


@portal.action(f"{_ONE}/end", needs=_CHANGE)
def end_product_page(product_id: UUID) -> Response:
    """Its last day, or no last day again."""
    found = get_product(db(), product_id)
    form = EndForm(data={"day": found.effective_to})
    if form.submitted():
        command = deciding.EndProduct(product_id, form.day.data)
        try:
            deciding.end_product(db(), actor(), command, today=today(), now=now())
        except InThePast:
            add_error(form.day, _("This day is past. Enter today or a later day"))
        except NothingChanges:
            add_error(form.day, _("This is what holds already"))
        else:
            return done(url_for("state.product_page", product_id=product_id), _("The last day is changed."))
    return show("state/products/end.html", form=form, product=found)


@portal.action(f"{_ONE}/changes/<day>/withdraw", needs=_CHANGE, methods=("POST",))
def withdraw_product_change(product_id: UUID, day: str) -> Response:
    """A coming change does not happen."""
    back = url_for("state.product_page", product_id=product_id)
    known = [one for one, _values in _coming(get_product(db(), product_id)) if one.isoformat() == day]
    if not known:
        abort(404)
    if not WithdrawForm().submitted():
        return done(back)
    try:
        deciding.withdraw_change(db(), actor(), deciding.WithdrawChange(product_id, known[0]), today=today(), now=now())
    except (InThePast, NothingChanges):
        return done(back, _("This is what holds already"), "info")
    return done(back, _("The change is taken back."))


def _coming(product: Any) -> list[tuple[Any, dict[str, Any]]]:
    """Later days and the values that change on them, the next one first."""
    periods = product.schedule().periods
    found = []
    for before, period in pairwise(periods):
        if period.effective_from > today():
            old, new = values_of(before.rules), values_of(period.rules)
            found.append((period.effective_from, {name: new[name] for name in new if new[name] != old[name]}))
    return found
