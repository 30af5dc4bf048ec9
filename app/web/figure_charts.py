"""From a table of figures to its chart, with the sentence that says what is to be seen."""

from collections.abc import Callable, Sequence

from flask_babel import gettext as _

from app.domain.program.counties import county_by_fips
from app.domain.reporting.tables import Hidden, Value
from app.web.charts import GROWING, SERIES, Amount, Bars, Lines, bars, lines
from app.web.county_map import CountyMap, county_map
from app.web.figure_table import Column, Line, Table
from app.web.figure_words import SHARE
from app.web.filters import whole

MOST_BARS = 20


def day_chart(name: str, title: str, table: Table) -> Lines:
    """A line for each column, day by day."""
    totals = [sum(_number(value) or 0 for value in line.values) for line in table.lines]
    series = [
        (column.text, [_number(line.values[place]) for line in table.lines])
        for place, column in enumerate(table.columns)
    ]
    days = [line.heads[0] for line in table.lines]
    return lines(name, title, _over_time(days, totals), days, series, write=whole)


def bar_chart(
    name: str, title: str, table: Table, drawn: Sequence[str] = (), *, stacked: bool = False, left_out: Sequence[str] = ()
) -> Bars:  # fmt: skip
    """Bars for the columns named (all, when none is), of which all must have one unit; at most MOST_BARS rows, without
    those whose code is left out.
    """
    places = [table.place(code) for code in drawn] or list(range(len(table.columns)))
    column = table.columns[places[0]]
    shown = [line for line in table.lines if line.codes[-1] not in left_out][:MOST_BARS]
    amounts = [
        Amount(
            line.heads[-1], [_number(line.values[place]) for place in places],
            column.said(_first_kept_back(line, places)),
        )
        for line in shown
    ]  # fmt: skip
    is_share = column.unit == SHARE
    return bars(
        name, title, _extremes([(line.heads[-1], _sum(line, places, stacked)) for line in shown], column),
        amounts, [table.columns[place].text for place in places], write=column.said, stacked=stacked,
        most=1.0 if is_share and not column.digits else None, kinds=GROWING if is_share and len(places) == 2 else SERIES,
    )  # fmt: skip


def map_chart(
    name: str, title: str, table: Table, measure: str, *, missing: str, link: Callable[[str], str] | None = None
) -> CountyMap:
    """The counties by a share, in classes."""
    place = table.place(measure)
    column = table.columns[place]
    counties = [line for line in table.lines if county_by_fips(line.codes[0])]
    shares = {line.codes[0]: _number(line.values[place]) for line in counties}
    about = _extremes([(line.heads[0], shares[line.codes[0]]) for line in counties], column)
    return county_map(
        name, title, about, shares, write=column.said, missing=missing, link=link, digits=column.digits
    )


def _number(value: Value) -> float | None:
    return None if value is None or isinstance(value, Hidden) else float(value)


def _first_kept_back(line: Line, places: Sequence[int]) -> Value:
    return next((line.values[place] for place in places if isinstance(line.values[place], Hidden)), None)


def _sum(line: Line, places: Sequence[int], stacked: bool) -> float | None:
    known = [value for place in places if (value := _number(line.values[place])) is not None]
    return (sum(known) if stacked else known[0]) if known else None


def _over_time(days: Sequence[str], totals: Sequence[float]) -> str:
    if not totals or not max(totals):
        return _("There is nothing to show in this time.")
    most = max(range(len(totals)), key=lambda place: totals[place])
    return _(
        "From %(first)s to %(last)s. Most on %(day)s: %(number)s.", first=days[0], last=days[-1], day=days[most],
        number=whole(totals[most]),
    )  # fmt: skip


def _extremes(named: Sequence[tuple[str, float | None]], column: Column) -> str:
    known = [(text, value) for text, value in named if value is not None]
    if not known:
        return _("There is nothing to show.")
    highest, lowest = max(known, key=lambda one: one[1]), min(known, key=lambda one: one[1])
    return _(
        "The most: %(high)s, %(most)s. The least: %(low)s, %(least)s.", high=highest[0], most=column.said(highest[1]),
        low=lowest[0], least=column.said(lowest[1]),
    )  # fmt: skip
