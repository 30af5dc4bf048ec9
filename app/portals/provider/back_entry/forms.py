"""Forms of entering from paper: what holds for the pile, and one sheet of it."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.program.counties import COUNTIES
from app.domain.program.demographics import DECLINED, ETHNICITIES, GENDERS, RACES
from app.domain.program.lookup import Choices
from app.domain.recipients.recipient_rows import RecipientRow
from app.domain.recipients.row_values import read_email, read_name, read_phone, read_zip
from app.domain.vaccinations.cautions import CAUTION_CODES
from app.domain.vaccinations.enter_from_paper import on_paper
from app.domain.vaccinations.enter_from_paper_pile import MOST_PAPERS, Pile
from app.domain.vaccinations.paper_rows import read_clock, read_typed_date
from app.domain.vaccinations.questionnaires import Questionnaire
from app.domain.vaccinations.sites import SUFFIXES
from app.infra.search import fold
from app.portals.provider.clinic import wording
from app.portals.provider.clinic.forms import clear
from app.web import context
from app.web.forms import Form, MemorableDateField, choices

NEW_PERSON = "new"
_TEXTS = ("phone", "email", "street", "city", "zip")


def _offered(known: Choices[Any], empty: Any = None) -> list[Any]:
    return choices([(entry.code, _l(entry.label)) for entry in known.entries], empty)


class EmptyForm(Form):
    """A button, without questions."""


class PileForm(Form):
    """What holds for every sheet of the pile."""

    given_on = MemorableDateField(
        _l("Date on which the doses were given"), [InputRequired(_l("Enter the true date of the doses"))]
    )
    lot = SelectField(_l("Vaccine and lot"), [InputRequired(_l("Choose the lot"))])
    site = SelectField(_l("Place on the body"), choices=choices(wording.SITES.items()))
    clinician_name = StringField(_l("Given by"), [InputRequired(_l("Enter who gave the doses")), Length(max=130)])
    clinician_suffix = SelectField(
        _l("Qualification"),
        choices=choices([(s.code, wording.OTHER_SUFFIX if s.code == "OTH" else s.label) for s in SUFFIXES.entries]),
    )
    fact_sheet_given = BooleanField(
        _l("Everybody in this pile was given the fact sheet for this vaccine"),
        [InputRequired(_l("Tick this, or enter those without a fact sheet one by one on the clinic day page"))],
    )
    papers = IntegerField(
        _l("How many sheets are in the pile?"),
        [Optional(), NumberRange(1, MOST_PAPERS, _l("Enter a number from 1 to 500, or leave it empty"))],
    )

    def pile(self, location_id: UUID) -> Pile:
        """What the domain is asked to keep."""
        return Pile(
            location_id, self.given_on.data, UUID(self.lot.data), self.site.data, self.clinician_name.data or "",
            self.clinician_suffix.data, self.papers.data,
        )  # fmt: skip


def _readable(read: Callable[[str], object]) -> Callable[[Any, Any], None]:
    """A validator from a reader of the domain that leaves the text as it was typed."""

    def check(form: Any, field: Any) -> None:
        try:
            read(field.data or "")
        except ValueError as unclear:
            raise ValidationError(_(str(unclear))) from unclear

    return check


def _birth_date(typed: str) -> date:
    return read_typed_date(typed, today=context.today())


class BoxesField(SelectMultipleField):
    """Several boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SheetForm(Form):
    """One sheet of the pile. Its questions are those of the edition in use on the day of the pile."""

    questions: tuple[str, ...] = ()

    last_name = StringField(
        _l("Last name"), [InputRequired(_l("Enter the last name")), clear(lambda text: read_name(text, longest=80))]
    )
    first_name = StringField(
        _l("First name"), [InputRequired(_l("Enter the first name")), clear(lambda text: read_name(text, longest=40))]
    )
    birth_date = StringField(
        _l("Date of birth"), [InputRequired(_l("Enter the date of birth, like 04281950")), _readable(_birth_date)]
    )
    screening = SelectField(
        _l("Screening answers"),
        [InputRequired(_l("Choose what the sheet says"))],
        choices=choices(
            [("no", _l("All “no”")), ("some", _l("Some are not “no”")), ("none", _l("Not on the sheet"))], _l("Choose")
        ),
    )
    given_time = StringField(_l("Time"), [Optional(), _readable(read_clock)])
    who = RadioField(_l("Is it one of these?"), validate_choice=False)
    shown_for = HiddenField()
    phone = StringField(_l("Phone"), [Optional(), clear(read_phone)])
    email = StringField(_l("E-mail"), [Optional(), Length(max=254), clear(read_email)])
    street = StringField(_l("Street"), [Optional(), Length(max=100)])
    city = StringField(_l("City"), [Optional(), Length(max=60)])
    county_fips = SelectField(_l("County"), choices=_offered(COUNTIES, _l("Not on the sheet")))
    zip = StringField(_l("ZIP code"), [Optional(), clear(lambda text: read_zip(text.strip(), state="NC"))])
    gender = SelectField(_l("Gender"), choices=_offered(GENDERS, _l("Not on the sheet")))
    ethnicity = SelectField(_l("Ethnicity"), choices=_offered(ETHNICITIES, _l("Not on the sheet")))
    races = BoxesField(_l("Race"), choices=_offered(RACES))

    def validate_screening(self, field: Any) -> None:
        """Who says that some are not “no” says which."""
        if field.data == "some" and all(self[code].data == "no" for code in self.questions):
            raise ValidationError(_("Mark below what was not answered with “no”"))

    def validate_races(self, field: Any) -> None:
        """“Prefer not to say” stands alone."""
        if DECLINED in field.data and len(field.data) > 1:
            raise ValidationError(_("Tick the races, or “Prefer not to say”, not both"))

    def name_typed(self) -> str:
        """Whom the form names; a choice among likely duplicates holds for this name only."""
        return "|".join(fold(str(self[name].data or "")) for name in ("last_name", "first_name", "birth_date"))

    def answers(self) -> dict[str, str] | None:
        """Answers by question; None where they are not on the sheet."""
        if self.screening.data == "none":
            return None
        some = self.screening.data == "some"
        return {code: (self[code].data if some else "no") or "no" for code in self.questions}

    def reasons(self) -> dict[str, str]:
        """Why the dose was given although something speaks against it, by caution."""
        return {code: self[f"reason_{code}"].data or "" for code in CAUTION_CODES}

    def details(self) -> RecipientRow:
        """The person, as the sheet names them."""
        texts = {name: " ".join((self[name].data or "").split()) for name in _TEXTS}
        in_state = any(texts[name] for name in ("street", "city", "zip")) or self.county_fips.data
        return on_paper(
            self.first_name.data or "", self.last_name.data or "", _birth_date(self.birth_date.data or ""),
            state_abbr="NC" if in_state else "", county_fips=self.county_fips.data, gender=self.gender.data,
            ethnicity=self.ethnicity.data, races=tuple(self.races.data or ()), **texts,
        )  # fmt: skip


def sheet_form(questionnaire: Questionnaire) -> SheetForm:
    """A form with the questions of an edition; whatever is not touched is answered with “no”."""
    codes = tuple(question.code for question in questionnaire.questions)
    fields: dict[str, Any] = {
        code: RadioField(
            wording.QUESTIONS[code], choices=choices(wording.ANSWERS.items()), default="no", validate_choice=False
        )
        for code in codes
    }
    reason = _l("Why was it given all the same?")
    fields |= {f"reason_{code}": StringField(reason, [Optional(), Length(max=255)]) for code in CAUTION_CODES}
    made: SheetForm = type("AskedSheet", (SheetForm,), {**fields, "questions": codes})()
    return made
