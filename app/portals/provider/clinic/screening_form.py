"""The screening questions as a form: one field for each question of the edition in use, alone or with the dose."""

from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField

from app.domain.vaccinations.questionnaires import PREVIOUS_DOSE, Questionnaire
from app.portals.provider.clinic import wording
from app.portals.provider.clinic.forms import DoseForm
from app.web.forms import Form, choices

REST_IS_NO = "rest_is_no"


class ScreeningForm(Form):
    """The base: what was answered, with "no" for the rest when that button was pressed or that box ticked."""

    questions: tuple[str, ...] = ()

    def answers(self) -> dict[str, str]:
        """Answers by question; those that were not given are missing."""
        given = {code: self[code].data for code in self.questions if self[code].data in wording.ANSWERS}
        rest = dict.fromkeys(self.questions, "no") if REST_IS_NO in request.form else {}
        return rest | given


class ScreenedDoseForm(ScreeningForm, DoseForm):
    """Screening and dose on one page, for whoever does both."""

    rest_is_no = BooleanField(_l("“No” to all of these"))

    def asked_one_by_one(self) -> bool:
        """True when an answer was given, or one is missing, and the single questions are to be seen."""
        return any(self[code].errors or (self[code].data and code != PREVIOUS_DOSE) for code in self.questions)


def screening_form(questionnaire: Questionnaire, answers: dict[str, str] | None) -> ScreeningForm:
    """A form of this edition, with the answers that there are."""
    fields, codes = _fields(questionnaire)
    made: ScreeningForm = type("AskedForm", (ScreeningForm,), {**fields, "questions": codes})(data=answers or {})
    return made


def dose_form(questionnaire: Questionnaire | None, values: dict[str, Any], *, had_doses: bool) -> DoseForm:
    """A form of the dose, with the questions where they were not asked yet. What the record knows is answered."""
    if questionnaire is None:
        return DoseForm(data=values)
    fields, codes = _fields(questionnaire)
    known = {PREVIOUS_DOSE: "yes"} if had_doses else {}
    made: DoseForm = type("AskedDoseForm", (ScreenedDoseForm,), {**fields, "questions": codes})(data=values | known)
    return made


def _fields(questionnaire: Questionnaire) -> tuple[dict[str, Any], tuple[str, ...]]:
    codes = tuple(question.code for question in questionnaire.questions)
    answers = choices(wording.ANSWERS.items())
    return {code: RadioField(wording.QUESTIONS[code], choices=answers, validate_choice=False) for code in codes}, codes
