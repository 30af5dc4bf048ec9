"""Is the row the person on record?"""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired

from app.web.forms import Form, choices


class DecisionForm(Form):
    """One question."""

    person = RadioField(
        _l("Are these the same person?"),
        [InputRequired(_l("Choose one of the two"))],
        choices=choices(
            [("same", _l("Yes, the same person")), ("different", _l("No, a different person"))]
        ),
    )
