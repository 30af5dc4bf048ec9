"""A SAMPLE of populations, so that figures have something to be compared with until the state brings in its own.

Totals of counties are those of the census of 2020. The groups are made up: every county gets the state's shares, and a
few get more of one group, so that there are counties of every kind. Not for publication.
"""

from functools import lru_cache

from app.domain.program.counties import COUNTIES
from app.domain.reporting.groups import DIMENSIONS, UNKNOWN

SOURCE = "SAMPLE: county totals of the 2020 census, groups estimated from shares of the whole state"

_TOTALS = """
171415 36444 10888 22055 26577 17806 44652 17934 29606 136693 269452 87570 225804 80652 10355 67686 22736 160610 76285
28774 13708 11089 99519 50623 100720 334728 28100 36915 168930 42712 48715 324833 48900 382590 68573 227943 10478 8030
60992 20451 541299 48622 133568 62089 116281 21552 52082 4589 186693 43109 215999 9172 63285 55122 86810 44578 37014
21193 22031 1115482 14903 25751 99727 94970 225702 17471 204576 148696 12276 40568 60203 13005 39097 170243 19328
144171 42946 116530 91096 146875 64444 59036 34174 62504 44520 71359 14117 32986 3245 238267 42578 1129410 18642 11003
54086 117333 65969 78784 37214 18470
"""
"""In the order of COUNTIES."""

# Per thousand people of a county.
_SHARES = {
    "age_group": {"0-11": 141, "12-17": 76, "18-24": 95, "25-49": 327, "50-64": 195, "65-74": 100, "75+": 66},
    "race": {
        "1002-5": 14, "asian_pacific": 33, "2054-5": 214, "2106-3": 622, "2131-1": 59, "two_or_more": 58,
    },
    "ethnicity": {"2135-2": 107, "2186-5": 893},
    "gender": {"female": 511, "male": 489},
}  # fmt: skip
# Counties with more American Indian people than elsewhere, per thousand.
_INDIAN = {"37155": 380, "37173": 270, "37093": 100, "37165": 110, "37099": 90, "37075": 60}


@lru_cache(maxsize=1)
def sample_numbers() -> dict[tuple[str, str, str], int]:
    """People by county, dimension and group; of every county there is "all", "all" too."""
    totals = dict(zip((county.fips for county in COUNTIES.entries), map(int, _TOTALS.split()), strict=True))
    numbers: dict[tuple[str, str, str], int] = {}
    for fips, total in totals.items():
        numbers[(fips, "all", "all")] = total
        for dimension, shares in _SHARES.items():
            for group, people in _split(total, _of_county(fips, dimension, shares)).items():
                numbers[(fips, dimension, group)] = people
    return numbers


def groups_with_people(dimension: str) -> list[str]:
    """The groups of a dimension that a table of populations knows: nobody counts those who will not say."""
    return [group for group in DIMENSIONS[dimension] if group != UNKNOWN and (dimension, group) != ("gender", "other")]


def _of_county(fips: str, dimension: str, shares: dict[str, int]) -> dict[str, int]:
    if dimension != "race" or fips not in _INDIAN:
        return shares
    more = _INDIAN[fips] - shares["1002-5"]
    return shares | {"1002-5": _INDIAN[fips], "2106-3": shares["2106-3"] - more}


def _split(total: int, shares: dict[str, int]) -> dict[str, int]:
    """The total by shares, without anybody lost: the largest group takes what rounding leaves."""
    parts = {group: total * share // 1_000 for group, share in shares.items()}
    parts[max(shares, key=lambda group: shares[group])] += total - sum(parts.values())
    return parts
