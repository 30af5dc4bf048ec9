"""Forms about one lot: what is said about it is corrected, doses leave the shelf, it is set apart."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.domain.inventory.reasons import DEPRECATION_REASONS, EXPIRY_REASONS, TOTAL_REASONS
from app.domain.program.lookup import Choice, Choices
from app.portals.provider.inventory.forms import DosesField
from app.web import lists
from app.web.forms import Form, MemorableDateField

_SHORT = Length(max=255, message=_l("Use 255 characters or fewer"))
_WHY = [InputRequired(_l("Choose the reason"))]


def offered(entries: Choices[Choice], empty: Any = None) -> list[Any]:
    """The choices of a list in the reader's language."""
    return lists.offered(entries.entries, empty)


class ExpiryForm(Form):
    """The right expiration date, and why it differs."""

    expires_on = MemorableDateField(_l("Right expiration date"), [InputRequired(_l("Enter the expiration date"))])
    reason = RadioField(_l("Why does it change?"), _WHY)
    explanation = StringField(_l("Explanation"), [_SHORT], description=_l("Needed for “Another reason”."))
    version = HiddenField()

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.reason.choices = offered(EXPIRY_REASONS)


class TotalForm(Form):
    """All doses that the lot ever held here."""

    total = DosesField(_l("Right total of doses"), [InputRequired(_l("Enter the number of doses"))])
    reason = RadioField(_l("Why does it change?"), _WHY)
    explanation = StringField(_l("Explanation"), [_SHORT], description=_l("Needed for “Another reason”."))
    version = HiddenField()

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.reason.choices = offered(TOTAL_REASONS)


class DeprecateForm(Form):
    """Doses that leave the shelf without being given."""

    doses = DosesField(_l("Doses"), [InputRequired(_l("Enter the number of doses"))])
    reason = SelectField(_l("Reason"), _WHY)
    found_on = MemorableDateField(_l("Day on which it was found"), [InputRequired(_l("Enter the day"))])
    explanation = StringField(_l("Explanation"), [_SHORT], description=_l("Needed for “Another reason”."))

    def __init__(self, kind: str, **given: Any) -> None:
        super().__init__(**given)
        reasons = DEPRECATION_REASONS[kind]
        self.only_reason = reasons.entries[0].code if len(reasons.entries) == 1 else ""
        self.reason.choices = offered(reasons, _("Choose"))
        if self.only_reason:
            del self.reason
            self.explanation.description = ""

    @property
    def chosen_reason(self) -> str:
        """The code of the reason; the only one where there is no choice."""
        return self.only_reason or str(self.reason.data)


class BecauseForm(Form):
    """An act that needs a sentence."""

    because = TextAreaField(_l("Why?"), [InputRequired(_l("Say why")), _SHORT])
