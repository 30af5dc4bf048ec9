"""The figures that everybody may see: small groups hidden, whoever asks."""

from datetime import date
from functools import lru_cache

from sqlalchemy.orm import Session

from app.domain.reporting.counted import count_counties, count_doses, count_groups, count_totals
from app.domain.reporting.groups import DIMENSIONS, UNKNOWN
from app.domain.reporting.populations import Populations, read_populations
from app.domain.reporting.suppression import Cell, withheld
from app.domain.reporting.tables import HIDDEN, STATE, Figures, Row, Value

EVERYBODY = "all"
FOLDED = {("gender", "other"): UNKNOWN}
"""Nobody knows how many people of these groups live anywhere: they are counted with those who did not say."""
_FIRST_DAY, _LAST_DAY = date(2020, 1, 1), date(2199, 12, 31)


def public_figures(session: Session) -> dict[str, Figures]:
    """Every figure of the public page, by name.

    totals; doses_by_day, doses_by_day_and_product, doses_by_day_and_dose_number of the state; people_by_county; and
    people_by_<dimension> of the counties and the state (rows of the group "all" are everybody), with HIDDEN.
    """
    populations = read_populations(session)
    found = {
        "totals": count_totals(session, STATE, populations),
        "doses_by_day": count_doses(session, STATE, _FIRST_DAY, _LAST_DAY, None),
        "doses_by_day_and_product": count_doses(session, STATE, _FIRST_DAY, _LAST_DAY, "product"),
        "doses_by_day_and_dose_number": count_doses(session, STATE, _FIRST_DAY, _LAST_DAY, "dose_number"),
        "people_by_county": count_counties(session, populations),
    }
    for dimension in DIMENSIONS:
        found[f"people_by_{dimension}"] = suppress(
            count_groups(session, dimension, populations), dimension, populations
        )
    return found


def suppress(figures: Figures, dimension: str, populations: Populations) -> Figures:
    """People by county and group, with HIDDEN where the public may not see them: see `suppression`.

    Populations stay: everybody knows them. What is hidden by them alone is hidden for every measure.
    """
    counts = _folded(figures, dimension)
    people, hidden = populations.of(dimension), populations.hidden_of(dimension)
    some, complete = _withheld(tuple(counts.items()), tuple(people.items()), hidden)
    rows = []
    for row in figures.rows:
        cell = (row.keys[0], row.keys[1])
        if cell[1] == EVERYBODY:
            rows.append(row)
        elif cell in counts:
            hides = (cell in hidden or cell[0] in some, cell in hidden or cell[0] in complete)
            values: list[Value] = [HIDDEN if hide else count for hide, count in zip(hides, counts[cell], strict=True)]
            rows.append(Row(cell, (*values, people.get(cell))))
    return Figures(figures.name, figures.dimensions, figures.measures, tuple(rows), figures.as_of)


@lru_cache(maxsize=16)
def _withheld(
    counts: tuple[tuple[Cell, tuple[int, int]], ...], people: tuple[tuple[Cell, int], ...], hidden: frozenset[Cell]
) -> tuple[frozenset[str], frozenset[str]]:
    """Found out once for the same figures: they change once a minute at most, and the page is opened by many."""
    return withheld(dict(counts), dict(people), hidden)


def _folded(figures: Figures, dimension: str) -> dict[Cell, tuple[int, int]]:
    counts: dict[Cell, tuple[int, int]] = {}
    for row in figures.rows:
        county, group = row.keys
        if group == EVERYBODY:
            continue
        cell = (county, FOLDED.get((dimension, group), group))
        some, complete = (value if isinstance(value, int) else 0 for value in row.values[:2])
        before = counts.get(cell, (0, 0))
        counts[cell] = (before[0] + some, before[1] + complete)
    return counts
