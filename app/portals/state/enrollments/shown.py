"""What the pages of the review show of an application, gathered from the domain."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.domain.enrollment import comparison, fields
from app.domain.enrollment.fields import Field
from app.web.enrollment_words import STEPS, in_words

if TYPE_CHECKING:
    from app.domain.enrollment.models import Correction


@dataclass(frozen=True, slots=True)
class ShownField:
    """One answer with what the state asks about it."""

    field: Field
    text: str
    old: str | None
    corrections: "list[Correction]"


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One part of a section."""

    key: str
    title: Any
    fields: list[ShownField]


def steps_of(
    table: Iterable[Field], answers: dict[str, Any], approved: dict[str, Any] | None, corrections: "list[Correction]"
) -> list[ShownStep]:
    """The fields of a section that apply, part by part; `old` where what is in force differs."""
    steps: dict[str, ShownStep] = {}
    asked: dict[str, list[Correction]] = {}
    for correction in corrections:
        asked.setdefault(correction.field, []).append(correction)
    for field in table:
        now = answers.get(field.key, "")
        before = None if approved is None else approved.get(field.key, "")
        if not (field.applies(answers) or before):
            continue
        old = None if before is None or before == now else in_words(field, before) or "–"
        step = steps.setdefault(field.step, ShownStep(field.step, STEPS.get(field.step, field.step), []))
        step.fields.append(ShownField(field, in_words(field, now), old, asked.get(field.key, [])))
    return list(steps.values())


SECTION_A = fields.SECTION_A
SECTION_B = (*fields.LOCATION, *fields.SECTION_B)
changes_of_lists = comparison.list_changes_of
