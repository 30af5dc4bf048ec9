"""Lists to take along: headings and rows as a workbook or as CSV. Nothing in them is ever a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import xlsxwriter

from app.documents.workbooks.form import HEADER_FILL, HEADER_INK

Value = str | int | date | datetime | None
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 32_767


def table_workbook(sheet_name: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Value]]) -> bytes:
    """An .xlsx of one sheet. `columns` are headings with their widths in characters; moments come as local ones."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "constant_memory": True})
    head = book.add_format({"bold": True, "bg_color": f"#{HEADER_FILL}", "font_color": f"#{HEADER_INK}"})
    day = book.add_format({"num_format": "mm/dd/yyyy", "align": "left"})
    moment = book.add_format({"num_format": "mm/dd/yyyy hh:mm", "align": "left"})
    sheet = book.add_worksheet(sheet_name[:31])
    for place, (title, width) in enumerate(columns):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, title, head)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            if isinstance(value, datetime):
                sheet.write_datetime(number, place, value.replace(tzinfo=None), moment)
            elif isinstance(value, date):
                sheet.write_datetime(number, place, value, day)
            elif isinstance(value, int):
                sheet.write_number(number, place, value)
            elif value:
                sheet.write_string(number, place, value[:_LONGEST])
    book.close()
    return out.getvalue()


def table_csv(columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Value]]) -> bytes:
    """The same as CSV in UTF-8 with a mark at its beginning, so that Excel reads accents."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([title for title, _width in columns])
    writer.writerows([_plain(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _plain(value: Value) -> str | int:
    if value is None or isinstance(value, int):
        return "" if value is None else value
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    # A spreadsheet would run a text that begins like this.
    return f"'{value}" if value.startswith(_FORMULA) else value
