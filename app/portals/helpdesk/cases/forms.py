"""What a requester can do with a case."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.web.forms import Form, choices


class AnswerForm(Form):
    """An answer with files; on a closed case it opens it again."""

    text = TextAreaField(
        _l("Your answer"),
        [DataRequired(_l("Write something first")), Length(max=8000, message=_l("Use 8,000 characters or fewer"))],
    )
    files = MultipleFileField(_l("Files"))


class ActForm(Form):
    """A button."""


class RateForm(Form):
    """How content somebody is after the end."""

    score = RadioField(
        _l("How well were you helped?"),
        choices=choices(
            [
                ("5", _l("Very well")), ("4", _l("Well")), ("3", _l("So-so")), ("2", _l("Badly")), ("1", _l("Very badly")),
            ]
        ),
        validators=[DataRequired(_l("Choose one of the five"))],
    )  # fmt: skip
    text = TextAreaField(
        _l("Do you want to say more?"), [Length(max=1000, message=_l("Use 1,000 characters or fewer"))]
    )


class RenewForm(Form):
    """For whom the link of a mail is too old."""

    number = StringField(
        _l("Number of the request"), [DataRequired(_l("Enter the number, such as CS0000123")), Length(max=12)]
    )
    email = StringField(_l("E-mail address"), [DataRequired(_l("Enter your e-mail address")), Length(max=254)])
