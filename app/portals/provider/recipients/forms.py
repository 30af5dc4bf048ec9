"""The search in a location's list of people."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from app.domain.vaccinations.list_recipients import RecipientFilter
from app.web.forms import choices
from app.web.sealed import NameSearch

REGISTERED = {"yes": True, "no": False}
DOSES = {"0": 0, "1": 1, "2": 2}


class RecipientSearch(NameSearch):
    """By name, narrowed by registration and doses."""

    registered = SelectField(
        _l("Registration"), choices=choices([("yes", _l("Complete")), ("no", _l("Not complete"))], _l("All"))
    )
    doses = SelectField(
        _l("Doses"), choices=choices([("0", _l("None")), ("1", _l("One")), ("2", _l("Two or more"))], _l("All"))
    )

    def wanted(self) -> RecipientFilter:
        """What the domain is asked for; a choice that does not exist narrows nothing."""
        return RecipientFilter(self.typed, REGISTERED.get(self.registered.data or ""), DOSES.get(self.doses.data or ""))

    def arguments(self) -> dict[str, Any]:
        """The address of the answer: what may be read there, and the sealed name."""
        return {"q": self.sealed(), "registered": self.registered.data or None, "doses": self.doses.data or None}
