"""What to list of a location's Account History."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField

from app.domain.vaccinations.account_history import AccountFilter
from app.portals.provider.inventory import wording
from app.web.forms import MemorableDateField, add_error, choices
from app.web.sealed import LONGEST_NAME, NameSearch

if TYPE_CHECKING:
    from app.domain.inventory.models import Lot
    from app.domain.program.models import Product

_CHOSEN = ("product", "lot", "kind")
_DAYS = ("first", "last")


class HistoryForm(NameSearch):
    """By day, vaccine, lot, kind and recipient. What names nobody stands in the address."""

    name = StringField(_l("Recipient"), filters=[lambda typed: (typed or "")[:LONGEST_NAME]])
    first = MemorableDateField(_l("From"))
    last = MemorableDateField(_l("Through"))
    product = SelectField(_l("Vaccine"), validate_choice=False)
    lot = SelectField(_l("Lot"), validate_choice=False)
    kind = SelectField(_l("What happened"), validate_choice=False)

    def __init__(self, products: "Iterable[Product]", lots: "Iterable[Lot]") -> None:
        asked: dict[str, Any] = {name: request.args.get(name, "")[:40] for name in _CHOSEN}
        asked |= {name: _day(request.args.get(name, "")) for name in _DAYS}
        super().__init__(**asked)
        self.product.choices = choices([(str(one.id), one.name) for one in products], _l("All"))
        self.lot.choices = choices([(str(one.id), one.number) for one in lots], _l("All"))
        self.kind.choices = choices(wording.LEDGER_KINDS.items(), _l("All"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Shape, and that the days are in order."""
        good = bool(super().validate(extra_validators))
        if good and self.first.data and self.last.data and self.first.data > self.last.data:
            add_error(self.last, _l("This is before the first day"))
            return False
        return good

    def wanted(self) -> AccountFilter:
        """What the domain is asked for; a choice that does not exist narrows nothing."""
        return AccountFilter(
            product_id=_id(self.product.data), lot_id=_id(self.lot.data),
            kind=self.kind.data if self.kind.data in wording.LEDGER_KINDS else None,
            first_day=self.first.data, last_day=self.last.data, person=self.typed,
        )  # fmt: skip

    def arguments(self) -> dict[str, Any]:
        """The address of the answer, with the name sealed."""
        chosen = {name: self[name].data or None for name in _CHOSEN}
        days = {name: self[name].data.isoformat() if self[name].data else None for name in _DAYS}
        return {"q": self.sealed(), **chosen, **days}

    @property
    def narrowed(self) -> bool:
        """True when anything but everything is asked for."""
        return any(self.arguments().values())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
