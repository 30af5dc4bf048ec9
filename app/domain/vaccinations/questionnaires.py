"""The screening questions before a dose, in the editions of the CDC's prevaccination checklist.

A visit keeps the edition with its answers, so that they can be read later. The pages word the questions.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Answer = Literal["yes", "no", "unknown"]
Outcome = Literal["contraindication", "precaution", "defer", "note"]
ANSWERS: tuple[Answer, ...] = ("yes", "no", "unknown")
OBSERVE_MINUTES, OBSERVE_LONGER_MINUTES = 15, 30


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what "yes" means. `observe_longer`: 30 minutes of observation instead of 15."""

    code: str
    on_yes: Outcome
    observe_longer: bool = False


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


@dataclass(frozen=True, slots=True)
class Screening:
    """What the answers mean. `observe_minutes`: how long the person stays after the dose."""

    findings: tuple[Finding, ...]
    observe_minutes: int

    def questions(self, outcome: Outcome) -> tuple[str, ...]:
        """The questions that led to an outcome."""
        return tuple(found.question for found in self.findings if found.outcome == outcome)


QUESTIONNAIRES = (
    Questionnaire(
        "2021-spring",
        date(2020, 12, 11),
        (
            Question("sick_today", "defer"),
            Question("previous_dose", "note"),
            Question("allergy_ingredient", "contraindication", observe_longer=True),
            Question("allergy_polysorbate", "contraindication", observe_longer=True),
            Question("allergy_previous_dose", "contraindication", observe_longer=True),
            Question("allergy_other_vaccine", "precaution", observe_longer=True),
            Question("severe_reaction_other", "note", observe_longer=True),
            Question("vaccine_14_days", "note"),
            Question("covid_positive", "note"),
            Question("antibodies_90_days", "defer"),
            Question("weak_immune_system", "note"),
            Question("bleeding_disorder", "note"),
            Question("pregnant", "note"),
        ),
    ),
)


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
            findings.append(Finding(question.code, question.on_yes, "yes"))
            longer = longer or question.observe_longer
        elif answer == "unknown":
            findings.append(Finding(question.code, "note", "unknown"))
    return Screening(tuple(findings), OBSERVE_LONGER_MINUTES if longer else OBSERVE_MINUTES)
