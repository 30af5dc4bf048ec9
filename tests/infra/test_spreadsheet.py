"""What people send is read as they meant it."""

import codecs
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from app.infra.spreadsheet import Column, Fault, Row, Sheet, clean_text, read_sheet
from tests.files.workbooks import ANN, BO, HEADINGS, csv_file, package, raw_row, raw_xlsx, saved, xlsx

pytestmark = pytest.mark.once

COLUMNS = (
    Column("first_name", "First Name", required=True),
    Column("last_name", "Last Name", required=True, also=("Surname",)),
    Column("birth_date", "Date of Birth", required=True),
    Column("zip", "ZIP Code", required=True),
    Column("email", "Email"),
)


def read(data: bytes, *, max_rows: int = 5_000, **more: Any) -> Sheet:
    return read_sheet(
        data,
        filename="people.xlsx",
        columns=COLUMNS,
        max_rows=max_rows,
        max_inflated_bytes=40 * 1024 * 1024,
        sheet_name="Recipients",
        **more,
    )


def texts(data: bytes) -> list[list[str]]:
    return [[cell.text for cell in row.cells.values()] for row in read(data).rows]


def first(data: bytes) -> Row:
    return next(iter(read(data).rows))


def test_a_workbook_gives_its_rows_with_the_numbers_and_addresses_that_excel_shows() -> None:
    sheet = read(xlsx([HEADINGS, ANN, BO]))
    rows = list(sheet.rows)
    assert sheet.row_count == 2
    assert sheet.headers == HEADINGS
    assert [row.number for row in rows] == [2, 3]
    assert rows[1].cells["birth_date"].address == "C3"
    assert rows[1].cells["birth_date"].value == "03/25/1975"


def test_the_rows_can_be_asked_for_twice() -> None:
    sheet = read(xlsx([HEADINGS, ANN, BO]))
    assert list(sheet.rows) == list(sheet.rows)


def test_columns_may_stand_in_any_order_and_headings_be_written_in_any_way() -> None:
    row = first(
        xlsx([("ZIP-code *", " date OF birth", "SURNAME", "first_name*"), ("27601", "x", "Lee", "Ann")])
    )
    assert row.cells["last_name"].text == "Lee"
    assert row.cells["zip"].address == "A2"


def test_a_column_that_the_file_does_not_have_reads_as_blank() -> None:
    cell = first(xlsx([HEADINGS, ANN])).cell("email")
    assert (cell.value, cell.text, cell.address) == (None, "", "")


def test_title_rows_above_the_headings_are_tolerated() -> None:
    rows = list(read(xlsx([["Our people"], [], ["Please check by Friday"], HEADINGS, ANN])).rows)
    assert [row.number for row in rows] == [5]


def test_blank_rows_are_left_out_and_the_numbers_of_the_others_stay() -> None:
    sheet = read(xlsx([HEADINGS, ANN, [], ["  ", "\u00a0", "", None], BO]))
    assert [row.number for row in sheet.rows] == [2, 5]
    assert sheet.row_count == 2


def test_the_sheet_of_the_template_is_preferred_wherever_it_stands() -> None:
    sheet = read(xlsx([HEADINGS, ANN], before=("Notes", "Old people")))
    assert (sheet.name, sheet.row_count) == ("Recipients", 1)


def test_without_a_sheet_of_that_name_the_first_is_read() -> None:
    assert read(xlsx([HEADINGS, ANN], sheet="Sheet1")).name == "Sheet1"


def test_columns_to_be_ignored_may_be_there() -> None:
    data = xlsx([(*HEADINGS, "What to fix"), (*ANN, "C2: Date")])
    (row,) = read(data, ignored=("What to fix",)).rows
    assert list(row.cells) == ["first_name", "last_name", "birth_date", "zip"]


def test_rows_to_be_skipped_do_not_count() -> None:
    sheet = read(
        xlsx([HEADINGS, ANN, BO]), skip=lambda row: row.cells["first_name"].text == "Ann", max_rows=1
    )
    assert [row.number for row in sheet.rows] == [3]
    assert sheet.row_count == 1


