"""A change of a product's rules: tried on an invented person first, by the schedule itself, then made."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.program import change_product as deciding
from app.domain.program.change_product import ChangeRules, DecidedMeanwhile, Draft, InThePast, NothingChanges
from app.domain.program.product_values import ValuesRefused, values_of
from app.domain.program.products import get_product, list_products
from app.domain.vaccinations.schedule import Judgement
from app.domain.vaccinations.try_schedule import TrySchedule, try_schedule
from app.portals.state.portal import portal
from app.portals.state.products import wording
from app.portals.state.products.forms import ChangeForm
from app.web.answers import done, show
from app.web.context import actor, db, now, today
from app.web.forms import add_error, choices
from app.web.pencil import version_from

if TYPE_CHECKING:
    from app.domain.program.models import Product

_LONGEST_AGO = 1000


@dataclass(frozen=True, slots=True)
class Tried:
    """What the schedule says as the rules stand, and with the change."""

    now: Judgement
    then: Judgement
    draft: Draft


@portal.action("/products/<uuid:product_id>/rules", needs=Permission.CHANGE_SETTINGS)
def product_rules(product_id: UUID) -> Response:
    """One form, two buttons: try it, and make the change."""
    found = get_product(db(), product_id)
    decisions = len(deciding.history_of(db(), actor(), product_id))
    form = _form(found)
    tried = None
    if form.submitted() and form.day.data:
        known = version_from(request.form.get("decisions"))
        command = ChangeRules(product_id, form.typed(), form.day.data, known)
        if request.form.get("go") == "make" and _make(form, command):
            return done(url_for("state.product_page", product_id=product_id), _("The change is made."))
        tried = None if form.errors else _try(form, command)
    return show(
        "state/products/rules.html", form=form, product=found, tried=tried, words=wording, decisions=decisions,
    )  # fmt: skip


def _form(product: "Product") -> ChangeForm:
    rules = values_of(product.rules_on(max(today(), product.effective_from)))
    form = ChangeForm(
        data={name: "" if value is None else str(value) for name, value in rules.items()} | {"day": today()}
    )
    offered = choices([(str(one.id), one.name) for one in list_products(db())], empty=_("None"))
    form.first_product.choices = form.second_product.choices = offered
    return form


def _make(form: ChangeForm, command: ChangeRules) -> bool:
    try:
        deciding.change_rules(db(), actor(), command, today=today(), now=now())
    except DecidedMeanwhile:
        form.form_errors.append(
            _("Somebody else decided about this vaccine meanwhile. Look at its page, then press the button once more.")
        )
    except (ValuesRefused, InThePast, NothingChanges) as refusal:
        _word(form, refusal)
    return not form.errors


def _try(form: ChangeForm, command: ChangeRules) -> Tried | None:
    try:
        draft = deciding.draft_change(db(), actor(), command, today=today())
    except (ValuesRefused, InThePast, NothingChanges) as refusal:
        _word(form, refusal)
        return None
    age = _number(form.try_age, 120)
    earlier = [
        (UUID(product.data), _number(days, _LONGEST_AGO, least=1))
        for product, days in ((form.first_product, form.first_days), (form.second_product, form.second_days))
        if _is_product(product)
    ]
    if form.errors:
        return None
    invented = TrySchedule(command.product_id, command.effective_from, age, earlier, bool(form.try_weakened.data))
    asked = db(), actor(), invented
    return Tried(try_schedule(*asked), try_schedule(*asked, drafted=draft.schedule), draft)


def _is_product(field: Any) -> bool:
    if not field.data:
        return False
    if field.data not in {choice.value for choice in field.choices}:
        add_error(field, _("Choose one from the list"))
        return False
    return True


def _number(field: Any, most: int, least: int = 0) -> int:
    text = (field.data or "").strip()
    if text.isascii() and text.isdigit() and least <= int(text) <= most:
        return int(text)
    add_error(field, _("Enter a number from %(least)d to %(most)d", least=least, most=most))
    return least


def _word(form: ChangeForm, refusal: Exception) -> None:
    if isinstance(refusal, ValuesRefused):
        for name, reason in refusal.reasons.items():
            add_error(form[name], wording.why(name, reason))
    elif isinstance(refusal, InThePast):
        add_error(form.day, _("This day is past. A change holds from today on or later"))
    else:
        form.form_errors.append(_("Nothing changes: this is what holds already."))
