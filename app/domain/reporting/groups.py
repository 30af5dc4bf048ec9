"""The groups in which people are counted. Codes of races, ethnicities and genders are those of the registration.

Several races are one group, and Pacific Islanders are counted with Asians, as North Carolina publishes.
Age is that of the day of the first dose, so that nobody's birthday moves a figure that was published.
"""

from collections.abc import Sequence
from datetime import date

from app.domain.program.demographics import ETHNICITIES, GENDERS
from app.domain.recipients.ages import age_on

UNKNOWN = "unknown"
"""They did not say, or were not asked."""
ASIAN_OR_PACIFIC, TWO_OR_MORE = "asian_pacific", "two_or_more"
_ASIAN, _PACIFIC = "2028-9", "2076-8"
_SINGLE = ("1002-5", "2054-5", "2106-3", "2131-1")
_FROM_AGE = (0, 12, 18, 25, 50, 65, 75)

AGE_GROUPS = ("0-11", "12-17", "18-24", "25-49", "50-64", "65-74", "75+")
RACE_GROUPS = ("1002-5", ASIAN_OR_PACIFIC, "2054-5", "2106-3", "2131-1", TWO_OR_MORE, UNKNOWN)
ETHNICITY_GROUPS = ("2135-2", "2186-5", UNKNOWN)
GENDER_GROUPS = ("female", "male", "other", UNKNOWN)

DIMENSIONS: dict[str, tuple[str, ...]] = {
    "age_group": AGE_GROUPS,
    "race": RACE_GROUPS,
    "ethnicity": ETHNICITY_GROUPS,
    "gender": GENDER_GROUPS,
}


def age_group(born: date, on: date) -> str:
    """The group of somebody's age in whole years on a day."""
    age = age_on(born, on)
    return AGE_GROUPS[max(sum(age >= first for first in _FROM_AGE) - 1, 0)]


def race_group(races: Sequence[str]) -> str:
    """The one group for the races that somebody named."""
    named = {race for race in races if race in (*_SINGLE, _ASIAN, _PACIFIC)}
    if len(named) > 1:
        return TWO_OR_MORE
    race = next(iter(named), UNKNOWN)
    return ASIAN_OR_PACIFIC if race in (_ASIAN, _PACIFIC) else race


def ethnicity_group(ethnicity: str) -> str:
    """The group of an answer."""
    return ethnicity if ethnicity in ETHNICITY_GROUPS and ETHNICITIES.by_code(ethnicity) else UNKNOWN


def gender_group(gender: str) -> str:
    """The group of an answer."""
    return gender if gender in GENDER_GROUPS and GENDERS.by_code(gender) else UNKNOWN
