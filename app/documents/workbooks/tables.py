"""Lists to take along: headings and rows as a workbook or as CSV. Nothing in them is ever a formula."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter

from app.documents.workbooks.form import HEADER_FILL, HEADER_INK


class Share(float):
    """A share of a whole from 0 to 1, shown as per cent in a workbook."""


Value = str | int | float | Share | date | datetime | None
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 32_767


def table_workbook(
    sheet_name: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Value]], *,
    about: Sequence[tuple[str, str]] = (), about_name: str = "About",
) -> bytes:  # fmt: skip
    """An .xlsx of one sheet. `columns` are headings with their widths in characters; moments come as local ones.

    `about`, lines of a name and a text, goes on a second sheet.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "constant_memory": True})
    head = book.add_format({"bold": True, "bg_color": f"#{HEADER_FILL}", "font_color": f"#{HEADER_INK}"})
    looks = {
        date: book.add_format({"num_format": "mm/dd/yyyy", "align": "left"}),
        datetime: book.add_format({"num_format": "mm/dd/yyyy hh:mm", "align": "left"}),
        Share: book.add_format({"num_format": "0.0%"}),
    }
    sheet = book.add_worksheet(sheet_name[:31])
    for place, (title, width) in enumerate(columns):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, title, head)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            _write(sheet, number, place, value, looks)
    if about:
        _add_about(book, about_name, about, head)
    book.close()
    return out.getvalue()


def _write(sheet: Any, row: int, place: int, value: Value, looks: Mapping[type, Any]) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(row, place, value.replace(tzinfo=None), looks[datetime])
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, looks[date])
    elif isinstance(value, int | float):
        sheet.write_number(row, place, value, looks.get(type(value)))
    elif value:
        sheet.write_string(row, place, value[:_LONGEST])


def _add_about(book: Any, name: str, about: Sequence[tuple[str, str]], head: Any) -> None:
    sheet = book.add_worksheet(name[:31])
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    for number, (title, text) in enumerate(about):
        sheet.write_string(number, 0, title, head)
        sheet.write_string(number, 1, text[:_LONGEST])


def table_csv(columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Value]]) -> bytes:
    """The same as CSV in UTF-8 with a mark at its beginning, so that Excel reads accents."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([title for title, _width in columns])
    writer.writerows([_plain(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _plain(value: Value) -> str | int | float:
    if value is None or isinstance(value, int):
        return "" if value is None else value
    if isinstance(value, float):
        return round(float(value), 4)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    # A spreadsheet would run a text that begins like this.
    return f"'{value}" if value.startswith(_FORMULA) else value
