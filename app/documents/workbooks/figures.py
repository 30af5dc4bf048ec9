"""Figures to take along, as a workbook with a sheet that says what they are, or as CSV."""

from collections.abc import Iterable, Sequence
from datetime import date

from app.documents.workbooks.tables import Share, Value, table_csv, table_workbook

Column = tuple[str, int, bool]
"""Heading, width in characters, and whether the numbers are shares from 0 to 1."""
Rows = Iterable[Sequence[str | date | float | None]]


def figures_workbook(
    sheet_name: str, columns: Sequence[Column], rows: Rows, *, about: Sequence[tuple[str, str]], about_name: str
) -> bytes:
    """An .xlsx; shares are shown as per cent."""
    return table_workbook(
        sheet_name, [column[:2] for column in columns], _marked(columns, rows), about=about, about_name=about_name
    )


def figures_csv(columns: Sequence[Column], rows: Rows) -> bytes:
    """CSV in UTF-8; shares are decimal fractions."""
    return table_csv([column[:2] for column in columns], _marked(columns, rows))


def _marked(columns: Sequence[Column], rows: Rows) -> Iterable[list[Value]]:
    for row in rows:
        yield [
            Share(value) if is_share and isinstance(value, int | float) else value
            for value, (_heading, _width, is_share) in zip(row, columns, strict=True)
        ]
