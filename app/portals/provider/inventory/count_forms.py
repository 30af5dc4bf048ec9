"""Forms with a line for each lot or opened vial."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.inventory.close_day import ClosedVial
from app.domain.inventory.count_stock import CountedLot
from app.portals.provider.inventory.forms import DosesField
from app.web.forms import Form, choices
from app.web.pencil import version_from

if TYPE_CHECKING:
    from app.domain.inventory.models import Lot, Vial

_SHORT = Length(max=255, message=_l("Use 255 characters or fewer"))


class LinesForm(Form):
    """Lines named by what they are about."""

    def of(self, name: str, about: UUID) -> Any:
        """The field of a line."""
        return self[f"{name}_{about.hex}"]


class CountForm(LinesForm):
    """What is on the shelf, lot by lot; a lot that was not counted stays empty."""

    note = StringField(_l("Note, if you like"), [_SHORT])

    lots: "list[Lot]"

    def lines(self) -> tuple[CountedLot, ...]:
        """The lots that were counted; `expected` as the page showed it."""
        return tuple(
            CountedLot(
                lot.id, version_from(self.of("expected", lot.id).data), self.of("counted", lot.id).data,
                self.of("explanation", lot.id).data or "",
            )
            for lot in self.lots
            if self.of("counted", lot.id).data is not None
        )  # fmt: skip


def count_form(lots: "list[Lot]") -> CountForm:
    """The form for these lots, as they should be by the books."""
    fields: dict[str, Any] = {}
    for lot in lots:
        fields[f"expected_{lot.id.hex}"] = HiddenField(default=str(lot.balance))
        fields[f"counted_{lot.id.hex}"] = DosesField(_("Counted of lot %(n)s", n=lot.number), [Optional()])
        fields[f"explanation_{lot.id.hex}"] = StringField(_("Why does it differ?"), [_SHORT])
    form: CountForm = type("CountLotsForm", (CountForm,), fields)()
    form.lots = lots
    return form


class OpenVialForm(Form):
    """A vial is opened; its doses are as usual for the vaccine unless said otherwise."""

    lot = SelectField(_l("Lot"), [InputRequired(_l("Choose the lot"))])
    doses = DosesField(
        _l("Doses in the vial"), [Optional()], description=_l("Leave empty for the usual number of this vaccine.")
    )


def open_vial_form(lots: "list[Lot]") -> OpenVialForm:
    """For the lots from which doses may be given."""
    form = OpenVialForm()
    form.lot.choices = choices([(str(lot.id), f"{lot.number} – {lot.product.name}") for lot in lots], _l("Choose"))
    return form


class CloseForm(LinesForm):
    """What was left in each opened vial and thrown away; a vial that stays open is left empty."""

    vials: "list[Vial]"

    def lines(self) -> tuple[ClosedVial, ...]:
        """The vials that are closed."""
        return tuple(
            ClosedVial(vial.id, self.of("wasted", vial.id).data, self.of("explanation", vial.id).data or "")
            for vial in self.vials
            if self.of("wasted", vial.id).data is not None
        )


def close_form(vials: "list[Vial]") -> CloseForm:
    """The form for the vials that are open; all that is left is proposed as thrown away."""
    fields: dict[str, Any] = {}
    for vial in vials:
        fields[f"wasted_{vial.id.hex}"] = DosesField(
            _("Thrown away of lot %(n)s", n=vial.lot.number), [Optional()], default=vial.doses_left
        )
        fields[f"explanation_{vial.id.hex}"] = StringField(_("Where are the others?"), [_SHORT])
    form: CloseForm = type("CloseVialsForm", (CloseForm,), fields)()
    form.vials = vials
    return form
