"""What was looked at before the sheet is printed."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from app.domain.recipients.joining.access_codes import DOCUMENTS
from app.web.forms import Form, choices


class AccessForm(Form):
    """The identity check, kept with the code."""

    document = RadioField(
        _l("Which document did you look at?"),
        [InputRequired(_l("Choose what you looked at"))],
        choices=choices([(entry.code, _l(entry.label)) for entry in DOCUMENTS.entries]),
        description=_l("Whoever has the sheet and knows the date of birth can open the record. Your choice is kept."),
    )
    checked = BooleanField(
        _l("The person is here, and name and date of birth are those of the record"),
        [InputRequired(_l("Tick the box once you have checked this"))],
    )
