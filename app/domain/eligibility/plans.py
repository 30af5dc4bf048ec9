"""North Carolina's two published plans, as rows that the state can change later.

The plan of 2020-12-30 and the one of 2021-01-14 that replaced it, with the days on which groups opened: 1a with the first
doses of 2020-12-14, people of 75 and over in the week of 2021-01-11, and then as the state announced them. Group 3 opened in two
steps (schools up to grade 12, then all others, colleges among them) and is two groups here, as group 4 is in the plan
itself. The plan of January counts whoever sees patients in person to group 1, a dentist too, and has no group of
students any more; on 2021-03-16 the state counted those in student housing to the second part of group 4. What `words` means is told by the pages.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.eligibility.models import Group, Opening, Plan
from app.domain.eligibility.rules import Rule, compile_rule


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group as it is first installed; `opened` None: it never was."""

    code: str
    name: str
    words: str
    rule: Rule
    opened: date | None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan as it is first installed, its groups in order."""

    code: str
    name: str
    published_on: date
    effective_from: date
    groups: tuple[GroupRow, ...]


def _any(*rules: Rule) -> Rule:
    return {"any": list(rules)}


def _all(*rules: Rule) -> Rule:
    return {"all": list(rules)}


def _one_of(fact: str, *codes: str) -> Rule:
    return {"fact": fact, "in": list(codes)}


def _is(fact: str) -> Rule:
    return {"fact": fact, "is": True}


def _age(**ends: Any) -> Rule:
    return {"fact": "age"} | {name.rstrip("_"): value for name, value in ends.items()}


_WORKING = _one_of("work", "in person", "remote")
_IN_PERSON = _one_of("work", "in person")
_CARE = _any(
    _is("patient_contact"),
    _all(_one_of("industry", "long_term_care"), _WORKING),
    _one_of("living", "long_term_care"),
)
_CARE_OR_PATIENTS = _any(_CARE, _all(_one_of("work_with", "patients"), _IN_PERSON))
_HEALTH_OR_FRONTLINE = _any(
    _all(_one_of("industry", "health_care", "long_term_care"), _WORKING),
    _all(_one_of("sector", "frontline"), _IN_PERSON),
)
_ESSENTIAL = _all(_one_of("sector", "care", "frontline", "essential"), _WORKING)
_ESSENTIAL_OR_HOUSING = _any(_ESSENTIAL, _is("student_housing"))
_CLOSE_LIVING = _one_of("living", "correctional", "shelter", "other_group")
_RISK_TO_64 = _all(_age(from_=16, to=64), _is("high_risk"))
_EVERYONE: Rule = {"everyone": True}
_FIRST_DOSES = date(2020, 12, 14)

PLANS = (
    PlanRow(
        "nc-2020-12-30", "Plan of December 30, 2020", date(2020, 12, 30), date(2020, 12, 30),
        (
            GroupRow("1a", "Phase 1a", "care", _CARE, _FIRST_DOSES),
            GroupRow("1b.1", "Phase 1b, group 1", "age_75", _age(from_=75), date(2021, 1, 11)),
            GroupRow("1b.2", "Phase 1b, group 2", "workers_50", _all(_age(from_=50), _HEALTH_OR_FRONTLINE), None),
            GroupRow("1b.3", "Phase 1b, group 3", "workers", _HEALTH_OR_FRONTLINE, None),
            GroupRow("2.1", "Phase 2, group 1", "age_65_74", _age(from_=65, to=74), None),
            GroupRow("2.2", "Phase 2, group 2", "risk_16_64", _RISK_TO_64, None),
            GroupRow("2.3", "Phase 2, group 3", "close_living", _CLOSE_LIVING, None),
            GroupRow("2.4", "Phase 2, group 4", "essential", _ESSENTIAL, None),
            GroupRow("3", "Phase 3", "students", _all(_age(from_=16), _is("student")), None),
            GroupRow("4", "Phase 4", "everyone", _EVERYONE, None),
        ),
    ),
    PlanRow(
        "nc-2021-01-14", "Plan of January 14, 2021", date(2021, 1, 14), date(2021, 1, 14),
        (
            GroupRow("1", "Group 1", "care_or_patients", _CARE_OR_PATIENTS, _FIRST_DOSES),
            GroupRow("2", "Group 2", "age_65", _age(from_=65), date(2021, 1, 14)),
            GroupRow("3.1", "Group 3, child care and schools", "schools",
                     _all(_one_of("work_with", "school"), _IN_PERSON), date(2021, 2, 24)),
            GroupRow("3.2", "Group 3", "frontline", _all(_one_of("sector", "frontline"), _IN_PERSON), date(2021, 3, 3)),
            GroupRow("4.1", "Group 4, first part", "risk_or_close_living", _any(_RISK_TO_64, _CLOSE_LIVING), date(2021, 3, 17)),
            GroupRow("4.2", "Group 4, second part", "essential_or_housing", _ESSENTIAL_OR_HOUSING, date(2021, 3, 31)),
            GroupRow("5", "Group 5", "everyone", _EVERYONE, date(2021, 4, 7)),
        ),
    ),
)  # fmt: skip


def install_plans(session: Session) -> None:
    """Add the plans that are not there yet, with their openings. Those that are there stay as the state has made them."""
    known = set(session.scalars(select(Plan.code)))
    for row in PLANS:
        if row.code in known:
            continue
        plan = Plan(code=row.code, name=row.name, published_on=row.published_on, effective_from=row.effective_from)
        session.add(plan)
        session.flush()
        for place, group in enumerate(row.groups, 1):
            compile_rule(group.rule)
            made = Group(
                plan_id=plan.id, code=group.code, name=group.name, place=place, words=group.words, rule=group.rule
            )
            session.add(made)
            session.flush()
            if group.opened:
                session.add(Opening(group_id=made.id, county_fips="", effective_from=group.opened))
    session.flush()