def test_dates_and_numbers_come_as_what_excel_keeps_and_as_the_text_a_person_would_type() -> None:
    book = Workbook()
    page = book.active
    page.append(HEADINGS)
    page.append([True, 12.5, date(1980, 2, 14), 27601.0])
    page.append(["Ann", 9195555555.0, datetime(1980, 2, 14, 13, 30), 29265])
    rows = list(read(saved(book)).rows)
    assert [cell.text for cell in rows[0].cells.values()] == ["TRUE", "12.5", "02/14/1980", "27601"]
    assert rows[0].cells["birth_date"].value == date(1980, 2, 14)
    assert [cell.text for cell in rows[1].cells.values()] == [
        "Ann",
        "9195555555",
        "02/14/1980 13:30",
        "29265",
    ]


def test_dates_of_the_1904_calendar_are_the_same_days() -> None:
    book = Workbook()
    book.epoch = datetime(1904, 1, 1)
    book.active.append(HEADINGS)
    book.active.append(["Ann", "Lee", date(1980, 2, 14), "27601"])
    assert first(saved(book)).cells["birth_date"].value == date(1980, 2, 14)


def test_a_number_that_no_calendar_holds_stays_a_number() -> None:
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    cell = '<c r="C2" s="1"><v>99999999</v></c>'
    data = raw_xlsx(raw_row(1, *HEADINGS) + raw_row(2, "Ann", "Lee", cell), styles=styles)
    assert first(data).cells["birth_date"].value == 99_999_999


def test_formats_in_words_of_their_own_are_recognised_as_dates() -> None:
    styles = '<numFmts><numFmt numFmtId="170" formatCode="[$-409]d\\-mmm\\-yyyy;@"/></numFmts><cellXfs>'
    styles += '<xf numFmtId="170"/></cellXfs>'
    data = raw_xlsx(
        raw_row(1, *HEADINGS) + raw_row(2, "Ann", "Lee", '<c r="C2"><v>29265</v></c>'), styles=styles
    )
    assert first(data).cells["birth_date"].value == date(1980, 2, 14)


def test_formulas_give_the_value_that_was_saved_with_them() -> None:
    row = raw_row(
        2, "Ann", '<c r="B2" t="str"><f>A2&amp;"x"</f><v>Lee</v></c>', '<c r="C2"><f>1+1</f><v>2</v></c>'
    )
    cells = first(raw_xlsx(raw_row(1, *HEADINGS) + row)).cells
    assert (cells["last_name"].value, cells["birth_date"].value) == ("Lee", 2)


def test_a_formula_without_a_saved_value_is_a_fault_and_one_with_an_empty_text_is_blank() -> None:
    cells = first(xlsx([HEADINGS, ["Ann", "=A2", None, '=""']])).cells
    assert cells["last_name"].fault == Fault("formula", "")
    row = raw_row(2, "Ann", '<c r="B2" t="str"><f>""</f><v></v></c>')
    assert first(raw_xlsx(raw_row(1, *HEADINGS) + row)).cells["last_name"].value is None


def test_an_error_value_is_a_fault_that_says_what_excel_shows() -> None:
    row = raw_row(2, "Ann", '<c r="B2" t="e"><v>#REF!</v></c>')
    assert first(raw_xlsx(raw_row(1, *HEADINGS) + row)).cells["last_name"].fault == Fault("error", "#REF!")


def test_cells_covered_by_a_merge_say_which_cell_covers_them() -> None:
    book = Workbook()
    for values in (HEADINGS, ANN, BO, ANN):
        book.active.append(values)
    book.active.merge_cells("D2:D4")
    book.active.merge_cells("A4:B4")
    rows = list(read(saved(book)).rows)
    assert [row.cells["zip"].fault for row in rows] == [None, Fault("merged", "D2"), Fault("merged", "D2")]
    assert rows[0].cells["zip"].text == "27601"
    assert rows[2].cells["last_name"].fault == Fault("merged", "A4")


def test_hidden_rows_are_read_like_the_others() -> None:
    book = Workbook()
    for values in (HEADINGS, ANN, BO):
        book.active.append(values)
    book.active.row_dimensions[2].hidden = True
    assert [row.number for row in read(saved(book)).rows] == [2, 3]


