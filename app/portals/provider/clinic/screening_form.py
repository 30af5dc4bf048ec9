"""The screening questions as a form: one field for each question of the edition in use."""

from typing import Any

from flask import request
from wtforms import RadioField

from app.domain.vaccinations.questionnaires import Questionnaire
from app.portals.provider.clinic import wording
from app.web.forms import Form, choices

REST_IS_NO = "rest_is_no"


class ScreeningForm(Form):
    """The base: what was answered, with "no" for the rest when that button was pressed."""

    questions: tuple[str, ...] = ()

    def answers(self) -> dict[str, str]:
        """Answers by question; those that were not given are missing."""
        given = {code: self[code].data for code in self.questions if self[code].data in wording.ANSWERS}
        rest = dict.fromkeys(self.questions, "no") if REST_IS_NO in request.form else {}
        return rest | given


def screening_form(questionnaire: Questionnaire, answers: dict[str, str] | None) -> ScreeningForm:
    """A form of this edition, with the answers that there are."""
    codes = tuple(question.code for question in questionnaire.questions)
    fields: dict[str, Any] = {
        code: RadioField(
            wording.QUESTIONS[code], choices=choices(wording.ANSWERS.items()), validate_choice=False
        )
        for code in codes
    }
    made: ScreeningForm = type("AskedForm", (ScreeningForm,), {**fields, "questions": codes})(
        data=answers or {}
    )
    return made
