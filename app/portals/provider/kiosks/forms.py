"""A kiosk's name."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app.web.forms import Form


class KioskForm(Form):
    """Where the screen stands, in the words of those who work there."""

    name = StringField(
        _l("Where does it stand?"),
        [InputRequired(_l("Say where the screen stands, such as Front door")), Length(max=60)],
        filters=[lambda text: (text or "").strip()],
    )


class RevokeForm(Form):
    """A button."""
