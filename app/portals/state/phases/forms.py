"""Opening and closing a group."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import DataRequired

from app.web.forms import Form, MemorableDateField, choices

OPEN, CLOSE, FOLLOW = "open", "close", "follow"


class ChangeForm(Form):
    """What is to hold, from which day, and where."""

    act = RadioField(
        _l("What is to change"),
        choices=choices(
            [
                (OPEN, _l("The group is open from this day on")),
                (CLOSE, _l("The group is closed from this day on")),
                (FOLLOW, _l("The county does as the state again (no day needed)")),
            ]
        ),
        validators=[DataRequired(_l("Choose what is to change"))],
    )
    day = MemorableDateField(_l("Day"))
    county = SelectField(_l("Where"), validate_choice=False)
    mail_held = BooleanField(_l("Hold the mails to those who become eligible until somebody lets them go here"))
