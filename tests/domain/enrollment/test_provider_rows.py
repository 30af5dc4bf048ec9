"""The workbook of practising providers: names, title and license, each mistake named by its cell."""

from typing import Any

import pytest

from app.domain.enrollment.provider_rows import COLUMNS, EXAMPLE, MOST_ROWS, read_providers
from app.infra.spreadsheet import UnreadableFile
from app.infra.spreadsheet.read_rows import ReadRow
from tests.files.workbooks import csv_file, xlsx

pytestmark = pytest.mark.once

HEADINGS = [column.header for column in COLUMNS]


def read(*lines: tuple[Any, ...]) -> list[ReadRow]:
    return read_providers(xlsx([HEADINGS, *lines], sheet="Practicing Providers"), filename="providers.xlsx")


def only(*typed: Any) -> ReadRow:
    (row,) = read(typed)
    return row


@pytest.mark.parametrize(
    ("title", "kept"),
    [("MD", "MD"), ("m.d.", "MD"), ("MD (physician)", "MD"), ("Nurse Practitioner", "NP"), ("pharmd", "RPh")],
)
def test_a_title_is_understood_however_it_is_written(title: str, kept: str) -> None:
    assert only("Amara", "Okafor", title, "2019-01234").values == {
        "first_name": "Amara", "last_name": "Okafor", "title": kept, "license_number": "2019-01234",
    }  # fmt: skip


def test_a_license_that_excel_made_a_number_keeps_its_digits() -> None:
    assert only("Amara", "Okafor", "MD", 201901234.0).values["license_number"] == "201901234"


def test_every_mistake_is_named_by_its_cell() -> None:
    row = only("Am4ra", None, "Wizard", "x" * 31)
    assert [(found.address, found.column) for found in row.mistakes] == [
        ("A2", "First Name"), ("B2", "Last Name"), ("C2", "Title"), ("D2", "License Number"),
    ]  # fmt: skip
    assert [found.message for found in row.mistakes] == [
        "Write the name as it is on official papers: letters, no digits.",
        "Fill in this cell.",
        "“Wizard” is not in the list. Choose one of: MD (physician); DO (osteopathic physician); NP (nurse practitioner); "
        "PA (physician assistant); CNM (nurse midwife); RPh (pharmacist); DDS or DMD (dentist); "
        "Other with prescribing authority.",
        "Use 30 characters or fewer; this has 31.",
    ]


@pytest.mark.parametrize("nothing", [None, "N/A", "none", "--"])
def test_nobody_works_without_a_license_in_this_list(nothing: str | None) -> None:
    assert [(found.column, found.message) for found in only("Amara", "None", "MD", nothing).mistakes] == [
        ("License Number", "Fill in this cell.")
    ]


def test_a_license_that_is_there_twice_is_taken_once() -> None:
    rows = read(
        ("Amara", "Okafor", "MD", "2019-01234"), ("Ama", "Okafor", "MD", "201901234"), ("Bo", "Chan", "DO", "9")
    )
    assert [row.is_good for row in rows] == [True, False, True]
    assert "This license number is in row 2 already." in rows[1].mistakes[0].message


def test_the_example_is_left_out_and_other_headings_are_understood() -> None:
    lines = [["First", "Surname", "Credentials", "License #"], list(EXAMPLE.values()), ["Bo", "Chan", "DO", "9"]]
    (row,) = read_providers(csv_file(lines), filename="a.csv")
    assert (row.number, row.values["last_name"]) == (3, "Chan")


def test_a_list_longer_than_any_location_needs_is_refused_whole() -> None:
    with pytest.raises(UnreadableFile, match="more than 2,000 rows"):
        read(*(("Bo", "Chan", "DO", f"L{number}") for number in range(MOST_ROWS + 1)))
