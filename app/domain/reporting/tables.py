"""Figures as a table: what every reader answers, and what charts, tables and downloads are made of."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from uuid import UUID
from zoneinfo import ZoneInfo


class Hidden(Enum):
    """Stands where a number may not be shown."""

    HIDDEN = "hidden"


HIDDEN = Hidden.HIDDEN
Value = int | float | None | Hidden

STATE = "37"
"""The whole state where a county's code would stand."""
OUTSIDE = ""
"""People whose address is in no county of the state, or not known."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its keys in the order of the dimensions, its values in the order of the measures. None: not known."""

    keys: tuple[str, ...]
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """A table. Names and keys are code words, days are ISO text.

    `as_of`: everything that was recorded up to that moment is in it; what came later may be. None while people are
    counted for the first time.
    """

    name: str
    dimensions: tuple[str, ...]
    measures: tuple[str, ...]
    rows: tuple[Row, ...]
    as_of: datetime | None

    def column(self, measure: str) -> list[Value]:
        """The values of one measure, row by row."""
        place = self.measures.index(measure)
        return [row.values[place] for row in self.rows]

    def value(self, keys: tuple[str, ...], measure: str) -> Value:
        """One value. Raises KeyError where there is no such row."""
        for row in self.rows:
            if row.keys == keys:
                return row.values[self.measures.index(measure)]
        raise KeyError(keys)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page asks of a reader; each takes what concerns it and leaves the rest.

    `since`, `until`: local days, both included. `county`: five digits, None for the whole state. `by`: for doses by
    day, "product", "dose_number" or None. `dimension`: for people by group, one of `groups.DIMENSIONS`.
    """

    now: datetime
    zone: ZoneInfo
    today: date
    since: date
    until: date
    county: str | None = None
    location: UUID | None = None
    by: str | None = None
    dimension: str = "age_group"
