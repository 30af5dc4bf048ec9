"""A vaccine provider registers with the help desk."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import DataRequired, Length

from app.web.forms import Form


def _line(label: Any, required: Any, longest: int) -> StringField:
    return StringField(label, [DataRequired(required), Length(max=longest)])


def _agreement() -> BooleanField:
    return BooleanField(
        _l("I agree to the terms and conditions"), [DataRequired(_l("Tick this box if you agree to the terms"))]
    )


class RegisterForm(Form):
    """Name, business address, the code, the terms."""

    first_name = _line(_l("First name"), _l("Enter the first name"), 40)
    last_name = _line(_l("Last name"), _l("Enter the last name"), 80)
    email = _line(_l("Business e-mail address"), _l("Enter your business e-mail address"), 254)
    code = _line(_l("Registration code"), _l("Enter the registration code"), 20)
    terms = _agreement()
    website = StringField(_l("Leave this empty"))


class AgreeForm(Form):
    """To newer terms; `version` is the one that was shown."""

    terms = _agreement()
    version = HiddenField()
