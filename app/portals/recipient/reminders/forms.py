"""The language of mails."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired

from app.web.forms import Form, choices


class LanguageForm(Form):
    """In which language we write."""

    language = RadioField(
        _l("Language of our mails to you"),
        [InputRequired(_l("Choose a language"))],
        choices=choices([("en", "English"), ("es", "Español")]),
    )
