"""The empty form of an upload, as a workbook with drop-downs and as CSV."""

import csv
import io

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from app.documents.workbooks.form import (
    EXAMPLE_FILL,
    EXAMPLE_INK,
    HEADER_FILL,
    HEADER_INK,
    LISTS_SHEET,
    OPTIONAL_FILL,
    Form,
    heading,
)

_TEXT_FORMAT = "@"


def template(form: Form) -> bytes:
    """The .xlsx template: the sheet to fill in, Instructions and (hidden) Lists."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = form.sheet_name
    _add_columns(form, sheet)
    _add_example(form, sheet)
    _add_lists(form, book, sheet)
    _add_instructions(form, book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def template_csv(form: Form) -> bytes:
    """The same columns and example row as CSV in UTF-8, with the mark that tells Excel so."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([heading(column) for column in form.columns])
    writer.writerow([form.example[column.key] for column in form.columns])
    return out.getvalue().encode("utf-8-sig")


def _add_columns(form: Form, sheet: Worksheet) -> None:
    hints = form.hints()
    for place, column in enumerate(form.columns, start=1):
        look = form.looks[column.key]
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = look.width
        if look.as_text:
            sheet.column_dimensions[letter].number_format = _TEXT_FORMAT
        elif look.is_date:
            sheet.column_dimensions[letter].number_format = "mm/dd/yyyy"
        cell = sheet.cell(1, place, heading(column))
        cell.font = Font(bold=True, color=HEADER_INK)
        cell.fill = PatternFill("solid", start_color=HEADER_FILL if column.required else OPTIONAL_FILL)
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        cell.comment = Comment(hints[column.key], "CVMS", height=80, width=240)
    sheet.row_dimensions[1].height = 30
    sheet.freeze_panes = "A2"


def _add_example(form: Form, sheet: Worksheet) -> None:
    for place, column in enumerate(form.columns, start=1):
        cell = sheet.cell(2, place, form.example[column.key])
        cell.number_format = _TEXT_FORMAT
        cell.font = Font(italic=True, color=EXAMPLE_INK)
        cell.fill = PatternFill("solid", start_color=EXAMPLE_FILL)


def _add_lists(form: Form, book: Workbook, sheet: Worksheet) -> None:
    lists = book.create_sheet(LISTS_SHEET)
    lists.sheet_state = "hidden"
    letters = {column.key: get_column_letter(place) for place, column in enumerate(form.columns, start=1)}
    headers = {column.key: column.header for column in form.columns}
    hints = form.hints()
    for place, key in enumerate(form.listed, start=1):
        look = form.looks[key]
        for row, text in enumerate((headers[key], *look.choices), start=1):
            lists.cell(row, place, text)
        rule = DataValidation(type="list", formula1=form.list_range(key), allow_blank=True)
        rule.showErrorMessage = not look.several
        rule.errorStyle = "warning"
        rule.errorTitle = headers[key]
        rule.error = hints[key]
        rule.add(f"{letters[key]}2:{letters[key]}{form.last_listed_row}")
        sheet.add_data_validation(rule)


def _add_instructions(form: Form, book: Workbook) -> None:
    sheet = book.create_sheet("Instructions", 1)
    sheet.column_dimensions["A"].width = 30
    sheet.column_dimensions["B"].width = 90
    hints = form.hints()
    rows = [*form.opening(), ("", ""), *((heading(column), hints[column.key]) for column in form.columns)]
    for number, (title, text) in enumerate(rows, start=1):
        sheet.cell(number, 1, title).font = Font(bold=True)
        sheet.cell(number, 1).alignment = Alignment(vertical="top", wrap_text=True)
        sheet.cell(number, 2, text).alignment = Alignment(vertical="top", wrap_text=True)
