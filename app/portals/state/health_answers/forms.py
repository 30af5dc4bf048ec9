"""Why health answers are opened, and what somebody else thinks of it."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.accounts.break_glass import LONGEST
from app.web.forms import Form, choices

REASONS: dict[str, Any] = {
    "harm": _l("Somebody may come to harm if we wait"),
    "complaint": _l("The person asked us, or complained"),
    "inquiry": _l("An inquiry into a side effect or a mistake"),
    "court": _l("A court or an authority asks for it by law"),
    "error": _l("Something is wrong in the system and must be mended"),
    "other": _l("Another reason, told below"),
}
OUTCOMES: dict[str, Any] = {
    "justified": _l("It was justified"),
    "unclear": _l("It is not clear yet; I am asking"),
    "not_justified": _l("It was not justified"),
}
OUTCOME_TAGS = {"justified": "success", "unclear": "warning", "not_justified": "error"}
_LONG = Length(max=LONGEST, message=_l("Use %(max)d characters or fewer"))


class AskForm(Form):
    """A reason of the list, and why in one's own words."""

    reason = RadioField(_l("Reason"), [InputRequired(_l("Choose the reason"))], choices=choices(REASONS.items()))
    because = TextAreaField(
        _l("What do you need it for?"),
        [InputRequired(_l("Say it in a sentence; somebody else reads it")), _LONG],
        description=_l("At least three words, such as the number of a case. It is kept encrypted."),
    )


class ReviewForm(Form):
    """What somebody else thinks of it."""

    outcome = RadioField(_l("What do you think?"), [InputRequired(_l("Choose one"))], choices=choices(OUTCOMES.items()))
    remark = TextAreaField(
        _l("Remark"), [Optional(), _LONG], description=_l("Needed unless it was justified.")
    )
