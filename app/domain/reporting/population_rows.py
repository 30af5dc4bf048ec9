"""The workbook or CSV file in which the state brings its populations: a row for each county and group.

Ages are written "Age 12 to 17": Excel makes a day in December of "12-17".
"""

from collections.abc import Iterator
from typing import Any

from app.domain.program.counties import COUNTIES, county_by_name
from app.domain.program.demographics import ETHNICITIES, GENDERS, RACES
from app.domain.program.lookup import Choice, Choices
from app.domain.reporting.groups import ASIAN_OR_PACIFIC, TWO_OR_MORE
from app.domain.reporting.populations import Populations, expected_keys
from app.infra.spreadsheet import Column, Mistake, Row, about_fault, read_sheet
from app.infra.spreadsheet.mistakes import IGNORED_HEADERS
from app.infra.spreadsheet.read_rows import MOST_INFLATED_BYTES, ReadRow, without_repeats

SHEET_NAME = "Populations"
MOST_ROWS = 5_000
MOST_PEOPLE = 100_000_000

COLUMNS = (
    Column("county", "County", required=True, also=("County FIPS", "FIPS")),
    Column("dimension", "By", required=True, also=("Dimension", "Breakdown")),
    Column("group", "Group", required=True),
    Column("people", "People", required=True, also=("Population",)),
)
_HEADERS = {column.key: column.header for column in COLUMNS}

_ALL = Choices((Choice("all", "All people", ("Everybody", "Total")),))
_RACES = Choices(
    (
        *(choice for choice in RACES.entries if choice.code in ("1002-5", "2054-5", "2106-3", "2131-1")),
        Choice(ASIAN_OR_PACIFIC, "Asian or Pacific Islander", ("Asian or Native Hawaiian or Other Pacific Islander",)),
        Choice(TWO_OR_MORE, "Two or more races", ("Two or more", "Multiracial")),
    )
)
GROUPS: dict[str, Choices[Choice]] = {
    "all": _ALL,
    "age_group": Choices(
        (
            Choice("0-11", "Age 0 to 11", ("0 to 11",)),
            Choice("12-17", "Age 12 to 17", ("12 to 17",)),
            Choice("18-24", "Age 18 to 24", ("18 to 24",)),
            Choice("25-49", "Age 25 to 49", ("25 to 49",)),
            Choice("50-64", "Age 50 to 64", ("50 to 64",)),
            Choice("65-74", "Age 65 to 74", ("65 to 74",)),
            Choice("75+", "Age 75 and over", ("75 and over", "Age 75+")),
        )
    ),
    "race": _RACES,
    "ethnicity": ETHNICITIES,
    "gender": GENDERS,
}
DIMENSION_WORDS = Choices(
    (
        Choice("all", "All people", ("Everybody", "Total")),
        Choice("age_group", "Age"),
        Choice("race", "Race"),
        Choice("ethnicity", "Ethnicity"),
        Choice("gender", "Gender", ("Sex",)),
    )
)


def read_population_file(data: bytes, *, filename: str) -> list[ReadRow]:
    """Every row of the file: county (five digits), dimension, group (codes) and people, or its mistakes.

    Raises UnreadableFile.
    """
    sheet = read_sheet(
        data, filename=filename, columns=COLUMNS, max_rows=MOST_ROWS, max_inflated_bytes=MOST_INFLATED_BYTES,
        sheet_name=SHEET_NAME, ignored=IGNORED_HEADERS,
    )  # fmt: skip
    key = lambda values: f"{values['county']} {values['dimension']} {values['group']}"  # noqa: E731
    return list(without_repeats((_read(row) for row in sheet.rows), key, "This group of this county"))


def numbers_of(rows: list[ReadRow]) -> dict[tuple[str, str, str], int]:
    """The numbers of rows that are all good, as `ReplacePopulations` takes them."""
    return {(row.values["county"], row.values["dimension"], row.values["group"]): row.values["people"] for row in rows}


def population_lines(populations: Populations) -> Iterator[tuple[str, str, str, int]]:
    """The table as such a file has it, in its order: to be looked at, changed, and brought in again."""
    names = {county.fips: county.name for county in COUNTIES.entries}
    for county, dimension, group in expected_keys():
        words, choice = DIMENSION_WORDS.by_code(dimension), GROUPS[dimension].by_code(group)
        people = populations.people(county, dimension, group)
        if words and choice and people is not None:
            yield names[county], words.label, choice.label, people


def _read(row: Row) -> ReadRow:
    values: dict[str, Any] = {}
    mistakes: list[Mistake] = []
    for key in _HEADERS:
        value, message = _value(row, key, values)
        if message:
            mistakes.append(Mistake(row.cell(key).address, _HEADERS[key], message, key))
        values[key] = value
    cells = {key: cell.text for key, cell in row.cells.items() if cell.text}
    return ReadRow(row.number, {} if mistakes else values, tuple(mistakes), cells)


def _value(row: Row, key: str, values: dict[str, Any]) -> tuple[Any, str]:
    """What a cell says, or what to do about it."""
    cell = row.cell(key)
    if cell.fault:
        return None, about_fault(cell.fault)
    if not cell.text:
        return None, "Fill in this cell."
    if key == "county":
        county = county_by_name(cell.text)
        return (
            (county.fips, "") if county else (None, "Write a county of North Carolina, like Wake, or its five digits.")
        )
    if key == "people":
        digits = cell.text.replace(",", "")
        fits = digits.isdecimal() and digits.isascii() and int(digits) <= MOST_PEOPLE
        return (int(digits), "") if fits else (None, "Write a whole number, like 1250.")
    choices = DIMENSION_WORDS if key == "dimension" else GROUPS.get(values["dimension"] or "")
    found = choices.find(cell.text) if choices else None
    if found is None and choices is not None:
        return None, f"Write one of: {', '.join(choice.label for choice in choices.entries)}."
    return (found.code, "") if found else (None, "")
