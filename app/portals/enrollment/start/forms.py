"""Who registers an organization."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField
from wtforms.validators import DataRequired

from app.web.forms import Form
from app.web.organization_form import text_field


class RegisterForm(Form):
    """The Organization Administrator: the address becomes the user name."""

    first_name = text_field(
        _l("Your first name"), 40, required=_l("Enter your first name"), render_kw={"autocomplete": "given-name"}
    )
    last_name = text_field(
        _l("Your last name"), 80, required=_l("Enter your last name"), render_kw={"autocomplete": "family-name"}
    )
    email = EmailField(
        _l("Your e-mail address"),
        [DataRequired(_l("Enter your e-mail address"))],
        description=_l("It becomes your user name. A mail with a link goes there, so use one that you read yourself."),
        render_kw={"autocomplete": "email", "spellcheck": "false"},
    )


class EmptyForm(Form):
    """A button."""
