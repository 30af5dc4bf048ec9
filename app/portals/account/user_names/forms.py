"""Whose user name is looked for."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, ValidationError

from app.domain.recipients.row_values import Unclear, read_email
from app.web.forms import Form


class FindNameForm(Form):
    """The mailbox that the user name belongs to."""

    email = StringField(
        _l("Your e-mail address"),
        [InputRequired(_l("Enter your e-mail address"))],
        description=_l("The one to which we write. We send all user names that belong to it."),
        render_kw={"autocomplete": "email", "inputmode": "email", "spellcheck": "false", "autocapitalize": "none"},
    )

    def validate_email(self, field: Any) -> None:
        """An address that mail can go to."""
        try:
            field.data = read_email(field.data.strip())
        except Unclear as unclear:
            raise ValidationError(_("Write your e-mail address like name@example.org")) from unclear
