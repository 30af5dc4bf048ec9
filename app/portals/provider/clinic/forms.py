"""Forms of a clinic day."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TimeField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.domain.vaccinations.administer_dose import AdministerDose
from app.domain.vaccinations.cautions import CAUTION_CODES
from app.domain.vaccinations.sites import SUFFIXES
from app.portals.provider.clinic import wording
from app.web.forms import Form, MemorableDateField, choices

_REASON = [Optional(), Length(max=255)]


class FindForm(Form):
    """What the person at the door tells."""

    last_name = StringField(_l("Last name"), [InputRequired(_l("Enter the last name")), Length(max=80)])
    birth_date = MemorableDateField(_l("Date of birth"), [InputRequired(_l("Enter the date of birth"))])
    detail = StringField(_l("One more detail"), [InputRequired(_l("Enter one more detail")), Length(max=254)])


class TicketForm(Form):
    """A button beside a person who was found."""

    ticket = HiddenField()


class EmptyForm(Form):
    """A button, without questions."""


class EndForm(Form):
    """Why nobody was vaccinated."""

    reason = RadioField(
        _l("Why is there no dose?"),
        [InputRequired(_l("Choose the reason"))],
        choices=choices(wording.LEAVING.items()),
    )


class ConsentForm(Form):
    """A parent or guardian agrees, in person or on the telephone."""

    guardian_name = StringField(
        _l("Name of the parent or guardian"), [InputRequired(_l("Enter who agrees")), Length(max=130)]
    )
    guardian_relation = RadioField(
        _l("Who are they to the person?"), [InputRequired(_l("Choose one"))], choices=choices(wording.RELATIONS.items())
    )
    agrees = BooleanField(
        _l("They are here or on the telephone, know which vaccine it is, and agree"),
        [InputRequired(_l("Ask them, then tick this"))],
    )


class DoseForm(Form):
    """One dose. The reasons are asked for only where something speaks against it."""

    questions: tuple[str, ...] = ()

    lot = SelectField(_l("Vaccine and lot"), [InputRequired(_l("Choose the lot"))], validate_choice=False)
    site = SelectField(
        _l("Place on the body"),
        [InputRequired(_l("Choose the place"))],
        choices=choices(wording.SITES.items()),
    )
    clinician_name = StringField(
        _l("Given by"), [InputRequired(_l("Enter who gave the dose")), Length(max=130)]
    )
    clinician_suffix = SelectField(
        _l("Qualification"),
        choices=choices(
            [(s.code, wording.OTHER_SUFFIX if s.code == "OTH" else s.label) for s in SUFFIXES.entries]
        ),
    )
    fact_sheet_given = BooleanField(
        _l("The person has the fact sheet for this vaccine"),
        [InputRequired(_l("Give the person the fact sheet, then tick this"))],
    )
    given_on = MemorableDateField(_l("Day, if not today"))
    given_time = TimeField(_l("Time, if not now"), [Optional()])
    reason_not_screened = StringField(_l("Why is it given all the same?"), _REASON)
    reason_contraindication = StringField(_l("Why is it given all the same?"), _REASON)
    reason_precaution = StringField(_l("Why is it given all the same?"), _REASON)
    reason_defer = StringField(_l("Why is it given all the same?"), _REASON)
    reason_age = StringField(_l("Why is it given all the same?"), _REASON)
    reason_interval = StringField(_l("Why is it given all the same?"), _REASON)
    reason_mix = StringField(_l("Why is it given all the same?"), _REASON)
    reason_complete = StringField(_l("Why is it given all the same?"), _REASON)

    def validate_lot(self, field: Any) -> None:
        """One of those offered now: the last dose may have been taken while the page was open."""
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(_("The last dose of this lot was taken, or it expired. Choose another lot"))

    def given_at(self, today: date, zone: ZoneInfo) -> datetime | None:
        """The moment, in UTC; None means now. A day without a time is noon of that day."""
        if self.given_on.data is None and self.given_time.data is None:
            return None
        day, clock = self.given_on.data or today, self.given_time.data or time(12, 0)
        return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)

    def command(self, location_id: UUID, visit_id: UUID, given_at: datetime | None) -> AdministerDose:
        """What the domain is asked to do."""
        return AdministerDose(
            location_id=location_id,
            visit_id=visit_id,
            lot_id=UUID(self.lot.data),
            site=self.site.data,
            clinician_name=self.clinician_name.data or "",
            clinician_suffix=self.clinician_suffix.data,
            fact_sheet_given=self.fact_sheet_given.data,
            given_at=given_at,
            reasons={code: self[f"reason_{code}"].data or "" for code in CAUTION_CODES},
            ask_consent=True,
        )


class ProofForm(Form):
    """Language and paper of the proof."""

    language = RadioField(_l("Language"), choices=choices([("en", _l("English")), ("es", _l("Spanish"))]), default="en")
    paper = RadioField(
        _l("Paper"),
        choices=choices(
            [("letter", _l("Letter")), ("a4", _l("A4")), ("wallet", _l("Card for the wallet, 4 by 3 inches when folded"))]
        ),
        default="letter",
    )


def clear(read: Callable[[str], object]) -> Callable[[Any, Any], None]:
    """A validator from a reader of the domain: its sentence is shown at the field, its value is kept."""

    def check(form: Any, field: Any) -> None:
        try:
            field.data = read(field.data or "")
        except ValueError as unclear:
            raise ValidationError(_(str(unclear))) from unclear

    return check
