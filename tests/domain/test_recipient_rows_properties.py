"""Whatever somebody types: a row is a person or has mistakes, never both, and they name its own cells."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.program.counties import COUNTIES
from app.domain.program.demographics import ETHNICITIES, GENDERS, RACES
from app.domain.program.industries import INDUSTRIES
from app.domain.program.states import STATES
from app.domain.recipients.recipient_rows import COLUMNS, open_recipient_file, read_row, to_cells
from app.infra.spreadsheet import Cell, Fault, Row, clean_text
from tests.files.workbooks import csv_file

pytestmark = pytest.mark.once

TODAY = date(2021, 3, 3)
KEYS = [column.key for column in COLUMNS]
QUICK = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])

ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.text(max_size=20).map(clean_text),
    st.text("0123456789/-.@ aeNC'", max_size=14).map(clean_text),
    st.sampled_from(
        [Fault("formula", ""), Fault("error", "#N/A"), Fault("control", "x"), Fault("merged", "A1")]
    ),
)
NAMES = st.text(st.characters(categories=("Lu", "Ll", "Lo")), min_size=1, max_size=20).map(
    lambda text: clean_text(text) or "A"
)


def labels(choices: Any) -> st.SearchStrategy[str]:
    return st.sampled_from(["", *choices.labels])


PEOPLE = st.fixed_dictionaries(
    {
        "first_name": NAMES,
        "last_name": NAMES,
        "birth_date": st.integers(0, 36_000).map(lambda days: TODAY - timedelta(days)),
        "phone": st.integers(2_000_000_000, 9_999_999_999),
        "county": labels(COUNTIES),
        "zip": st.integers(27_000, 28_999),
        "gender": labels(GENDERS),
        "race": labels(RACES),
        "ethnicity": labels(ETHNICITIES),
        "industry": labels(INDUSTRIES),
    }
)


def row(values: dict[str, Any], number: int = 2) -> Row:
    cells = {
        key: Cell(f"{chr(65 + place)}{number}", values.get(key) if values.get(key) != "" else None)
        for place, key in enumerate(KEYS)
    }
    return Row(number, cells)


@QUICK
@given(st.dictionaries(st.sampled_from(KEYS), ANYTHING, max_size=17))
def test_a_row_is_a_person_or_has_mistakes_in_its_own_cells(values: dict[str, Any]) -> None:
    result = read_row(row(values), today=TODAY)
    assert (result.recipient is None) == bool(result.mistakes)
    for mistake in (*result.mistakes, *result.warnings):
        assert mistake.address == f"{chr(65 + KEYS.index(mistake.key))}2"
        assert mistake.message.endswith((".", "?"))
        assert mistake.column
    assert len({mistake.key for mistake in result.mistakes}) == len(result.mistakes)


@QUICK
@given(PEOPLE)
def test_a_row_filled_in_as_asked_is_always_a_person(values: dict[str, Any]) -> None:
    result = read_row(row(values), today=TODAY)
    assert result.mistakes == ()
    person = result.recipient
    assert person is not None
    assert person.birth_date == values["birth_date"]
    assert person.phone == str(values["phone"])
    assert bool(person.county_fips) == bool(values["county"])


@QUICK
@given(PEOPLE, st.sampled_from(STATES.entries))
def test_a_person_reads_the_same_from_a_workbook_a_csv_and_the_copy_that_was_kept(
    values: dict[str, Any], state: Any
) -> None:
    values = {**values, "state": state.label, "county": values["county"] if state.abbr == "NC" else ""}
    typed = row(values)
    person = read_row(typed, today=TODAY).recipient
    assert person is not None
    copy = to_cells(typed)
    lines = [[column.header for column in COLUMNS], [copy.get(key, "") for key in KEYS]]
    (again,) = open_recipient_file(csv_file(lines), filename="a.csv").rows
    assert read_row(again, today=TODAY).recipient == person


@QUICK
@given(st.dates(date(1901, 3, 4), TODAY))
def test_a_birth_date_reads_the_same_however_it_is_written(day: date) -> None:
    for typed in (
        day,
        datetime(day.year, day.month, day.day, 12),
        f"{day.month}/{day.day}/{day.year}",
        f"{day:%m/%d/%Y}",
        day.isoformat(),
        f"{day:%B %d, %Y}",
        f"{day:%d-%b-%Y}",
    ):
        given_row = row({"first_name": "A", "last_name": "B", "zip": "27601", "birth_date": typed})
        person = read_row(given_row, today=TODAY).recipient
        assert person is not None
        assert person.birth_date == day
