"""The search in a location's list of people."""

from datetime import date
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired

from app.domain.vaccinations.list_recipients import RecipientFilter
from app.web.forms import Form, MemorableDateField, add_error, choices
from app.web.sealed import NameSearch

REGISTERED = {"yes": True, "no": False}
DOSES = {"0": 0, "1": 1, "2": 2}
COMPLETE = "complete"
_CHOSEN = ("registered", "doses", "employer")
_DAYS = ("first", "last")


class RecipientSearch(NameSearch):
    """By name, narrowed by registration, doses, employer and the days on which doses were given."""

    registered = SelectField(
        _l("Registration"), choices=choices([("yes", _l("Complete")), ("no", _l("Not complete"))], _l("All"))
    )
    doses = SelectField(
        _l("Doses"),
        choices=choices(
            [("0", _l("None")), ("1", _l("One")), ("2", _l("Two or more")), (COMPLETE, _l("Series complete"))], _l("All")
        ),
    )
    employer = StringField(_l("Employer"), filters=[lambda typed: (typed or "").strip()[:100]])
    first = MemorableDateField(_l("Dose given from"))
    last = MemorableDateField(_l("Dose given through"))

    def __init__(self) -> None:
        asked: dict[str, Any] = {key: request.args[key] for key in _CHOSEN if key in request.args}
        asked |= {key: _day(request.args.get(key, "")) for key in _DAYS}
        super().__init__(**asked)

    def validate(self, extra_validators: Any = None) -> bool:
        """Shape, and that the days are in order."""
        good = bool(super().validate(extra_validators))
        if good and self.first.data and self.last.data and self.first.data > self.last.data:
            add_error(self.last, _l("This is before the first day"))
            return False
        return good

    def wanted(self) -> RecipientFilter:
        """What the domain is asked for; a choice that does not exist narrows nothing."""
        return RecipientFilter(
            self.typed, REGISTERED.get(self.registered.data or ""), DOSES.get(self.doses.data or ""),
            complete=self.doses.data == COMPLETE, employer=self.employer.data or "", first_day=self.first.data,
            last_day=self.last.data,
        )  # fmt: skip

    def arguments(self) -> dict[str, Any]:
        """The address of the answer: what may be read there, and the sealed name."""
        days = {key: self[key].data.isoformat() if self[key].data else None for key in _DAYS}
        return {"q": self.sealed(), **{key: self[key].data or None for key in _CHOSEN}, **days}

    @property
    def narrowed(self) -> bool:
        """True when anything but everybody is asked for."""
        return any(self.arguments().values())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class CloseForm(Form):
    """Somebody has died."""

    died_on = MemorableDateField(_l("Day of death"), [InputRequired(_l("Enter the day"))])
    sure = BooleanField(
        _l("I have seen an official paper, or a relative told us"), [InputRequired(_l("Tick the box to go on"))]
    )
