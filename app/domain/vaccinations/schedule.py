"""The dose schedule: what a further dose would be to somebody with these doses, and when one is due.

It knows no product and no number of days: everything comes from the products' rules of the day in question. Source of
the logic: the CDC's interim clinical considerations of 2020-12 to 2021-10, and CDSi for what counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Protocol, TypeVar

from app.domain.program.rules import ProductRules, ProductSchedule

Verdict = Literal["valid", "grace", "too_young", "complete", "early", "other_product", "stopped", "not_authorized"]


class PastDose(Protocol):
    """A dose that was given, as far as the schedule looks at it."""

    @property
    def given_on(self) -> date:
        """The local day."""

    @property
    def product(self) -> ProductSchedule:
        """What was given."""


Dose = TypeVar("Dose", bound=PastDose)


@dataclass(frozen=True, slots=True)
class NextDue:
    """When a further dose is due. `earliest`: first day on which it is valid; `recommended`: first day to plan it for,
    never within the grace period; `late_after`: last day that is not late, None where no such day is named.
    """

    earliest: date
    recommended: date
    late_after: date | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands on a day. `counted`: how many of the doses count; `extra`: what is due is the further dose
    for people with a weakened immune system. `next_due` is None before the first dose, and when nothing is due.
    """

    counted: int
    complete: bool
    extra: bool
    next_due: NextDue | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a dose would be. `verdicts`: all that hold, "valid" or "grace" (valid too) where nothing speaks against it.

    `number`: its place among the person's doses; `earliest`: first day on which it would be valid; `late`: later than
    the schedule wishes, and valid; `may_mix`: the rules of the day know a dose after another product.
    """

    verdicts: tuple[Verdict, ...]
    number: int
    earliest: date | None = None
    late: bool = False
    may_mix: bool = True
    youngest_age: int = 0

    @property
    def is_valid(self) -> bool:
        """True when nothing speaks against the dose."""
        return self.verdicts in (("valid",), ("grace",))


def doses_that_count(doses: Sequence[Dose]) -> list[Dose]:
    """Those of the doses (oldest first) that count: one a day, none before its absolute minimum interval.

    Each is judged by the rules of the day it was given on: what was not to be repeated then still counts now.
    """
    counted: list[Dose] = []
    before: date | None = None
    for dose in doses:
        least = max(1, dose.product.rules_on(dose.given_on).absolute_days)
        if before is None or (dose.given_on - before).days >= least:
            counted.append(dose)
        before = dose.given_on
    return counted


def standing(doses: Sequence[PastDose], day: date, *, weakened: bool = False) -> Standing:
    """Where somebody with these doses (oldest first) stands. `weakened`: with a weakened immune system."""
    counted = doses_that_count(doses)
    if not counted:
        return Standing(0, complete=False, extra=False, next_due=None)
    complete, last = _is_complete(counted), doses[-1]
    rules = last.product.rules_on(day)
    extra = complete and weakened and _may_have_extra(counted, rules)
    due = None
    if extra and rules.extra_days is not None:
        due = _due(last, rules.extra_days, rules.grace_days, None)
    elif not complete and rules.interval_days is not None:
        due = _due(last, rules.interval_days, rules.grace_days, rules.late_days)
    return Standing(len(counted), complete, extra, due)


def judge(
    doses: Sequence[PastDose], product: ProductSchedule, day: date, age: int, *, weakened: bool = False
) -> Judgement:
    """What a dose of the product would be on that day to somebody of that age (years) with these earlier doses."""
    rules = product.rules_on(day)
    verdicts: list[Verdict] = []
    if not product.authorized_on(day):
        verdicts.append("not_authorized")
    if rules.paused:
        verdicts.append("stopped")
    if age < rules.youngest_age:
        verdicts.append("too_young")
    if not doses:
        return Judgement(tuple(verdicts or ["valid"]), 1, youngest_age=rules.youngest_age)
    where, last = standing(doses, day, weakened=weakened), doses[-1]
    other = last.product.cvx != product.cvx
    extra = where.complete and weakened and _may_have_extra(doses_that_count(doses), rules)
    due = _due_of(last, rules, other=other, extra=extra)
    if where.complete and not extra:
        verdicts.append("complete")
    elif due is not None and day < due.earliest:
        verdicts.append("early")
    if other:
        verdicts.append("other_product")
    if not verdicts:
        verdicts.append("grace" if due is not None and day < due.recommended else "valid")
    open_due = due if extra or not where.complete else None
    return Judgement(
        tuple(verdicts),
        len(doses) + 1,
        earliest=open_due.earliest if open_due else None,
        late=open_due is not None and open_due.late_after is not None and day > open_due.late_after,
        may_mix=not other or rules.mixed_days is not None,
        youngest_age=rules.youngest_age,
    )


def _series(counted: Sequence[PastDose]) -> list[int]:
    """How many doses the series of each product has, by the rules of the day it was given on."""
    return [dose.product.rules_on(dose.given_on).doses_in_series for dose in counted]


def _is_complete(counted: Sequence[PastDose]) -> bool:
    """One dose of a single-dose product, or as many doses as the last product's series has."""
    series = _series(counted)
    return 1 in series or len(counted) >= series[-1]


def _may_have_extra(counted: Sequence[PastDose], rules: ProductRules) -> bool:
    """One dose more than the series has, after a series of several doses."""
    series = _series(counted)
    return rules.extra_days is not None and 1 not in series and len(counted) == series[-1]


def _due_of(last: PastDose, rules: ProductRules, *, other: bool, extra: bool) -> NextDue | None:
    """When a dose under these rules is due after the last one. Between products there is no grace."""
    if extra and rules.extra_days is not None:
        return _due(last, rules.extra_days, 0 if other else rules.grace_days, None)
    if other:
        return None if rules.mixed_days is None else _due(last, rules.mixed_days, 0, rules.late_days)
    if rules.interval_days is None:
        return None
    return _due(last, rules.interval_days, rules.grace_days, rules.late_days)


def _due(last: PastDose, interval: int, grace: int, late: int | None) -> NextDue:
    recommended = last.given_on + timedelta(days=interval)
    late_after = None if late is None else last.given_on + timedelta(days=late)
    return NextDue(recommended - timedelta(days=grace), recommended, late_after)
