"""What the state's plan means for one person on one day. Pure: nothing is asked of database or clock.

A person belongs to the first group, in the plan's order, that is open where they live; where none of their groups is
open, to the one that opens soonest, and where none has a day, to the first. Nobody is eligible below the age for
which any product is licensed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from uuid import UUID

from app.domain.eligibility.facts import Facts
from app.domain.eligibility.rules import Test

Kind = Literal["open", "opens_on", "not_yet", "too_young", "not_registered", "no_plan"]


@dataclass(frozen=True, slots=True)
class Span:
    """When a group is open, `until` not included; `effective_from` None: not at all. `mail_held`: nobody is told yet."""

    effective_from: date | None
    effective_until: date | None = None
    mail_held: bool = False

    def is_open(self, day: date) -> bool:
        """True on the days between."""
        return (
            self.effective_from is not None
            and self.effective_from <= day
            and (self.effective_until is None or day < self.effective_until)
        )

    def opens_after(self, day: date) -> date | None:
        """The day to come on which it opens."""
        start = self.effective_from
        if start is None or start <= day or (self.effective_until is not None and self.effective_until <= start):
            return None
        return start


@dataclass(frozen=True, slots=True)
class GroupRule:
    """One group of a plan, ready to be asked. `words` tells the rule in plain words: a key of the pages, or a text."""

    id: UUID
    code: str
    name: str
    words: str
    test: Test = field(compare=False)


@dataclass(frozen=True, slots=True)
class Phases:
    """Everything that is decided, as it holds on `day`. `openings` are by group code and county, "" for the state.

    `ages` are the birthdays on which somebody's groups may change; `digest` is equal where the same is open.
    """

    plan_id: UUID
    plan_code: str
    plan_name: str
    day: date
    youngest_age: int
    groups: tuple[GroupRule, ...]
    openings: Mapping[tuple[str, str], Span]
    ages: tuple[int, ...]
    digest: str = ""

    def span(self, code: str, county: str) -> Span | None:
        """When a group is open in a county: the county's own decision, else the state's."""
        return self.openings.get((code, county)) or self.openings.get((code, ""))

    def first_open(self, codes: tuple[str, ...], county: str) -> tuple[str, Span] | None:
        """The first of these groups that is open in the county."""
        for code in codes:
            span = self.span(code, county)
            if span is not None and span.is_open(self.day):
                return code, span
        return None

    def group(self, code: str) -> GroupRule:
        """The group of a code. Raises StopIteration where there is none: codes come from `matches`."""
        return next(group for group in self.groups if group.code == code)


@dataclass(frozen=True, slots=True)
class Status:
    """Where somebody stands. `matches` are all groups whose rule fits, in the plan's order.

    `since` where `kind` is open, `opens_on` where a day is known, `youngest_age` where that is what is missing.
    """

    kind: Kind
    plan_code: str = ""
    group: GroupRule | None = None
    since: date | None = None
    opens_on: date | None = None
    youngest_age: int | None = None
    matches: tuple[str, ...] = ()


def matches_of(phases: Phases, facts: Facts) -> tuple[str, ...]:
    """The codes of all groups whose rule fits, in order; none below the licensed age."""
    if facts.age < phases.youngest_age:
        return ()
    return tuple([group.code for group in phases.groups if group.test(facts)])


def evaluate(phases: Phases, facts: Facts, county: str) -> Status:
    """Where a person of a county (five digits, "" outside the state) stands on the day of the phases."""
    if facts.age < phases.youngest_age:
        return Status("too_young", phases.plan_code, youngest_age=phases.youngest_age)
    matches = matches_of(phases, facts)
    if not matches:
        return Status("not_yet", phases.plan_code)
    opened = phases.first_open(matches, county)
    if opened:
        code, span = opened
        return Status("open", phases.plan_code, phases.group(code), since=span.effective_from, matches=matches)
    days = [(day, code) for code in matches if (day := _opens_after(phases, code, county))]
    if days:
        day, code = min(days, key=lambda pair: pair[0])
        return Status("opens_on", phases.plan_code, phases.group(code), opens_on=day, matches=matches)
    return Status("not_yet", phases.plan_code, phases.group(matches[0]), matches=matches)


def _opens_after(phases: Phases, code: str, county: str) -> date | None:
    span = phases.span(code, county)
    return span.opens_after(phases.day) if span else None
