"""Forms about one dose after it was recorded."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.domain.inventory.reasons import WASTE_REASONS
from app.domain.vaccinations.sites import SUFFIXES
from app.portals.provider.clinic.wording import OTHER_SUFFIX, SITES
from app.portals.provider.doses import wording
from app.web import lists
from app.web.forms import Form, MemorableDateField, choices

_DAY = [InputRequired(_l("Enter the day"))]


class ReasonForm(Form):
    """Why a dose is changed, and the version of it that was looked at."""

    version = HiddenField()
    reason = StringField(
        _l("Why?"),
        [InputRequired(_l("Say why")), Length(max=255, message=_l("Use 255 characters or fewer"))],
        description=_l("Kept with the dose, with your name and the time."),
    )


class MomentForm(Form):
    """A day and a time of it."""

    given_on = MemorableDateField(_l("Day"), _DAY)
    given_time = TimeField(_l("Time"), [InputRequired(_l("Enter the time"))])

    def moment(self, zone: ZoneInfo) -> datetime:
        """The moment, in UTC."""
        clock, day = self.given_time.data, self.given_on.data
        if clock is None:
            raise ValueError("asked before the form was looked through")
        return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


class CorrectForm(MomentForm, ReasonForm):
    """The details of a dose as they should be."""

    asked_first = ("lot", "given_on", "given_time", "site", "clinician_name", "clinician_suffix")

    lot = SelectField(_l("Vaccine and lot"), [InputRequired(_l("Choose the lot"))])
    site = SelectField(_l("Place on the body"), choices=choices(SITES.items()))
    clinician_name = StringField(_l("Given by"), [InputRequired(_l("Enter who gave the dose")), Length(max=130)])
    clinician_suffix = SelectField(
        _l("Qualification"),
        choices=choices([(s.code, OTHER_SUFFIX if s.code == "OTH" else s.label) for s in SUFFIXES.entries]),
    )


class RemoveForm(ReasonForm):
    """Why the dose never was."""


class RemoveFromStockForm(ReasonForm):
    """The same for a dose of our stock: and where the vaccine is."""

    to = RadioField(
        _l("Where is the vaccine?"), [InputRequired(_l("Choose where it is"))], choices=choices(wording.STOCK.items())
    )
    waste_reason = SelectField(_l("Reason for the waste"), [Optional()], description=_l("Only for waste."))

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.waste_reason.choices = lists.offered(WASTE_REASONS.entries, _("Choose the reason"))

    def validate_waste_reason(self, field: Any) -> None:
        """Waste has a reason."""
        if self.to.data == "waste" and not field.data:
            raise ValidationError(_("Choose the reason"))


class MoveForm(ReasonForm):
    """Why the dose is another person's. The person is in the ticket."""

    ticket = HiddenField()


class ElsewhereForm(Form):
    """A dose that was given elsewhere."""

    product = SelectField(_l("Vaccine"), [InputRequired(_l("Choose the vaccine"))])
    given_on = MemorableDateField(_l("Day on which it was given"), _DAY)
    place_name = StringField(
        _l("Where it was given"),
        [InputRequired(_l("Enter where it was given")), Length(max=120)],
        description=_l("The clinic and the state, as far as known."),
    )
    lot_number = StringField(_l("Lot number"), [Length(max=30)], description=_l("Leave empty if it is not known."))
    source = RadioField(
        _l("How do we know?"), [InputRequired(_l("Choose how we know"))], choices=choices(wording.SOURCES.items())
    )
    evidence = TextAreaField(
        _l("What did you see?"),
        [InputRequired(_l("Say what you saw")), Length(max=500, message=_l("Use 500 characters or fewer"))],
        description=_l("For instance: CDC card with the name and date of birth, stamp of the clinic."),
    )

    def product_id(self) -> UUID:
        """The product that was chosen."""
        return UUID(self.product.data)


class EventForm(MomentForm):
    """What happened after a dose."""

    asked_first = ("kind",)

    kind = RadioField(
        _l("What was it?"), [InputRequired(_l("Choose what it was"))], choices=choices(wording.EVENTS.items())
    )
    note = TextAreaField(
        _l("What happened, and what was done?"),
        [InputRequired(_l("Say what happened")), Length(max=2000, message=_l("Use 2,000 characters or fewer"))],
    )
    report = StringField(
        _l("Number of the VAERS report"), [Length(max=30)], description=_l("Leave empty if there is none yet.")
    )
