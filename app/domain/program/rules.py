"""What holds for a vaccine product from one day to another: the rules that schedule, screening and stock are judged by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class ProductRules:
    """What holds for a product on one day. Ages in years, everything named `_days` in days, hours in hours.

    `interval_days`: between two doses of the product, None for a single dose; a dose up to `grace_days` earlier is
    valid, and one less than `absolute_days` after the dose before does not count (0: every dose counts).
    `late_days`: the next dose is overdue after so many, None where no such day is named; a series never begins anew.
    `mixed_days`: least interval after a dose of another product, None while products are not to be mixed.
    `extra_days`: least interval of the further dose for people with a weakened immune system, None before there was one.
    `doses_per_vial`: as the label says; `beyond_use_hours`: within which an opened vial is used; `storage`: in words.
    """

    youngest_age: int
    fact_sheet: str = ""
    paused: bool = False
    doses_in_series: int = 2
    interval_days: int | None = None
    grace_days: int = 4
    absolute_days: int = 0
    late_days: int | None = None
    mixed_days: int | None = None
    extra_days: int | None = None
    doses_per_vial: int = 10
    beyond_use_hours: int = 6
    storage: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """Rules with the days on which they hold; `until` is the last of them, None: for good."""

    effective_from: date
    until: date | None
    rules: ProductRules


@dataclass(frozen=True, slots=True)
class ProductSchedule:
    """A product as the dose schedule sees it. Products with the same `cvx` are the same vaccine in other vials."""

    cvx: str
    name: str
    periods: tuple[Period, ...]

    def rules_on(self, day: date) -> ProductRules:
        """The rules of that day; before the product was authorized, its first ones."""
        held = [period for period in self.periods if period.effective_from <= day]
        return (held or self.periods)[-1 if held else 0].rules

    def authorized_on(self, day: date) -> bool:
        """True from the first day of the first period to the last of the last."""
        last = self.periods[-1].until
        return self.periods[0].effective_from <= day and (last is None or day <= last)


def periods_of(
    first: ProductRules, changes: Iterable[Mapping[str, Any]], effective_from: date, effective_to: date | None
) -> tuple[Period, ...]:
    """The periods that a product's first rules and its later changes (`{"from": "2021-05-10", …}`) make, oldest first."""
    starts = [(effective_from, first)]
    for change in sorted(changes, key=lambda change: str(change["from"])):
        day, values = date.fromisoformat(change["from"]), {key: change[key] for key in change if key != "from"}
        before, rules = starts[-1]
        if day <= before:
            starts[-1] = (before, replace(rules, **values))
        else:
            starts.append((day, replace(rules, **values)))
    ends = [date.fromordinal(day.toordinal() - 1) for day, _ in starts[1:]]
    return tuple(Period(day, end, rules) for (day, rules), end in zip(starts, [*ends, effective_to], strict=True))
