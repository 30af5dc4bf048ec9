"""The workbooks that people download can be filled in, mended and uploaded as they are."""

import csv
import io
from datetime import date
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from app.documents.workbooks import (
    BadRow,
    FatedRow,
    mistakes_workbook,
    recipient_template,
    recipient_template_csv,
    results_workbook,
)
from app.documents.workbooks.recipients import RECIPIENTS
from app.domain.recipients.recipient_rows import (
    COLUMNS,
    EXAMPLE,
    PORTAL_ROWS,
    open_recipient_file,
    read_row,
    to_cells,
)
from app.infra.spreadsheet import Mistake
from tests.files.workbooks import saved

pytestmark = pytest.mark.once

TODAY = date(2021, 3, 3)
LETTERS = {column.key: chr(ord("A") + place) for place, column in enumerate(COLUMNS)}
FIX, ORIGINAL = "R", "S"


def opened(data: bytes) -> Workbook:
    return load_workbook(io.BytesIO(data))


def people(data: bytes) -> Worksheet:
    page = opened(data)["Recipients"]
    assert isinstance(page, Worksheet)
    return page


def mistakes_of(data: bytes) -> list[BadRow]:
    """What the page does with an upload: the rows that cannot be taken, as they go back."""
    sheet = open_recipient_file(data, filename="people.xlsx")
    results = [(row, read_row(row, today=TODAY)) for row in sheet.rows]
    return [BadRow(row.number, to_cells(row), result.mistakes) for row, result in results if result.mistakes]


def bad(number: int = 12, **cells: Any) -> BadRow:
    """A row whose phone is wrong."""
    typed = {"first_name": "Bo", "last_name": "Chan", "birth_date": "02/14/1980", "zip": "02139", **cells}
    return BadRow(number, typed, [Mistake(f"G{number}", "Phone", "Write ten digits.", "phone")])


def test_the_template_filled_in_by_hand_is_read_without_its_example() -> None:
    book = opened(recipient_template())
    page = book["Recipients"]
    for key, value in {"first_name": "Ann", "last_name": "Lee", "zip": "02139", "state": "MA"}.items():
        page[f"{LETTERS[key]}3"] = value
    page[f"{LETTERS['birth_date']}3"] = date(1980, 2, 14)
    (row,) = open_recipient_file(saved(book), filename="people.xlsx").rows
    person = read_row(row, today=TODAY).recipient
    assert person is not None
    assert (row.number, person.last_name, person.birth_date, person.zip) == (
        3,
        "Lee",
        date(1980, 2, 14),
        "02139",
    )


def test_the_example_written_over_is_a_person() -> None:
    book = opened(recipient_template())
    for letter, value in {"A": "Ann", "C": "Lee", "F": "ann.lee@example.org"}.items():
        book["Recipients"][f"{letter}2"] = value
    (row,) = open_recipient_file(saved(book), filename="people.xlsx").rows
    assert read_row(row, today=TODAY).recipient is not None


def test_the_template_opens_on_the_people_with_headings_that_stay() -> None:
    book = opened(recipient_template())
    assert book.sheetnames == ["Recipients", "Instructions", "Lists"]
    assert book["Lists"].sheet_state == "hidden"
    page = book["Recipients"]
    assert page.freeze_panes == "A2"
    assert [cell.value for cell in page[1]] == [
        column.header + ("*" if column.required else "") for column in COLUMNS
    ]
    assert [cell.value for cell in page[2]] == [EXAMPLE[column.key] for column in COLUMNS]


def test_telephone_numbers_and_zip_codes_keep_their_zeros_in_the_template() -> None:
    widths = people(recipient_template()).column_dimensions
    for key in ("phone", "zip", "external_id"):
        assert widths[LETTERS[key]].number_format == "@"
    assert widths[LETTERS["birth_date"]].number_format == "mm/dd/yyyy"


@pytest.mark.parametrize("make", [recipient_template, lambda: mistakes_workbook([bad()])])
def test_every_list_drops_down_and_every_choice_in_it_is_accepted(make: Any) -> None:
    book = opened(make())
    by_column = {str(rule.sqref)[0]: rule for rule in book["Recipients"].data_validations.dataValidation}
    assert set(by_column) == {LETTERS[key] for key in RECIPIENTS.listed}
    for key in RECIPIENTS.listed:
        rule = by_column[LETTERS[key]]
        place = str(rule.formula1).lstrip("=").removeprefix("Lists!").replace("$", "")
        choices = tuple(cell.value for (cell,) in book["Lists"][place])
        assert choices == tuple(RECIPIENTS.looks[key].choices)
        assert str(rule.sqref) == f"{LETTERS[key]}2:{LETTERS[key]}{RECIPIENTS.last_listed_row}"
        for choice in choices:
            typed = {**EXAMPLE, "first_name": "Ann", "county": "", "state": "", key: choice}
            found = read_row(_row(typed), today=TODAY)
            assert found.recipient is not None, found.mistakes
    assert RECIPIENTS.last_listed_row >= PORTAL_ROWS + 2


def _row(typed: dict[str, str]) -> Any:
    lines = [[column.header for column in COLUMNS], [typed[column.key] for column in COLUMNS]]
    out = io.StringIO(newline="")
    csv.writer(out).writerows(lines)
    return next(iter(open_recipient_file(out.getvalue().encode(), filename="a.csv").rows))


def test_the_instructions_name_the_limits_the_help_desk_and_every_column() -> None:
    cells = [cell.value for row in opened(recipient_template())["Instructions"].iter_rows() for cell in row]
    text = "\n".join(str(value) for value in cells if value)
    for words in ("100 rows", "5,000", "help desk", "gray row", *(column.header for column in COLUMNS)):
        assert words in text


