"""The typed facts of a person that a group's rule may ask about, from the record and the answers of the registration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.program.conditions import NONE
from app.domain.program.demographics import DECLINED
from app.domain.program.industries import INDUSTRIES
from app.domain.recipients.ages import age_on

WORK = {"yes": "in person", "no": "remote", "not_working": "none"}
STUDENTS = frozenset({"high_school", "college_housing", "college"})


@dataclass(frozen=True, slots=True)
class Told:
    """What only the encrypted answers know. `work`: `in person`, `remote`, `none`, or "" where nobody asked.

    `living` is a code of LIVING, "" for at home or not told. `silent`: the person wants no mail from us. `work_with` is a
    code of WORK_WITH, "" for none of them. New ones go to the end: what was kept before has fewer.
    """

    work: str = ""
    patient_contact: bool = False
    living: str = ""
    high_risk: bool = False
    student: bool = False
    silent: bool = False
    work_with: str = ""
    student_housing: bool = False

    def packed(self) -> list[Any]:
        """As it is kept beside the status; `unpacked` reads it."""
        return [
            self.work, self.patient_contact, self.living, self.high_risk, self.student, self.silent, self.work_with,
            self.student_housing,
        ]  # fmt: skip

    @classmethod
    def unpacked(cls, kept: Sequence[Any]) -> "Told":
        """What `packed` made."""
        return cls(*kept)


@dataclass(frozen=True, slots=True)
class Facts:
    """One person on one day. `age` in full years, `industry` a code of INDUSTRIES, `sector` the plan's word for it."""

    age: int
    industry: str = ""
    sector: str = "none"
    work: str = ""
    patient_contact: bool = False
    living: str = ""
    high_risk: bool = False
    student: bool = False
    work_with: str = ""
    student_housing: bool = False


def told_by(answers: Mapping[str, Any] | None) -> Told:
    """The facts in the answers of a registration; nothing is assumed where nothing was answered.

    "Prefer not to say" counts as no: whoever does not tell a condition waits for the groups that need none.
    """
    answers = answers or {}
    conditions = set(answers.get("conditions") or ())
    living, work_with = answers.get("living", ""), answers.get("work_with", "")
    return Told(
        work=WORK.get(answers.get("in_person", ""), ""),
        patient_contact=answers.get("patient_contact") == "yes",
        living="" if living in {NONE, DECLINED} else living,
        high_risk=bool(conditions - {NONE, DECLINED}),
        student=answers.get("student") in STUDENTS,
        silent=answers.get("contact_way") == "none",
        work_with="" if work_with in {NONE, DECLINED} else work_with,
        student_housing=answers.get("student") == "college_housing",
    )


def facts_on(day: date, birth_date: date, industry: str, told: Told) -> Facts:
    """The facts of a person on a day."""
    known = INDUSTRIES.by_code(industry)
    return Facts(
        age=age_on(birth_date, day),
        industry=industry,
        sector=known.sector if known else "none",
        work=told.work,
        patient_contact=told.patient_contact,
        living=told.living,
        high_risk=told.high_risk,
        student=told.student,
        work_with=told.work_with,
        student_housing=told.student_housing,
    )
