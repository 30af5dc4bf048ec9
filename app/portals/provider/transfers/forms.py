"""Forms of transfers. Each line of doses is a field of its own, so that mistakes stand beside it."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.transfers.lists import DISCREPANCIES, TRANSPORTS
from app.domain.transfers.receive import Arrived
from app.domain.transfers.request_transfer import RequestTransfer, Wanted
from app.portals.provider.inventory.forms import DosesField
from app.web.forms import Form, MemorableDateField, PhoneField, choices

if TYPE_CHECKING:
    from app.domain.inventory.models import Lot
    from app.domain.transfers.models import TransferLine

_LONG = Length(max=500, message=_l("Use %(max)d characters or fewer"))


class RequestForm(Form):
    """What a transfer is for and how it travels; the lots' doses are added by `request_form`."""

    reason = TextAreaField(_l("Why is it sent?"), [InputRequired(_l("Say why; the state decides by it")), _LONG])
    planned_on = MemorableDateField(_l("Planned day"), [InputRequired(_l("Enter the day on which it should leave"))])
    transport = RadioField(_l("How does it travel?"), [InputRequired(_l("Choose how it travels"))])
    cold_chain = BooleanField(
        _l("The cold chain is kept: the temperature is watched from door to door"),
        [InputRequired(_l("Vaccine moves only when somebody answers for its temperature"))],
    )
    contact_name = StringField(
        _l("Who answers questions?"),
        [InputRequired(_l("Enter a name")), Length(max=130, message=_l("Use %(max)d characters or fewer"))],
    )
    contact_phone = PhoneField(_l("Phone number"), [InputRequired(_l("Enter a phone number"))])

    lots: "list[Lot]"

    def doses_of(self, lot_id: UUID) -> Any:
        """The field of a lot."""
        return self[f"doses_{lot_id.hex}"]

    def command(self, from_id: UUID, to_id: UUID, kind: str) -> RequestTransfer:
        """What the domain is asked to do. Lots without a number stay where they are."""
        typed = {lot.id: self.doses_of(lot.id).data for lot in self.lots}
        return RequestTransfer(
            from_id, to_id, kind, self.reason.data or "", self.planned_on.data, self.transport.data,
            bool(self.cold_chain.data), self.contact_name.data or "", self.contact_phone.data or "",
            tuple(Wanted(lot_id, doses) for lot_id, doses in typed.items() if doses),
        )  # fmt: skip


def request_form(lots: "list[Lot]", **given: Any) -> RequestForm:
    """The form for the lots that may be sent."""
    fields = {f"doses_{lot.id.hex}": DosesField(_("Doses of lot %(n)s", n=lot.number), [Optional()]) for lot in lots}
    form: RequestForm = type("RequestOfLotsForm", (RequestForm,), fields)(data=given)
    form.lots = lots
    form.transport.choices = choices([(entry.code, _(entry.label)) for entry in TRANSPORTS.entries])
    return form


class LinesForm(Form):
    """The lines of a transfer, and a note."""

    note = TextAreaField(_l("Note, if you like"), [Optional(), _LONG])

    def of(self, name: str, line_id: UUID) -> Any:
        """The field of a line."""
        return self[f"{name}_{line_id.hex}"]


def ship_form(lines: "Iterable[TransferLine]") -> LinesForm:
    """How many doses of each line are shipped; all at first."""
    need = [InputRequired(_l("Enter the number of doses, 0 for none"))]
    fields = {
        f"doses_{line.id.hex}": DosesField(_("Doses of lot %(n)s", n=line.lot_number), need, default=line.doses)
        for line in lines
    }
    return type("ShipForm", (LinesForm,), fields)()


def arrival_form(lines: "Iterable[TransferLine]") -> LinesForm:
    """What arrived of each line; all of it at first, undamaged."""
    fields: dict[str, Any] = {}
    for line in lines:
        number, key = line.lot_number, line.id.hex
        need = [InputRequired(_l("Enter the number of doses, 0 for none"))]
        fields[f"arrived_{key}"] = DosesField(_("Arrived of lot %(n)s", n=number), need, default=line.doses_shipped)
        fields[f"damaged_{key}"] = DosesField(_("Of these, damaged"), [Optional()], default=0)
        fields[f"discrepancy_{key}"] = SelectField(
            _("Why does it differ?"),
            choices=choices([(entry.code, _(entry.label)) for entry in DISCREPANCIES.entries], _("It does not differ")),
        )
        fields[f"explanation_{key}"] = StringField(
            _("Explanation"), [Length(max=255, message=_l("Use 255 characters or fewer"))]
        )
    return type("ArrivalForm", (LinesForm,), fields)()


def arrived(form: LinesForm, line_id: UUID) -> Arrived:
    """What was typed of one line."""
    return Arrived(
        line_id, form.of("arrived", line_id).data or 0, form.of("damaged", line_id).data or 0,
        form.of("discrepancy", line_id).data or "", form.of("explanation", line_id).data or "",
    )  # fmt: skip


class WhyForm(Form):
    """An act that the other side reads the reason of."""

    why = TextAreaField(_l("Why?"), [InputRequired(_l("Say why; the other side reads it")), _LONG])


def tomorrow(today: date) -> date:
    """The day that is proposed."""
    return date.fromordinal(today.toordinal() + 1)
