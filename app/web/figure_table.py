"""Figures as a table with words: what a page shows, what a chart draws and what a download holds are the same one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.domain.reporting.tables import Asked, Figures, Hidden, Row, Value
from app.web.figure_words import (
    COUNT,
    MEASURES,
    SHARE,
    Names,
    digits_for,
    dimension_name,
    group_name,
    measure_name,
    written,
)

ACROSS = frozenset({"product", "dose_number"})
"""Dimensions that become columns where they come second."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of numbers: its code word (of a measure, or of a group that stands across), heading, unit, and for shares
    the digits after the point.
    """

    code: str
    text: str
    unit: str
    digits: int = 0

    def said(self, value: Value) -> str:
        """A value of the column as people read it."""
        return written(value, self.unit, self.digits)


@dataclass(frozen=True, slots=True)
class Line:
    """A row: codes and words of what it is about, and its values."""

    codes: tuple[str, ...]
    heads: tuple[str, ...]
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`heads` are the headings of what the rows are about, `dimensions` their code words."""

    dimensions: tuple[str, ...]
    heads: list[str]
    columns: list[Column]
    lines: list[Line]

    def place(self, code: str) -> int:
        """Where a column stands."""
        return next(place for place, column in enumerate(self.columns) if column.code == code)

    def said(self, line: Line) -> list[str]:
        """A row's values as people read them."""
        return [column.said(value) for value, column in zip(line.values, self.columns, strict=True)]

    def file_columns(self) -> list[tuple[str, int, bool]]:
        """Headings, widths and whether it is a share, for a download."""
        heads = [(head, 26, False) for head in self.heads]
        return heads + [(one.text, max(12, len(one.text) + 2), one.unit == SHARE) for one in self.columns]

    def file_rows(self) -> Iterable[list[str | date | float | None]]:
        """Rows for a download: numbers as numbers, days as days, and words where a number is not shown."""
        for line in self.lines:
            heads = [
                date.fromisoformat(code) if dimension in ("day", "week") and code[:1].isdigit() else head
                for dimension, code, head in zip(self.dimensions, line.codes, line.heads, strict=True)
            ]
            yield [*heads, *(written(value, COUNT) if isinstance(value, Hidden) else value for value in line.values)]


def table_of(figures: Figures, names: Names) -> Table:
    """The table of figures, with shares where there are populations. A second dimension of ACROSS becomes columns when
    there is one measure.
    """
    figures = with_shares(figures)
    if len(figures.dimensions) == 2 and figures.dimensions[1] in ACROSS and len(figures.measures) == 1:
        return _turned(figures, names)
    lines = [
        Line(
            row.keys,
            tuple(group_name(name, key, names) for name, key in zip(figures.dimensions, row.keys, strict=True)),
            row.values,
        )
        for row in figures.rows
    ]
    columns = [
        Column(one, measure_name(one), MEASURES[one].unit, _digits(figures, one)) for one in figures.measures
    ]
    return Table(figures.dimensions, [dimension_name(one) for one in figures.dimensions], columns, lines)


def with_shares(figures: Figures) -> Figures:
    """The same with the shares of people vaccinated, where it has populations and none yet."""
    counted = [one for one in ("at_least_one", "complete") if one in figures.measures]
    added = tuple(f"share_{one}" for one in counted)
    if "population" not in figures.measures or set(added) <= set(figures.measures):
        return figures
    rows = tuple(
        Row(row.keys, (*row.values, *(_share(row.values, figures.measures, one) for one in counted)))
        for row in figures.rows
    )
    return replace(figures, measures=(*figures.measures, *added), rows=rows)


def _share(values: tuple[Value, ...], measures: tuple[str, ...], counted: str) -> Value:
    """Hidden where the number is; None where nobody knows how many people there are. Estimates may be too low."""
    people, everybody = values[measures.index(counted)], values[measures.index("population")]
    if isinstance(people, Hidden):
        return people
    if people is None or not isinstance(everybody, int) or not everybody:
        return None
    return min(people / everybody, 1.0)


def every_day(table: Table, asked: Asked) -> Table:
    """The same with a row of zeros for each day of the time asked for that has none."""
    known = {line.codes[0]: line for line in table.lines}
    nothing = (0,) * len(table.columns)
    lines = []
    for number in range((asked.until - asked.since).days + 1):
        code = (asked.since + timedelta(days=number)).isoformat()
        lines.append(known.get(code) or Line((code,), (group_name("day", code, {}),), nothing))
    return Table(table.dimensions, table.heads, table.columns, lines)


def _digits(figures: Figures, measure: str) -> int:
    """The same for both shares of a table, so that they can be compared."""
    if MEASURES[measure].unit != SHARE:
        return 0
    columns = (figures.column(one) for one in figures.measures if MEASURES[one].unit == SHARE)
    return digits_for(max((value for column in columns for value in column if isinstance(value, float)), default=1.0))


def _turned(figures: Figures, names: Names) -> Table:
    first, second = figures.dimensions
    unit = MEASURES[figures.measures[0]].unit
    codes = sorted({row.keys[1] for row in figures.rows}, key=lambda code: group_name(second, code, names))
    found = {row.keys: row.values[0] for row in figures.rows}
    # What has no row has no dose: only a number that is kept back is marked.
    lines = [
        Line((key,), (group_name(first, key, names),), tuple(found.get((key, code), 0) for code in codes))
        for key in dict.fromkeys(row.keys[0] for row in figures.rows)
    ]
    columns = [Column(code, group_name(second, code, names), unit) for code in codes]
    return Table((first,), [dimension_name(first)], columns, lines)
