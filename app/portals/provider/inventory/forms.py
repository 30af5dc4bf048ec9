"""Forms of the inventory."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import TextInput

from app.domain.inventory.receive_shipment import UNKNOWN_EXPIRY, ReceiveShipment
from app.web.forms import Form, MemorableDateField


class DosesField(IntegerField):
    """A number of doses, as people write it: 1170 or 1,170. A number input of HTML would not take the comma."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value.replace(",", "").strip() for value in valuelist])
        except ValueError as error:
            raise ValueError(_("Enter the number of doses in digits, such as 1170")) from error


class ReceiveForm(Form):
    """A delivery as its papers tell it."""

    product = RadioField(_l("Vaccine"), [InputRequired(_l("Choose the vaccine"))])
    lot_number = StringField(
        _l("Lot number"),
        [InputRequired(_l("Enter the lot number")), Length(max=30, message=_l("Use 30 characters or fewer"))],
    )
    expires_on = MemorableDateField(_l("Expiration date"))
    unknown_expiry = BooleanField(_l("The expiration date is not known yet (papers say 12/31/2069)"))
    replace_expiry = BooleanField(_l("The new date is right: change it for the whole lot"))
    doses_expected = DosesField(_l("Doses expected"), [InputRequired(_l("Enter the number of doses on the papers"))])
    doses_received = DosesField(_l("Doses received"), [InputRequired(_l("Enter the number of doses that arrived"))])
    doses_damaged = DosesField(_l("Of these, damaged"), [Optional()], default=0)
    reference = StringField(
        _l("Order or tracking number"), [Optional(), Length(max=60, message=_l("Use 60 characters or fewer"))]
    )

    differs = False

    def validate(self, extra_validators: Any = None) -> bool:
        """Shape only; an expiry or the tick that it is unknown must be there."""
        good = bool(super().validate(extra_validators))
        if not self.unknown_expiry.data and self.expires_on.data is None and not self.expires_on.errors:
            self.expires_on.errors = [_l("Enter the expiration date, or tick that it is not known yet")]
            good = False
        return good

    def command(self, location_id: UUID) -> ReceiveShipment:
        """What the domain is asked to do."""
        return ReceiveShipment(
            location_id=location_id,
            product_code=self.product.data,
            lot_number=self.lot_number.data or "",
            expires_on=UNKNOWN_EXPIRY if self.unknown_expiry.data else self.expires_on.data,
            doses_expected=self.doses_expected.data or 0,
            doses_received=self.doses_received.data or 0,
            doses_damaged=self.doses_damaged.data or 0,
            reference=self.reference.data or "",
            replace_expiry=self.replace_expiry.data,
        )
