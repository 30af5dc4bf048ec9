"""Which paper form, in which language, for whom."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange, Optional

from app.documents.paper import MOST_COPIES
from app.web.forms import Form, MemorableDateField, choices

FORM_NAMES = {
    "registration": _l("Registration: one sheet for each person"),
    "screening": _l("Screening questions: one sheet for each person"),
    "administration": _l("Record of a dose: one sheet for each person"),
    "tally": _l("Doses of the day: one row for each person"),
}
MOST_PARTS = 25


class PaperForm(Form):
    """What to print."""

    form = RadioField(_l("Form"), [InputRequired(_l("Choose the form"))], choices=choices(FORM_NAMES.items()))
    language = RadioField(_l("Language"), choices=choices([("en", _l("English")), ("es", _l("Spanish"))]), default="en")
    day = MemorableDateField(_l("Date to print on it"))
    people = RadioField(
        _l("For whom"),
        choices=choices(
            [
                ("nobody", _l("Empty, to be filled in by hand")),
                ("waiting", _l("Who has checked in on that date and waits")),
                ("due", _l("Whose next dose is due on that date")),
            ]
        ),
        default="nobody",
    )
    copies = IntegerField(
        _l("How many empty ones"),
        [Optional(), NumberRange(1, MOST_COPIES, _l("Choose 1 to 10, and print the file several times for more"))],
        default=1,
    )
    part = IntegerField(
        _l("Part of a long list"), [Optional(), NumberRange(1, MOST_PARTS, _l("Choose 1, or the next part"))], default=1
    )
