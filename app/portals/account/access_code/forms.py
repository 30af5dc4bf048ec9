"""The code, the birth date, and the password that is chosen."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app.portals.account.forms import NewPasswordForm
from app.web.forms import MemorableDateField


class CodeForm(NewPasswordForm):
    """What stands on the sheet, and what only the person knows."""

    asked_first = ("code", "birth_date")

    code = StringField(
        _l("Access code"),
        [InputRequired(_l("Enter the code that stands on your sheet")), Length(max=40)],
        description=_l("15 letters and numbers. Capitals, spaces and hyphens do not matter."),
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"},
    )
    birth_date = MemorableDateField(
        _l("Your date of birth"),
        [InputRequired(_l("Enter your date of birth"))],
        description=_l("So that nobody else can use a sheet that was lost. For example: 4 28 1986"),
    )
