"""Why a mail is given up."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from app.domain.oversight.mails import LONGEST_REASON
from app.web.forms import Form


class GiveUpForm(Form):
    """The reason stays with the mail."""

    because = TextAreaField(
        _l("Why?"),
        [
            InputRequired(_l("Say why in a few words; colleagues read it")),
            Length(max=LONGEST_REASON, message=_l("Use %(max)d characters or fewer")),
        ],
    )
