"""The form of a walk-in: everything on one page, in the order in which people tell it."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.program.counties import COUNTIES
from app.domain.program.demographics import DECLINED, ETHNICITIES, GENDERS, RACES
from app.domain.program.industries import INDUSTRIES, OTHER
from app.domain.program.lookup import Choices
from app.domain.program.states import STATES
from app.domain.program.zip_counties import county_of_zip
from app.domain.recipients.recipient_rows import RecipientRow
from app.domain.recipients.register import RegisterWalkIn
from app.domain.recipients.row_values import (
    read_birth_date,
    read_email,
    read_name,
    read_phone,
    read_suffix,
    read_zip,
)
from app.portals.provider.clinic.forms import clear
from app.web import context, lists
from app.web.forms import Form, MemorableDateField, choices


def _offered(known: Choices[Any], empty: Any = None) -> list[Any]:
    return choices([(entry.code, _l(entry.label)) for entry in known.entries], empty)


class BoxesField(SelectMultipleField):
    """Several boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class WalkInForm(Form):
    """A person in no list. The employer stays empty; the industry is Other unless they tell one."""

    first_name = StringField(
        _l("First name"),
        [InputRequired(_l("Enter the first name")), clear(lambda text: read_name(text, longest=40))],
    )
    middle_name = StringField(
        _l("Middle name"), [Optional(), clear(lambda text: read_name(text, longest=40))]
    )
    last_name = StringField(
        _l("Last name"),
        [InputRequired(_l("Enter the last name")), clear(lambda text: read_name(text, longest=80))],
    )
    suffix = StringField(_l("Suffix"), [Optional(), clear(read_suffix)])
    birth_date = MemorableDateField(_l("Date of birth"), [InputRequired(_l("Enter the date of birth"))])
    phone = StringField(_l("Phone"), [Optional(), clear(read_phone)])
    email = StringField(_l("E-mail"), [Optional(), Length(max=254), clear(read_email)])
    street = StringField(_l("Street"), [Optional(), Length(max=100)])
    city = StringField(_l("City"), [Optional(), Length(max=60)])
    state_abbr = SelectField(_l("State"), choices=_offered(STATES), default="NC")
    zip = StringField(_l("ZIP code"), [InputRequired(_l("Enter the ZIP code of the home address"))])
    county_fips = SelectField(_l("County"), choices=_offered(COUNTIES, _l("The ZIP code’s county")))
    gender = SelectField(
        _l("Gender"),
        [InputRequired(_l("Choose an answer. “Prefer not to say” is one"))],
        choices=_offered(GENDERS, _l("Choose an answer")),
    )
    ethnicity = SelectField(
        _l("Ethnicity"),
        [InputRequired(_l("Choose an answer. “Prefer not to say” is one"))],
        choices=_offered(ETHNICITIES, _l("Choose an answer")),
    )
    races = BoxesField(
        _l("Race"),
        [InputRequired(_l("Tick at least one box. “Prefer not to say” is one"))],
        choices=_offered(RACES),
    )
    industry = SelectField(_l("Industry"), choices=lambda: lists.offered(INDUSTRIES.entries), default=OTHER)
    different_person = BooleanField(_l("I have looked: this is another person. Make a new record"))

    def validate_birth_date(self, field: Any) -> None:
        """Not in the future, not more than 120 years ago."""
        if field.data is not None:
            clear(lambda day: read_birth_date(day, today=context.today()))(self, field)

    def validate_zip(self, field: Any) -> None:
        """Five digits or nine."""
        clear(lambda text: read_zip(text.strip(), state=self.state_abbr.data or ""))(self, field)

    def validate_county_fips(self, field: Any) -> None:
        """A county belongs to every address in the state; the ZIP code tells it where none was chosen."""
        if self.state_abbr.data == "NC" and not field.data:
            field.data = county_of_zip(self.zip.data or "")
        if self.state_abbr.data == "NC" and not field.data and not self.zip.errors:
            raise ValidationError(_("Choose the county: this ZIP code is not known here"))

    def validate_races(self, field: Any) -> None:
        """“Prefer not to say” stands alone."""
        if DECLINED in field.data and len(field.data) > 1:
            raise ValidationError(_("Tick the races, or “Prefer not to say”, not both"))

    def command(self, location_id: UUID) -> RegisterWalkIn:
        """What the domain is asked to do."""
        return RegisterWalkIn(location_id, self._details(), different_person=self.different_person.data)

    def _details(self) -> RecipientRow:
        texts = {name: " ".join((self[name].data or "").split()) for name in _TEXTS}
        return RecipientRow(
            number=0,
            birth_date=self.birth_date.data,
            county_fips=self.county_fips.data if self.state_abbr.data == "NC" else "",
            state_abbr=self.state_abbr.data,
            gender=self.gender.data,
            races=tuple(self.races.data or ()),
            ethnicity=self.ethnicity.data,
            industry=self.industry.data,
            external_id="",
            **texts,
        )


_TEXTS = ("first_name", "middle_name", "last_name", "suffix", "email", "phone", "street", "city", "zip")
