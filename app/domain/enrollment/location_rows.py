"""The workbook in which an Organization Administrator names all locations with their Vaccine Coordinators."""

from collections.abc import Mapping
from typing import Any

from app.domain.enrollment.fields import fields_of
from app.domain.enrollment.row_fields import read_fields
from app.domain.program.lookup import fold
from app.infra.spreadsheet import Column, Row, Sheet, read_sheet
from app.infra.spreadsheet.mistakes import IGNORED_HEADERS
from app.infra.spreadsheet.read_rows import MOST_INFLATED_BYTES, ReadRow, without_repeats

SHEET_NAME = "Locations"
MOST_ROWS = 1_000

COLUMNS = (
    Column("name", "Location Name", required=True, also=("Name", "Location", "Name of the location")),
    Column("street", "Street Address", required=True, also=("Street", "Address", "Street 1")),
    Column("street_2", "Suite or Floor", also=("Street 2", "Suite", "Suite, building or floor")),
    Column("city", "City", required=True),
    Column("state", "State"),
    Column("county", "County", required=True),
    Column("zip", "ZIP Code", required=True, also=("Zip Postal Code",)),
    Column("coordinator_first_name", "Coordinator First Name", required=True),
    Column("coordinator_middle_initial", "Coordinator Middle Initial", also=("Coordinator MI",)),
    Column("coordinator_last_name", "Coordinator Last Name", required=True),
    Column("coordinator_email", "Coordinator Email", required=True, also=("Coordinator Email Address",)),
    Column("coordinator_phone", "Coordinator Phone", required=True, also=("Coordinator Telephone",)),
)
FIELDS = {field.key: field for field in fields_of("location")}

EXAMPLE = {
    "name": "Example Clinic Downtown",
    "street": "100 Example Street",
    "street_2": "Suite 2",
    "city": "Raleigh",
    "state": "North Carolina",
    "county": "Wake",
    "zip": "27601",
    "coordinator_first_name": "Jordan",
    "coordinator_middle_initial": "L",
    "coordinator_last_name": "Example",
    "coordinator_email": "jordan.example@example.org",
    "coordinator_phone": "9195550100",
}
_TELLS_EXAMPLE = ("name", "street", "coordinator_email")


def open_location_file(data: bytes, *, filename: str) -> Sheet:
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


def read_locations(data: bytes, *, filename: str) -> list[ReadRow]:
    """Every row of an uploaded file: values by the keys of `fields.LOCATION`, or its mistakes.

    A location that the file names twice (same name, same address) is taken once. Raises UnreadableFile.
    """
    sheet = open_location_file(data, filename=filename)
    rows = (read_fields(row, COLUMNS, FIELDS) for row in sheet.rows)
    return list(without_repeats(rows, _place, "This location"))


def _place(values: Mapping[str, Any]) -> str:
    return "|".join(fold(values.get(key, "")) for key in ("name", "street", "street_2", "city", "zip"))


def _is_example(row: Row) -> bool:
    return all(row.cell(key).text == EXAMPLE[key] for key in _TELLS_EXAMPLE)