def test_the_template_as_csv_has_the_same_columns_and_example() -> None:
    data = recipient_template_csv()
    assert data.startswith(b"\xef\xbb\xbf")
    headings, example = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert [heading.rstrip("*") for heading in headings] == [column.header for column in COLUMNS]
    assert example == list(EXAMPLE.values())
    line = b"Ann,,Lee,,02/14/1980,,,,,,,27601,,,,,\r\n"
    (row,) = open_recipient_file(data + line, filename="a.csv").rows
    assert row.number == 3


def test_the_workbook_of_mistakes_shows_values_as_typed_and_marks_the_wrong_cell() -> None:
    page = people(mistakes_workbook([bad(phone="call me", birth_date="2/14/80")]))
    assert page["A2"].value == "Bo"
    assert page["E2"].value == "2/14/80"
    assert (page["L2"].value, page["L2"].number_format) == ("02139", "@")
    assert page["G2"].value == "call me"
    assert page["G2"].fill.start_color.rgb != page["A2"].fill.start_color.rgb
    assert page["G2"].comment is not None
    assert "Write ten digits." in page["G2"].comment.text
    assert page["A2"].comment is None
    assert (page[f"{FIX}1"].value, page[f"{ORIGINAL}1"].value) == ("What to fix", "Original row")
    assert (page[f"{FIX}2"].value, page[f"{ORIGINAL}2"].value) == ("G12: Phone - Write ten digits.", 12)


def test_a_mistake_of_the_whole_row_needs_no_cell() -> None:
    row = BadRow(4, {"first_name": "Bo"}, [Mistake("", "", "This person is in row 3 already.", "")])
    page = people(mistakes_workbook([row]))
    assert page[f"{FIX}2"].value == "This person is in row 3 already."


def test_an_empty_cell_that_must_be_filled_is_marked_too() -> None:
    page = people(mistakes_workbook([bad()]))
    assert page["G2"].value is None
    assert page["G2"].fill.fill_type == "solid"


@pytest.mark.parametrize(
    "typed", ["=1+1", "+19195550100", "-Ann", "@SUM(A1)", '=HYPERLINK("http://x")', "{=1}"]
)
@pytest.mark.parametrize("make", ["mistakes", "results"])
def test_no_value_becomes_a_formula_or_a_link(typed: str, make: str) -> None:
    data = (
        mistakes_workbook([bad(street=typed)])
        if make == "mistakes"
        else results_workbook([FatedRow(2, {"street": typed}, typed, typed)])
    )
    cell = people(data)["H2"]
    assert (cell.value, cell.data_type) == (typed, "s")
    sheet = ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"<hyperlink" not in sheet


@pytest.mark.parametrize("typed", ["_x0041_", "a\x07b", "x" * 40_000, "\ud800", "  two  ", "<&>\"'"])
def test_any_text_can_go_back(typed: str) -> None:
    for data in (
        mistakes_workbook([bad(street=typed)]),
        results_workbook([FatedRow(2, {"first_name": "Bo", "street": typed}, "x")]),
    ):
        (row,) = open_recipient_file(data, filename="a.xlsx").rows
        assert (
            row.cell("street").text
            == " ".join(typed.replace("\x07", " ").replace("\ud800", " ").split())[:32_767]
        )


def test_dates_go_back_as_dates() -> None:
    page = people(mistakes_workbook([bad(birth_date=date(2080, 2, 14))]))
    assert page["E2"].value.date() == date(2080, 2, 14)
    assert page["E2"].number_format == "mm/dd/yyyy"


def test_an_unmended_workbook_of_mistakes_brings_the_same_mistakes_and_a_mended_one_none() -> None:
    lines = [
        [column.header for column in COLUMNS],
        _typed(first_name="Ann", last_name="Lee", birth_date="02/14/1980", zip="27601"),
        _typed(first_name="B0", last_name="Chan", birth_date="2/14/80", zip="27601"),
        _typed(first_name="Cy", last_name="Diaz", birth_date="02/14/1980", phone="12"),
    ]
    out = io.StringIO(newline="")
    csv.writer(out).writerows(lines)
    returned = mistakes_of(out.getvalue().encode())
    assert [row.number for row in returned] == [3, 4]
    workbook = mistakes_workbook(returned)
    again = mistakes_of(workbook)
    assert [row.number for row in again] == [2, 3]
    assert [[m.message for m in row.mistakes] for row in again] == [
        [m.message for m in row.mistakes] for row in returned
    ]
    book = opened(workbook)
    for address, value in {"A2": "Bob", "E2": date(1980, 2, 14), "G3": "9195550100", "L3": "27601"}.items():
        book["Recipients"][address] = value
    assert mistakes_of(saved(book)) == []


def _typed(**values: str) -> list[str]:
    return [values.get(column.key, "") for column in COLUMNS]


def test_the_results_name_the_fate_of_every_row_and_its_number_in_the_file() -> None:
    data = results_workbook(
        FatedRow(number, {"first_name": f"Ann {number}"}, "Created", "Invited by mail")
        for number in range(2, 302)
    )
    page = people(data)
    assert [page.cell(1, column).value for column in (18, 19, 20)] == ["Status", "Note", "Original row"]
    assert [page.cell(301, column).value for column in (1, 18, 19, 20)] == [
        "Ann 301",
        "Created",
        "Invited by mail",
        301,
    ]
    assert open_recipient_file(data, filename="a.xlsx").row_count == 300


def test_a_workbook_without_any_mistake_is_still_a_workbook() -> None:
    assert people(mistakes_workbook([])).max_row == 1
