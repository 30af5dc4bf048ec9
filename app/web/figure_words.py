"""Words for the code words of figures: dimensions, their groups, and measures with their units."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.program.counties import county_by_fips
from app.domain.program.demographics import ETHNICITIES, GENDERS, RACES
from app.domain.reporting.groups import ASIAN_OR_PACIFIC, TWO_OR_MORE
from app.domain.reporting.tables import STATE, Hidden, Value
from app.web import figure_words_of_staff
from app.web.filters import day, decimal, per_cent, whole

COUNT, SHARE, DAYS, WITHIN = "count", "share", "days", "within"
_A_WEEK = 168

Names = Mapping[str, Mapping[str, str]]
"""By dimension, the names of what is a row of ours: vaccines, locations."""

DIMENSIONS: dict[str, Any] = {
    "day": _l("Day"),
    "week": _l("Week from"),
    "county": _l("County"),
    "product": _l("Vaccine"),
    "dose_number": _l("Dose"),
    "age_group": _l("Age"),
    "race": _l("Race"),
    "ethnicity": _l("Ethnicity"),
    "gender": _l("Gender"),
    "all": _l("People"),
    **figure_words_of_staff.DIMENSIONS,
}
GROUPS: dict[str, Any] = {
    ASIAN_OR_PACIFIC: _l("Asian or Pacific Islander"),
    TWO_OR_MORE: _l("Two or more races"),
    "unknown": _l("Not known"),
    "all": _l("Everybody"),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """What a column counts, and in which unit: counts, shares from 0 to 1, days, or hours within which."""

    text: Any
    unit: str = COUNT


MEASURES: dict[str, Measure] = {
    "doses": Measure(_l("Doses")),
    "people": Measure(_l("People")),
    "population": Measure(_l("Population")),
    "at_least_one": Measure(_l("At least one dose")),
    "complete": Measure(_l("Fully vaccinated")),
    "share_at_least_one": Measure(_l("Share with at least one dose"), SHARE),
    "share_complete": Measure(_l("Share fully vaccinated"), SHARE),
    **{code: Measure(text, unit) for code, (text, unit) in figure_words_of_staff.MEASURES.items()},
}


def dimension_name(dimension: str) -> str:
    """The heading of a dimension."""
    return str(DIMENSIONS[dimension])


def measure_name(measure: str) -> str:
    """The heading of a measure."""
    return str(MEASURES[measure].text)


def group_name(dimension: str, key: str, names: Names) -> str:
    """The words for one key of a dimension."""
    if key in (known := names.get(dimension, {})):
        return known[key]
    if (dimension, key) in figure_words_of_staff.GROUPS:
        return str(figure_words_of_staff.GROUPS[(dimension, key)])
    if dimension in _WORDING:
        return _WORDING[dimension](key)
    if key in GROUPS:
        return str(GROUPS[key])
    found = next((one for groups in (RACES, ETHNICITIES, GENDERS) if (one := groups.by_code(key))), None)
    return _(found.label) if found else key


def county_name(code: str) -> str:
    """The name of a county without the word; the whole state and other places have words of their own."""
    found = county_by_fips(code)
    if found:
        return found.name
    return _("The whole state") if code == STATE else _("Elsewhere or not known")


_WORDING: dict[str, Callable[[str], str]] = {
    "day": lambda key: day(date.fromisoformat(key)),
    "week": lambda key: day(date.fromisoformat(key)),
    "county": county_name,
    "dose_number": lambda key: _("Dose %(n)s", n=key),
    "reason": figure_words_of_staff.reason_name,
    "age_group": lambda key: key.replace("-", "–"),
}


def digits_for(highest: float) -> int:
    """Digits after the point for shares of which this is the highest: at a program's beginning all are tiny."""
    return sum(highest < limit for limit in (0.1, 0.01, 0.001, 0.000_1, 0.000_01)) if highest else 0


def written(value: Value, unit: str, digits: int = 0) -> str:
    """A value as people read it; `digits` after the point for shares."""
    if isinstance(value, Hidden):
        return _("not shown")
    if value is None:
        return "–"
    if unit == SHARE:
        return per_cent(float(value), digits)
    if unit == WITHIN:
        return _("%(n)s h", n=whole(value)) if value <= _A_WEEK else _("more than a week")
    return whole(value) if unit == COUNT else decimal(float(value))
