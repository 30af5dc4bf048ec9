"""One practising provider as a form."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired

from app.domain.enrollment.lists import TITLES
from app.web.forms import Form, choices
from app.web.organization_form import text_field


class ProviderForm(Form):
    """Somebody who may prescribe vaccine at the location."""

    first_name = text_field(_l("First name"), 40, required=_l("Enter the first name"))
    last_name = text_field(_l("Last name"), 80, required=_l("Enter the last name"))
    title = SelectField(
        _l("Title"),
        [InputRequired(_l("Choose the title"))],
        choices=choices(((entry.code, _l(entry.label)) for entry in TITLES.entries), _l("Choose one")),
    )
    license_number = text_field(
        _l("License number"), 30, required=_l("Enter the license number, as the licensing board writes it")
    )
