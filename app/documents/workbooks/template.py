"""The empty form of the recipient upload, as a workbook with drop-downs and as CSV."""

import csv
import io

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from app.documents.workbooks import instructions
from app.documents.workbooks.columns import (
    EXAMPLE_FILL,
    EXAMPLE_INK,
    HEADER_FILL,
    HEADER_INK,
    LAST_LISTED_ROW,
    LISTED,
    LISTS_SHEET,
    LOOKS,
    OPTIONAL_FILL,
    list_range,
)
from app.domain.recipients.recipient_rows import COLUMNS, EXAMPLE, SHEET_NAME
from app.infra.spreadsheet import Column

_TEXT_FORMAT = "@"


def recipient_template() -> bytes:
    """The .xlsx template: sheets Recipients, Instructions and (hidden) Lists."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET_NAME
    _add_columns(sheet)
    _add_example(sheet)
    _add_lists(book, sheet)
    _add_instructions(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def recipient_template_csv() -> bytes:
    """The same columns and example row as CSV in UTF-8, with the mark that tells Excel so."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([heading(column) for column in COLUMNS])
    writer.writerow([EXAMPLE[column.key] for column in COLUMNS])
    return out.getvalue().encode("utf-8-sig")


def heading(column: Column) -> str:
    """The heading as shown: with an asterisk where the column is required."""
    return f"{column.header}*" if column.required else column.header


def _add_columns(sheet: Worksheet) -> None:
    hints = instructions.columns()
    for place, column in enumerate(COLUMNS, start=1):
        look = LOOKS[column.key]
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = look.width
        if look.as_text:
            sheet.column_dimensions[letter].number_format = _TEXT_FORMAT
        elif column.key == "birth_date":
            sheet.column_dimensions[letter].number_format = "mm/dd/yyyy"
        cell = sheet.cell(1, place, heading(column))
        cell.font = Font(bold=True, color=HEADER_INK)
        cell.fill = PatternFill("solid", start_color=HEADER_FILL if column.required else OPTIONAL_FILL)
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        cell.comment = Comment(hints[column.key], "CVMS", height=80, width=240)
    sheet.row_dimensions[1].height = 30
    sheet.freeze_panes = "A2"


def _add_example(sheet: Worksheet) -> None:
    for place, column in enumerate(COLUMNS, start=1):
        cell = sheet.cell(2, place, EXAMPLE[column.key])
        cell.number_format = _TEXT_FORMAT
        cell.font = Font(italic=True, color=EXAMPLE_INK)
        cell.fill = PatternFill("solid", start_color=EXAMPLE_FILL)


def _add_lists(book: Workbook, sheet: Worksheet) -> None:
    lists = book.create_sheet(LISTS_SHEET)
    lists.sheet_state = "hidden"
    letters = {column.key: get_column_letter(place) for place, column in enumerate(COLUMNS, start=1)}
    headers = {column.key: column.header for column in COLUMNS}
    for place, key in enumerate(LISTED, start=1):
        look = LOOKS[key]
        for row, text in enumerate((headers[key], *look.choices), start=1):
            lists.cell(row, place, text)
        rule = DataValidation(type="list", formula1=list_range(key), allow_blank=True)
        rule.showErrorMessage = not look.several
        rule.errorStyle = "warning"
        rule.errorTitle = headers[key]
        rule.error = instructions.columns()[key]
        rule.add(f"{letters[key]}2:{letters[key]}{LAST_LISTED_ROW}")
        sheet.add_data_validation(rule)


def _add_instructions(book: Workbook) -> None:
    sheet = book.create_sheet("Instructions", 1)
    sheet.column_dimensions["A"].width = 30
    sheet.column_dimensions["B"].width = 90
    hints = instructions.columns()
    rows = [*instructions.opening(), ("", ""), *((heading(column), hints[column.key]) for column in COLUMNS)]
    for number, (title, text) in enumerate(rows, start=1):
        sheet.cell(number, 1, title).font = Font(bold=True)
        sheet.cell(number, 1).alignment = Alignment(vertical="top", wrap_text=True)
        sheet.cell(number, 2, text).alignment = Alignment(vertical="top", wrap_text=True)
