"""The workbook in which a Vaccine Coordinator names everybody with prescribing authority at the location."""

from collections.abc import Mapping
from typing import Any

from app.domain.enrollment.practicing_providers import BY_KEY, fold_license
from app.domain.enrollment.row_fields import read_fields
from app.infra.spreadsheet import Column, Row, Sheet, read_sheet
from app.infra.spreadsheet.mistakes import IGNORED_HEADERS
from app.infra.spreadsheet.read_rows import MOST_INFLATED_BYTES, ReadRow, without_repeats

SHEET_NAME = "Practicing Providers"
MOST_ROWS = 2_000
WORKBOOK_FROM = 25
"""From so many on the list comes as a workbook, as the state's checklist asks for; fewer are typed in by hand."""

COLUMNS = (
    Column("first_name", "First Name", required=True, also=("First", "Given Name")),
    Column("last_name", "Last Name", required=True, also=("Last", "Surname", "Family Name")),
    Column("title", "Title", required=True, also=("Credential", "Credentials", "Degree")),
    Column("license_number", "License Number", required=True, also=("License", "License No", "License #")),
)
EXAMPLE = {
    "first_name": "Jordan",
    "last_name": "Example",
    "title": "NP (nurse practitioner)",
    "license_number": "EXAMPLE",
}
_TELLS_EXAMPLE = ("last_name", "license_number")


def open_provider_file(data: bytes, *, filename: str) -> Sheet:
    """The rows of an uploaded file, without the template's example row. Raises UnreadableFile."""
    return read_sheet(
        data,
        filename=filename,
        columns=COLUMNS,
        max_rows=MOST_ROWS,
        max_inflated_bytes=MOST_INFLATED_BYTES,
        sheet_name=SHEET_NAME,
        ignored=IGNORED_HEADERS,
        skip=_is_example,
    )


def read_providers(data: bytes, *, filename: str) -> list[ReadRow]:
    """Every row of an uploaded file: first_name, last_name, title (a code of TITLES), license_number, or its mistakes.

    A license that the file names twice is taken once. Raises UnreadableFile.
    """
    sheet = open_provider_file(data, filename=filename)
    rows = (read_fields(row, COLUMNS, BY_KEY) for row in sheet.rows)
    return list(without_repeats(rows, _license, "This license number"))


def _license(values: Mapping[str, Any]) -> str:
    return fold_license(values.get("license_number", ""))


def _is_example(row: Row) -> bool:
    return all(row.cell(key).text == EXAMPLE[key] for key in _TELLS_EXAMPLE)
