"""The form with which somebody says that something is wrong."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.web.forms import Form, PhoneField


class WrongForm(Form):
    """What is wrong, and where the answer goes. Whose record it is about is known."""

    request_type = SelectField(_l("What is it about?"), [DataRequired(_l("Choose what it is about"))])
    description = TextAreaField(
        _l("What is wrong?"),
        [DataRequired(_l("Describe what is wrong")), Length(max=8000, message=_l("Use 8,000 characters or fewer"))],
    )
    files = MultipleFileField(_l("Files"))
    email = StringField(
        _l("E-mail address"),
        [DataRequired(_l("Enter an e-mail address: answers come by mail")), Length(max=254)],
        filters=[lambda text: (text or "").strip()],
    )
    phone = PhoneField(_l("Phone"))
