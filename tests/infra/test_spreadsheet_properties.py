"""Whatever is in a sheet, it is read without surprise: every row once, every address right."""

import io
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.cell import coordinate_from_string

from app.infra.spreadsheet import UnreadableFile, clean_text, read_sheet
from tests.files.workbooks import HEADINGS, csv_file, package, xlsx
from tests.infra.test_spreadsheet import COLUMNS, read

pytestmark = pytest.mark.once

# What XML can hold; openpyxl refuses to write the rest, and test_spreadsheet has those by hand.
TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=12
).filter(lambda text: not text.startswith("=") and "_x" not in text)
DATES = st.integers(0, 40_000).map(lambda days: date(1950, 1, 1) + timedelta(days))
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.integers(-(10**9), 10**9).map(lambda n: n / 8),
    DATES,
    TEXTS,
)
GRIDS = st.lists(st.lists(VALUES, min_size=4, max_size=4), max_size=8)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def expected(value: Any) -> Any:
    return clean_text(value) if isinstance(value, str) else value


def kept(grid: list[list[Any]]) -> dict[int, list[Any]]:
    """Row number → what it must hold, for the rows that hold anything."""
    rows = {number: [expected(value) for value in line] for number, line in enumerate(grid, start=2)}
    return {number: line for number, line in rows.items() if any(value is not None for value in line)}


@QUICK
@given(GRIDS)
def test_a_workbook_loses_no_row_and_invents_none(grid: list[list[Any]]) -> None:
    must = kept(grid)
    if not must:
        with pytest.raises(UnreadableFile):
            read(xlsx([HEADINGS, *grid]))
        return
    sheet = read(xlsx([HEADINGS, *grid]))
    found = {row.number: [cell.value for cell in row.cells.values()] for row in sheet.rows}
    assert found == must
    assert sheet.row_count == len(must)


@QUICK
@given(st.lists(st.lists(TEXTS, min_size=4, max_size=4), max_size=8), st.sampled_from(",;\t"))
def test_a_csv_loses_no_row_and_names_every_cell_by_its_place(grid: list[list[str]], delimiter: str) -> None:
    must = kept(grid)
    if not must:
        return
    for row in read(csv_file([HEADINGS, *grid], delimiter=delimiter)).rows:
        line = must.pop(row.number)
        assert [cell.value for cell in row.cells.values()] == line
        for place, cell in enumerate(row.cells.values()):
            assert coordinate_from_string(cell.address) == ("ABCD"[place], row.number)
    assert must == {}


@QUICK
@given(st.permutations(range(4)), st.integers(0, 8))
def test_the_place_of_the_headings_changes_only_addresses(order: list[int], above: int) -> None:
    values = ("Ann", "Lee", "02/14/1980", "27601")
    lines = [[], *([["People"]] * above)][1:]
    data = xlsx([*lines, [HEADINGS[place] for place in order], [values[place] for place in order]])
    (row,) = read(data).rows
    assert {key: cell.text for key, cell in row.cells.items()} == dict(
        zip(("first_name", "last_name", "birth_date", "zip"), values, strict=True)
    )
    assert row.cells["zip"].address == f"{'ABCD'[order.index(3)]}{above + 2}"


@QUICK
@given(st.text(max_size=40))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean_text(text)
    if isinstance(once, str):
        assert clean_text(once) == once


@QUICK
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_sheet(data, filename="x", columns=COLUMNS, max_rows=10, max_inflated_bytes=1 << 20)
    assert str(refused.value)


def assert_read_or_refused(data: bytes) -> None:
    """Anything but a refusal goes through; what was counted is what is given."""
    with suppress(UnreadableFile):
        sheet = read(data)
        assert len(list(sheet.rows)) == sheet.row_count


GOOD = xlsx([HEADINGS, *([("Ann", "Lee", date(1980, 2, 14), 27601)] * 5)])


@settings(max_examples=250, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255), st.integers(0, 40))
def test_a_workbook_damaged_anywhere_is_read_or_refused(place: int, flip: int, cut: int) -> None:
    data = bytearray(GOOD)
    data[place] ^= flip
    damaged = bytes(data[: len(data) - cut])
    assert_read_or_refused(damaged)


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_markup_damaged_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    archive = ZipFile(io.BytesIO(GOOD))
    parts = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(sorted(parts)))
    markup = bytearray(parts[name])
    start = data.draw(st.integers(0, len(markup) - 1))
    markup[start : start + data.draw(st.integers(0, 6))] = data.draw(st.binary(max_size=6))
    assert_read_or_refused(package({**parts, name: bytes(markup)}))
