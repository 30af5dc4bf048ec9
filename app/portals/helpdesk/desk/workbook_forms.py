"""Running the workbook of a case."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField
from wtforms.validators import DataRequired

from app.web.forms import Form


class PlaceForm(Form):
    """A place that was found."""

    place_kind = HiddenField()
    place_id = HiddenField()


class RunForm(Form):
    """Run it. For recipients the requester has to have confirmed what portals ask."""

    attested = BooleanField(
        _l(
            "The requester confirmed in this case that every person in the file belongs to a group that may now be "
            "vaccinated and lives or works in North Carolina."
        ),
        [DataRequired(_l("Tick this box if it is so; otherwise ask the requester first"))],
    )

    def __init__(self, *args: Any, recipients: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not recipients:
            del self.attested
