"""Forms of recalls and stops."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.web.forms import Form

_SHORT = Length(max=255, message=_l("Use 255 characters or fewer"))


class StopForm(Form):
    """A whole product is taken out of use."""

    product = RadioField(_l("Vaccine"), [InputRequired(_l("Choose the vaccine"))])
    reason = TextAreaField(_l("Why?"), [InputRequired(_l("Say why; every location reads it")), _SHORT])
    sure = BooleanField(_l("From now on nobody in the state may give it"), [InputRequired(_l("Tick the box to go on"))])


class RecallForm(StopForm):
    """A lot is taken out of use, by its number."""

    asked_first = ("product", "lot_number")

    lot_number = StringField(
        _l("Lot number"),
        [InputRequired(_l("Enter the lot number")), Length(max=30, message=_l("Use 30 characters or fewer"))],
    )


class LiftForm(Form):
    """It is in use again."""

    because = TextAreaField(_l("Why is it lifted?"), [InputRequired(_l("Say why")), _SHORT])
