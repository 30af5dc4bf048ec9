"""Forms about guardians and closed records."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from app.web.forms import Form, MemorableDateField

_SHORT = Length(max=255, message=_l("Use 255 characters or fewer"))


class CodeForm(Form):
    """A record is found by its code."""

    code = StringField(
        _l("Code of the record"),
        [InputRequired(_l("Enter the code")), Length(max=30, message=_l("A code has 9 letters and digits"))],
        description=_l("The person reads it from their record or proof."),
    )


class EndForm(Form):
    """A disputed guardianship ends."""

    because = TextAreaField(_l("Why does it end?"), [DataRequired(_l("Say why")), _SHORT])


class CloseForm(Form):
    """Somebody has died."""

    died_on = MemorableDateField(_l("Day of death"), [InputRequired(_l("Enter the day"))])
    sure = BooleanField(
        _l("I have seen an official paper, or a relative told us"), [InputRequired(_l("Tick the box to go on"))]
    )


class AgainForm(Form):
    """It was a mistake."""

    because = TextAreaField(_l("What was the mistake?"), [DataRequired(_l("Say what the mistake was")), _SHORT])
