"""Opens a person's spreadsheet and gives its rows, or one sentence why it cannot be used."""

from collections.abc import Callable, Iterator
from itertools import islice

from openpyxl.utils import get_column_letter

from app.infra.spreadsheet.cells import Cell, Column, Fault, Row, Value, clean_text, header_key
from app.infra.spreadsheet.delimited import DELIMITERS, Delimited
from app.infra.spreadsheet.headings import SEARCHED, Headings, find_headings
from app.infra.spreadsheet.kinds import is_workbook
from app.infra.spreadsheet.refusals import UnreadableFile
from app.infra.spreadsheet.xlsx import Workbook
from app.infra.spreadsheet.xlsx_parts import Merge

_DAYS_BEFORE_1904 = 1462
_MAYBE_YEAR = (1900, 2100)
_Lines = Callable[[list[Merge]], Iterator[tuple[int, dict[int, Value]]]]


class Sheet:
    """The rows of one sheet below its headings, read anew from the file each time they are asked for.

    `name` is the sheet's ("" for CSV), `headers` the headings as written, `row_count` the number of rows with
    something in a known column.
    """

    def __init__(self, name: str, headings: Headings, lines: _Lines, skip: Callable[[Row], bool] | None) -> None:
        self.name = name
        self.headers = headings.texts
        self.row_count = 0
        self._headings = headings
        self._lines = lines
        self._skip = skip
        self._letters = {column: get_column_letter(column) for column in headings.columns}
        self._merges: list[Merge] = []

    @property
    def rows(self) -> Iterator[Row]:
        """The rows in the order of the file, without blank ones and those to be skipped."""
        return self._read([])

    def _read(self, found_merges: list[Merge]) -> Iterator[Row]:
        columns = [(number, key, self._letters[number]) for number, key in self._headings.columns.items()]
        merges = sorted(self._merges)
        for number, line in self._lines(found_merges):
            if number <= self._headings.row:
                continue
            cells = {key: Cell(f"{letter}{number}", _clean(line.get(column))) for column, key, letter in columns}
            row = Row(number, cells)
            if row.is_blank:
                continue
            if merges:
                self._mark_merged(row, merges)
            if not (self._skip and self._skip(row)):
                yield row

    def check(self, *, max_rows: int, beyond: str) -> None:
        """Read the file to its end once, so that nothing can go wrong half-way. Raises UnreadableFile."""
        found: list[Merge] = []
        self.row_count = sum(1 for _ in islice(self._read(found), max_rows + 1))
        self._merges = found
        if self.row_count > max_rows:
            raise UnreadableFile("too_many_rows", limit=f"{max_rows:,}", beyond=beyond)
        if not self.row_count:
            raise UnreadableFile("no_rows")

    def _mark_merged(self, row: Row, merges: list[Merge]) -> None:
        for top, left, bottom, right in merges:
            if top > row.number:
                break
            if bottom < row.number:
                continue
            for column, key in self._headings.columns.items():
                if left <= column <= right and (top, left) != (row.number, column) and row.cells[key].value is None:
                    row.cells[key].value = Fault("merged", f"{get_column_letter(left)}{top}")


def read_sheet(
    data: bytes,
    *,
    filename: str,
    columns: tuple[Column, ...],
    max_rows: int,
    max_inflated_bytes: int,
    sheet_name: str = "",
    ignored: tuple[str, ...] = (),
    skip: Callable[[Row], bool] | None = None,
    beyond: str = "Split it into smaller files and upload each one.",
) -> Sheet:
    """Open an .xlsx or CSV file; what it is decides its content, not `filename`.

    The headings may stand in any order and in any of the first ten rows. Of several sheets the one called
    `sheet_name` is read, else the first. Headings in `ignored` may be there and are not read; rows for which
    `skip` is true do not count. `beyond` is what to do with more than `max_rows` rows. Raises UnreadableFile.
    """
    if len(data) > max_inflated_bytes:
        raise UnreadableFile("too_big", limit_mb=str(max_inflated_bytes // (1024 * 1024)))
    if is_workbook(data):
        most_tags = (max_rows + 1_000) * (len(columns) + 8) * 8
        name, headings, lines = _open_workbook(data, columns, ignored, sheet_name, max_inflated_bytes, most_tags)
    else:
        name, headings, lines = _open_text(data, columns, ignored)
    sheet = Sheet(name, headings, lines, skip)
    sheet.check(max_rows=max_rows, beyond=beyond)
    return sheet


def _open_workbook(
    data: bytes,
    columns: tuple[Column, ...],
    ignored: tuple[str, ...],
    wanted: str,
    max_inflated: int,
    max_tags: int,
) -> tuple[str, Headings, _Lines]:
    book = Workbook(data, max_inflated_bytes=max_inflated, max_tags=max_tags)
    by_key = {header_key(name): name for name in reversed(book.sheets)}
    name = by_key.get(header_key(wanted)) or next(iter(book.sheets))
    headings = find_headings(book.lines(name, []), columns, sheet=name, ignored=ignored)
    if not book.from_1904:
        return name, headings, lambda merges: book.lines(name, merges)
    days = [number for number, key in headings.columns.items() if key in {one.key for one in columns if one.is_day}]
    return name, headings, lambda merges: _from_1900(book.lines(name, merges), days)


def _from_1900(lines: Iterator[tuple[int, dict[int, Value]]], days: list[int]) -> Iterator[tuple[int, dict[int, Value]]]:
    """Plain numbers of days count from 1900 as in any other book; what may be a year stays, to be asked about."""
    for number, line in lines:
        for column in days:
            value = line.get(column)
            if isinstance(value, int | float) and not isinstance(value, bool) and not _MAYBE_YEAR[0] <= value <= _MAYBE_YEAR[1]:
                line[column] = value + _DAYS_BEFORE_1904
        yield number, line


def _open_text(data: bytes, columns: tuple[Column, ...], ignored: tuple[str, ...]) -> tuple[str, Headings, _Lines]:
    text = Delimited(data)
    delimiter = text.delimiter if text.delimiter in DELIMITERS else ""
    delimiter = delimiter or _likeliest_delimiter(text)
    headings = find_headings(text.lines(delimiter), columns, sheet="CSV", ignored=ignored)
    return "", headings, lambda _: text.lines(delimiter)


def _likeliest_delimiter(text: Delimited) -> str:
    """The delimiter that cuts the first rows into the most values, as far as they can be read."""

    def values(delimiter: str) -> int:
        most = 0
        try:
            for _, line in islice(text.lines(delimiter), SEARCHED):
                most = max(most, len(line))
        except UnreadableFile:
            pass  # said, with its line, when the rows are read with the delimiter that was chosen
        return most

    return max(DELIMITERS, key=values)


def _clean(value: Value) -> Value:
    return clean_text(value) if isinstance(value, str) else value
