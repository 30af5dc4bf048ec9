"""A setting gets another value."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from app.web.forms import Form, MemorableDateField


class SettingForm(Form):
    """The value as one types it, and the day from which it holds."""

    value = StringField(_l("New value"), [DataRequired(_l("Enter the new value")), Length(max=200)])
    day = MemorableDateField(_l("Holds from"), [DataRequired(_l("Enter the day from which it holds"))])
