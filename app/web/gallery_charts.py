"""Charts of the gallery, with invented numbers."""

from collections.abc import Mapping
from typing import Any

from app.domain.program.counties import COUNTIES
from app.domain.program.demographics import RACES
from app.web.charts import GROWING, Amount, bars, lines
from app.web.county_map import county_map
from app.web.filters import per_cent, whole


def sample_charts() -> Mapping[str, Any]:
    """One chart of each kind, with a gap and a value that is not shown."""
    days = [f"{month} {day}, 2021" for month in ("Jan", "Feb", "Mar") for day in range(1, 29)]
    doses = [900 + 130 * place - 9 * (place % 7 == 6) * (place + 60) for place in range(len(days))]
    second = [None if place < 21 else doses[place - 21] * 0.9 for place in range(len(days))]
    third = [None if place < 60 else 90.0 * (place - 59) for place in range(len(days))]
    shares = {one.code: ((place * 37) % 53 + 20) / 100 for place, one in enumerate(COUNTIES.entries)}
    return {
        "days": lines("days", "Doses by day", "They rise; fewer on Sundays.", days, [("Doses", doses)], write=whole),
        "products": lines(
            "products", "Doses by day and vaccine", "Three vaccines begin one after the other.", days,
            [("Pfizer-BioNTech", doses), ("Moderna", second), ("Janssen", third)], write=whole,
        ),
        "groups": bars(
            "groups", "Share of people, by race", "Between 38% and 63%; one group is not shown.",
            [
                Amount(one.label, (None, None) if place == 4 else (0.6 - place / 20, 0.5 - place / 20), "not shown")
                for place, one in enumerate(RACES.entries)
            ],
            ["At least one dose", "Complete"], write=per_cent, most=1.0, kinds=GROWING,
        ),
        "stages": bars(
            "stages", "Rows of uploads", "Most are accepted.",
            [Amount("Clinics", (8200, 310, 44)), Amount("Employers", (3100, 120, 208)), Amount("Agents", (90, 0, 12))],
            ["Accepted", "Being checked", "To mend"], write=whole, stacked=True,
        ),
        "counties": county_map(
            "counties", "At least one dose, by county", "Between 20% and 72%; two counties are not shown.",
            {code: share for code, share in shares.items() if code not in {"37177", "37095"}}, write=per_cent,
            missing="not shown",
        ),
    }  # fmt: skip
