"""Forms of the review."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from app.web.forms import Form

_LONG = Length(max=1000, message=_l("Use %(max)d characters or fewer"))


class ApproveForm(Form):
    """The Provider PIN is asked for once, when the location is approved for the first time."""

    provider_pin = StringField(
        _l("Provider PIN"),
        [Optional(), Regexp(r"^[0-9]{6}$", message=_l("Enter six digits, without NCA before them"))],
        description=_l("Six digits. The free one that is proposed may be kept."),
    )


class DenyForm(Form):
    """A reason, which goes into the mail."""

    why = TextAreaField(
        _l("Why is it denied?"), [DataRequired(_l("Say why; the applicant reads it in the mail")), _LONG]
    )


class ReopenForm(Form):
    """A denied location is opened again."""

    why = TextAreaField(_l("Why is it opened again?"), [DataRequired(_l("Say why")), _LONG])


class DisenrollForm(Form):
    """The location leaves the program."""

    why = TextAreaField(_l("Why does it leave the program?"), [DataRequired(_l("Say why")), _LONG])
    sure = BooleanField(
        _l("I know that the location can then give no vaccine"), [InputRequired(_l("Tick the box to go on"))]
    )


class CorrectionForm(Form):
    """What is wrong with one field."""

    comment = TextAreaField(
        _l("What should be corrected?"), [DataRequired(_l("Say what should be corrected and how")), _LONG]
    )


class ReturnForm(Form):
    """The corrections are sent back together."""

    message = TextAreaField(_l("A few words to the applicant, if you like"), [Optional(), _LONG])


class ButtonForm(Form):
    """A button, without questions."""
