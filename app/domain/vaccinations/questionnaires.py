"""The screening questions before a dose, in the editions of the CDC's prevaccination checklist, and what a "yes" means.

A visit keeps the edition with its answers, so that they can be read later. The pages word the questions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Answer = Literal["yes", "no", "unknown"]
Outcome = Literal["contraindication", "precaution", "defer", "note"]
ANSWERS: tuple[Answer, ...] = ("yes", "no", "unknown")
OBSERVE_MINUTES, OBSERVE_LONGER_MINUTES = 15, 30
PFIZER, MODERNA, JANSSEN = "208", "207", "212"
PREVIOUS_DOSE, WEAKENED = "previous_dose", "weak_immune_system"


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what "yes" means. `observe_longer`: 30 minutes of observation instead of 15.

    `by_vaccine`: what "yes" means for some vaccines, by CVX; before one is chosen, and for all others, it is `on_yes`.
    """

    code: str
    on_yes: Outcome
    observe_longer: bool = False
    by_vaccine: Mapping[str, Outcome] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One edition, used from a day on."""

    edition: str
    used_from: date
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A question whose answer somebody should look at."""

    question: str
    outcome: Outcome
    answer: Answer
    by_vaccine: Mapping[str, Outcome] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Screening:
    """What the answers mean. `observe_minutes`: how long the person stays after the dose."""

    findings: tuple[Finding, ...]
    observe_minutes: int

    def questions(self, outcome: Outcome, cvx: str | None = None) -> tuple[str, ...]:
        """The questions that led to an outcome, for the vaccine that was chosen (None: none yet)."""
        return tuple(
            found.question for found in self.findings if found.by_vaccine.get(cvx or "", found.outcome) == outcome
        )

    def said_yes(self, question: str) -> bool:
        """True when the person said yes to it."""
        return any(found.question == question and found.answer == "yes" for found in self.findings)

    def is_found(self, question: str) -> bool:
        """True when the answer was not a plain no."""
        return any(found.question == question for found in self.findings)

    @property
    def weakened(self) -> bool:
        """True for somebody with a weakened immune system."""
        return self.said_yes(WEAKENED)


_SICK, _BEFORE = Question("sick_today", "defer"), Question(PREVIOUS_DOSE, "note")
_OTHER_VACCINE = Question("allergy_other_vaccine", "precaution", observe_longer=True)
_SOMETHING_ELSE = Question("severe_reaction_other", "note", observe_longer=True)
_ANTIBODIES = Question("antibodies_90_days", "defer")
_LAST_14_DAYS = Question("vaccine_14_days", "note")
_POSITIVE = Question("covid_positive", "note")
_NOTED = (Question(WEAKENED, "note"), Question("bleeding_disorder", "note"), Question("pregnant", "note"))
# From March 2021: an allergy to an ingredient of one kind of vaccine is a precaution for the other kind.
_ALLERGIES = (
    Question("allergy_ingredient", "contraindication", observe_longer=True, by_vaccine={JANSSEN: "precaution"}),
    Question(
        "allergy_polysorbate", "contraindication", observe_longer=True,
        by_vaccine={PFIZER: "precaution", MODERNA: "precaution"},
    ),
    Question("allergy_previous_dose", "contraindication", observe_longer=True),
)  # fmt: skip
_ONLY_JANSSEN: dict[str, Outcome] = {JANSSEN: "precaution"}

QUESTIONNAIRES = (
    Questionnaire(
        "2020-winter",
        date(2020, 12, 11),
        (
            _SICK, _BEFORE, Question("severe_reaction_dose", "contraindication", observe_longer=True), _OTHER_VACCINE,
            _SOMETHING_ELSE, _ANTIBODIES, _LAST_14_DAYS, _POSITIVE, *_NOTED,
        ),
    ),
    Questionnaire(
        "2021-spring",
        date(2021, 3, 1),
        (
            _SICK, _BEFORE, *_ALLERGIES, _OTHER_VACCINE, _SOMETHING_ELSE, _LAST_14_DAYS, _POSITIVE, _ANTIBODIES,
            *_NOTED,
        ),
    ),
    Questionnaire(
        "2021-summer",
        date(2021, 5, 14),
        (
            _SICK, _BEFORE, *_ALLERGIES, _OTHER_VACCINE, _SOMETHING_ELSE, _POSITIVE, _ANTIBODIES, *_NOTED,
            Question("clots_low_platelets", "note", by_vaccine=_ONLY_JANSSEN), Question("dermal_fillers", "note"),
        ),
    ),
)  # fmt: skip


def questionnaire_on(day: date) -> Questionnaire:
    """The edition in use on a day."""
    used = [edition for edition in QUESTIONNAIRES if edition.used_from <= day]
    return used[-1] if used else QUESTIONNAIRES[0]


def questionnaire_of(edition: str) -> Questionnaire | None:
    """An edition by its name."""
    return next((found for found in QUESTIONNAIRES if found.edition == edition), None)


def assess(questionnaire: Questionnaire, answers: dict[str, str]) -> Screening:
    """What answers mean. "Don't know" is a note: the clinician asks further."""
    findings = []
    longer = False
    for question in questionnaire.questions:
        answer = answers.get(question.code)
        if answer == "yes":
            findings.append(Finding(question.code, question.on_yes, "yes", question.by_vaccine))
            longer = longer or question.observe_longer
        elif answer == "unknown":
            findings.append(Finding(question.code, "note", "unknown"))
    return Screening(tuple(findings), OBSERVE_LONGER_MINUTES if longer else OBSERVE_MINUTES)