def test_shared_and_rich_texts_are_put_together_without_phonetic_guides() -> None:
    strings = "<si><r><t>Jo</t></r><r><t>sé</t></r></si><si><t>田中</t><rPh><t>タナカ</t></rPh></si>"
    row = raw_row(2, '<c r="A2" t="s"><v>0</v></c>', '<c r="B2" t="s"><v>1</v></c>')
    cells = first(raw_xlsx(raw_row(1, *HEADINGS) + row, strings=strings)).cells
    assert (cells["first_name"].text, cells["last_name"].text) == ("José", "田中")


def test_cells_without_addresses_follow_each_other() -> None:
    rows = raw_row(1, *HEADINGS) + "<row><c t='inlineStr'><is><t>Ann</t></is></c><c><v>7</v></c></row>"
    row = first(raw_xlsx(rows))
    assert (row.number, row.cells["last_name"].address, row.cells["last_name"].value) == (2, "B2", 7)


def test_markup_with_a_prefix_for_its_names_is_read_too() -> None:
    # as some exporters of other programs write it
    plain = raw_xlsx(raw_row(1, *HEADINGS) + raw_row(2, *ANN))
    archive = ZipFile(BytesIO(plain))
    parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    sheet = (
        sheet.replace("</", "</x:")
        .replace("<", "<x:")
        .replace("<x:/x:", "</x:")
        .replace("xmlns=", "xmlns:x=")
    )
    assert texts(package({**parts, "xl/worksheets/sheet1.xml": sheet})) == [list(ANN)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv_of_any_program_gives_the_same_rows(delimiter: str, encoding: str) -> None:
    data = csv_file(
        [HEADINGS, ("José", "Núñez", "02/14/1980", "02139")], delimiter=delimiter, encoding=encoding
    )
    assert texts(data) == [["José", "Núñez", "02/14/1980", "02139"]]


def test_rows_of_a_csv_have_the_numbers_that_excel_shows_when_it_opens_it() -> None:
    lines = ("sep=;", ";".join(HEADINGS), "", '"An\nn";Lee;x;27601', "Bo;Chan;x;27602")
    data = "\r\n".join(lines).encode()
    rows = list(read(data).rows)
    assert [row.number for row in rows] == [3, 4]
    assert rows[0].cells["first_name"].text == "An n"


def test_line_ends_of_old_macs_end_lines() -> None:
    assert texts(b"First Name,Last Name,Date of Birth,ZIP Code\rAnn,Lee,x,27601\r") == [
        ["Ann", "Lee", "x", "27601"]
    ]


def test_a_csv_called_xlsx_is_read_as_what_it_is() -> None:
    assert texts(codecs.BOM_UTF8 + csv_file([HEADINGS, ANN])) == [list(ANN)]


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ("  Ann\u00a0 Lee\t", "Ann Lee"),
        ("Ann\u200b\ufeff", "Ann"),
        ("Jose\u0301", "José"),
        ("An\u00adn", "Ann"),
        ("A\u200cnn", "Ann"),
        ("نی‌ما", "نی‌ما"),
        ("\u3000\u200b ", None),
    ],
)
def test_spaces_and_marks_that_nobody_sees_are_taken_out(typed: str, read_as: str | None) -> None:
    assert clean_text(typed) == read_as


@pytest.mark.parametrize("typed", ["An\x00n", "An\x07n", "Ann\x7f", "An\ud800n"])
def test_control_characters_are_a_fault_of_their_cell(typed: str) -> None:
    assert isinstance(clean_text(typed), Fault)


def test_control_characters_as_excel_hides_them_are_a_fault_too() -> None:
    row = raw_row(2, "An_x0007_n", "Lee_x005F_x0041_")
    cells = first(raw_xlsx(raw_row(1, *HEADINGS) + row)).cells
    assert cells["first_name"].fault == Fault("control", "An n")
    assert cells["last_name"].text == "Lee_x0041_"


def test_a_workbook_with_colours_comments_and_filters_is_only_its_values() -> None:
    book = Workbook()
    for values in (HEADINGS, ANN):
        book.active.append(values)
    book.active["A2"].font = Font(bold=True, color="FF0000")
    book.active.auto_filter.ref = "A1:D2"
    assert texts(saved(book)) == [list(ANN)]
