"""The workbook of locations: every row is a location with its coordinator, or names each mistake by its cell."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.enrollment.fields import OF_LOCATION, unanswered
from app.domain.enrollment.location_rows import COLUMNS, EXAMPLE, FIELDS, MOST_ROWS, read_locations
from app.infra.spreadsheet import Mistake, UnreadableFile
from app.infra.spreadsheet.read_rows import ReadRow
from tests.files.workbooks import csv_file, xlsx

pytestmark = pytest.mark.once

HEADINGS = [column.header for column in COLUMNS]
LETTERS = {column.key: chr(ord("A") + place) for place, column in enumerate(COLUMNS)}
BOONE = {
    "name": "Boone Clinic", "street": "1 King Street", "city": "Boone", "county": "Watauga", "zip": 28607,
    "coordinator_first_name": "Wren", "coordinator_last_name": "Castillo",
    "coordinator_email": "wren@example.org", "coordinator_phone": 8285550100.0,
}  # fmt: skip


def line(**changed: Any) -> list[Any]:
    typed = {**BOONE, **changed}
    return [typed.get(column.key) for column in COLUMNS]


def read(*lines: list[Any]) -> list[ReadRow]:
    return read_locations(xlsx([HEADINGS, *lines], sheet="Locations"), filename="locations.xlsx")


def only(**changed: Any) -> ReadRow:
    (row,) = read(line(**changed))
    return row


def mistake(**changed: Any) -> str:
    """The only mistake's message; it must stand beside the first changed cell."""
    row = only(**changed)
    (found,) = row.mistakes
    key = next(iter(changed))
    assert (found.key, found.address) == (key, f"{LETTERS[key]}2")
    assert row.values == {}
    return found.message


def test_a_row_becomes_the_answers_about_a_location_in_the_form_in_which_they_are_kept() -> None:
    row = only()
    assert row.values == {
        "name": "Boone Clinic",
        "street": "1 King Street",
        "city": "Boone",
        "state": "NC",
        "county": "37189",
        "zip": "28607",
        "coordinator_first_name": "Wren",
        "coordinator_last_name": "Castillo",
        "coordinator_email": "wren@example.org",
        "coordinator_phone": "8285550100",
    }
    assert unanswered(tuple(FIELDS.values()), row.values) == ()
    assert set(FIELDS) == set(LETTERS)
    assert set(FIELDS) <= set(OF_LOCATION)


def test_all_mistakes_of_a_row_are_named_at_once_by_their_cells() -> None:
    row = only(name=None, county="Wak", zip="2860", coordinator_email="wren@", coordinator_phone="12")
    assert [(found.address, found.column) for found in row.mistakes] == [
        ("A2", "Location Name"),
        ("F2", "County"),
        ("G2", "ZIP Code"),
        ("K2", "Coordinator Email"),
        ("L2", "Coordinator Phone"),
    ]
    assert row.cells["zip"] == "2860"
    assert row.values == {}


@pytest.mark.parametrize("key", [column.key for column in COLUMNS if column.required])
def test_what_is_required_is_asked_for(key: str) -> None:
    assert mistake(**{key: None}) == "Fill in this cell."


@pytest.mark.parametrize(
    ("key", "typed", "advice"),
    [
        ("county", "Wak", "not a county of North Carolina"),
        ("state", "Nort Carolina", "Did you mean “North Carolina”?"),
        ("zip", "27", "five digits"),
        ("coordinator_email", "a@example.org; b@example.org", "one e-mail address"),
        ("coordinator_phone", "828-555-01", "ten digits"),
        ("coordinator_last_name", "C4stillo", "no digits"),
        ("coordinator_middle_initial", "Lee", "one letter"),
        ("name", "x" * 256, "255 characters or fewer; this has 256"),
        ("city", "=NOW()", "formula"),
    ],
)
def test_a_mistake_says_what_to_do(key: str, typed: str, advice: str) -> None:
    assert advice in mistake(**{key: typed})


def test_a_location_beyond_the_border_has_no_county() -> None:
    row = only(state="Virginia", county=None, zip="24201", city="Bristol")
    assert row.is_good
    assert (row.values["state"], "county" in row.values) == ("VA", False)
    assert "county" not in only(state="VA", county="Washington").values


@pytest.mark.parametrize("nothing", ["N/A", "none", "-"])
def test_words_for_nothing_in_a_cell_that_may_stay_empty_are_nothing(nothing: str) -> None:
    assert "street_2" not in only(street_2=nothing, coordinator_middle_initial=nothing).values


def test_a_location_that_the_file_names_twice_is_taken_once_and_the_other_row_told_where() -> None:
    rows = read(line(), line(zip="1"), line(name="BOONE  clinic", street="1 King Street"), line(name="Blowing Rock"))
    assert [row.is_good for row in rows] == [True, False, False, True]
    assert rows[2].mistakes == (Mistake("", "", "This location is in row 2 already. Delete one of the two rows.", ""),)
    assert rows[2].cells["name"] == "BOONE clinic"


def test_the_example_of_the_template_is_left_out() -> None:
    (row,) = read([EXAMPLE[column.key] for column in COLUMNS], line())
    assert row.number == 3


def test_other_headings_and_semicolons_are_understood() -> None:
    data = csv_file(
        [
            ["Location", "Address", "City", "County", "Zip", "Coordinator First Name", "Coordinator Last Name",
             "Coordinator Email Address", "Coordinator Telephone"],
            ["Café Clinic", "1 King Street", "Boone", "Watauga County", "28607", "Wren", "Castillo", "w@example.org",
             "(828) 555-0100"],
        ],
        delimiter=";", encoding="cp1252",
    )  # fmt: skip
    data = data.replace(b";Zip;", b";ZIP Code;")
    (row,) = read_locations(data, filename="a.csv")
    assert (row.values["name"], row.values["coordinator_phone"]) == ("Café Clinic", "8285550100")


def test_one_location_too_many_and_a_missing_column_refuse_the_whole_file() -> None:
    with pytest.raises(UnreadableFile, match=f"more than {MOST_ROWS:,} rows"):
        read(*(line(name=f"Clinic {number}") for number in range(MOST_ROWS + 1)))
    with pytest.raises(UnreadableFile, match="Coordinator Email"):
        read_locations(csv_file([[h for h in HEADINGS if h != "Coordinator Email"], ["x"]]), filename="a.csv")


ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**12), 10**12), st.dates(), st.text(max_size=30).filter(str.isprintable)
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(LETTERS, ANYTHING)), min_size=1, max_size=5))
def test_whatever_is_typed_a_row_has_values_or_mistakes_and_never_both(typed: list[dict[str, Any]]) -> None:
    lines = [[row[column.key] for column in COLUMNS] for row in typed]
    for row in read(line(), *lines):
        assert bool(row.values) != bool(row.mistakes)
        for found in row.mistakes:
            assert found.message.endswith((".", "?"))
            assert found.address in {f"{LETTERS[found.key]}{row.number}" if found.key else ""}
        if row.is_good:
            assert unanswered(tuple(FIELDS.values()), row.values) == ()
