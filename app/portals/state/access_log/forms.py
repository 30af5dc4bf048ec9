"""The search in the access log."""

from datetime import date
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import Length, Optional

from app.portals.state.access_log.wording import KINDS
from app.web.forms import Form, MemorableDateField, add_error, choices

_LONG = Length(max=270, message=_l("Use %(max)d characters or fewer"))
DAYS = ("first", "last")


class LogSearch(Form):
    """By the code of a record, by a user, by days and by kind."""

    person = StringField(_l("Code of a record"), [Optional(), Length(max=40)])
    user = StringField(_l("User name or e-mail of a user"), [Optional(), _LONG])
    kind = SelectField(_l("What was done"), choices=choices(KINDS.items(), _l("All")))
    first = MemorableDateField(_l("From"), [Optional()])
    last = MemorableDateField(_l("Through"), [Optional()])

    def __init__(self) -> None:
        asked: dict[str, Any] = {key: day_of(request.args.get(key, "")) for key in DAYS}
        super().__init__(data={**asked, "kind": request.args.get("kind", "")})

    def validate(self, extra_validators: Any = None) -> bool:
        """Shape, and that the days are in order."""
        good = bool(super().validate(extra_validators))
        if good and self.first.data and self.last.data and self.first.data > self.last.data:
            add_error(self.last, _l("This is before the first day"))
            return False
        return good

    def arguments(self) -> dict[str, Any]:
        """What of it stands in the address of the answer; who is looked for is added by the view."""
        return {"kind": self.kind.data or None} | {
            key: self[key].data.isoformat() if self[key].data else None for key in DAYS
        }


def day_of(text: str) -> date | None:
    """A day as it stands in an address; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
