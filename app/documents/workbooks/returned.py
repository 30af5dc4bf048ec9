"""Workbooks that go back to whoever uploaded one: the rows to mend, and what became of every row."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import xlsxwriter

from app.documents.workbooks.form import (
    FIX_FILL,
    HEADER_FILL,
    HEADER_INK,
    LISTS_SHEET,
    WRONG_FILL,
    Form,
    heading,
)
from app.documents.workbooks.recipients import RECIPIENTS
from app.infra.spreadsheet.mistakes import (
    FIX_HEADER,
    NOTE_HEADER,
    ORIGINAL_ROW_HEADER,
    STATUS_HEADER,
    Mistake,
)

MOST_COMMENTS = 2_000  # each weighs a kilobyte; the last column says the same
_LONGEST = 32_767


class ToMend(Protocol):
    """Any row with mistakes, with the attributes of BadRow."""

    @property
    def number(self) -> int:
        """Its row in the uploaded file."""

    @property
    def cells(self) -> Mapping[str, str | date]:
        """Its values as typed."""

    @property
    def mistakes(self) -> Sequence[Mistake]:
        """What is wrong with it."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row to mend: its number in the uploaded file, its values as typed by column key, what is wrong with
    it.

    A mistake of the row as a whole has an empty address and key.
    """

    number: int
    cells: Mapping[str, str | date]
    mistakes: Sequence[Mistake]


@dataclass(frozen=True, slots=True)
class FatedRow:
    """Any row of an upload with what became of it: `status` in a word or two, `note` what to know or do."""

    number: int
    cells: Mapping[str, str | date]
    status: str
    note: str = ""


def mistakes_workbook(rows: Iterable[ToMend], form: Form = RECIPIENTS) -> bytes:
    """The rows to mend with their values as typed, wrong cells marked, and the mistakes by their original
    cells.

    It can be mended and uploaded as it is: the two last columns are not read.
    """
    returned = _Returned(form, (FIX_HEADER, 70), (ORIGINAL_ROW_HEADER, 12), in_order=False)
    for row in rows:
        wrong: dict[str, list[str]] = {}
        for mistake in row.mistakes:
            wrong.setdefault(mistake.key, []).append(mistake.message)
        returned.add(row.cells, (_to_fix(row.mistakes), row.number), wrong)
    returned.add_lists()
    return returned.finish()


def results_workbook(rows: Iterable[FatedRow], form: Form = RECIPIENTS) -> bytes:
    """Every row with its values as typed, what became of it, and its number in the uploaded file."""
    returned = _Returned(form, (STATUS_HEADER, 24), (NOTE_HEADER, 50), (ORIGINAL_ROW_HEADER, 12), in_order=True)
    for row in rows:
        returned.add(row.cells, (row.status, row.note, row.number), {})
    return returned.finish()


def _to_fix(mistakes: Sequence[Mistake]) -> str:
    """Such as "G7: Phone - Write ten digits", one line each."""
    return "\n".join(
        f"{mistake.address}: {mistake.column} - {mistake.message}" if mistake.address else mistake.message
        for mistake in mistakes
    )


class _Returned:
    """The upload's columns and a few more at the end. Every value stays text: no formula, no link."""

    def __init__(self, form: Form, *extra: tuple[str, int], in_order: bool) -> None:
        self._form = form
        self._out = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._out, {"in_memory": True, "constant_memory": in_order})
        self._text = self._format(num_format="@", valign="top")
        self._day = self._format(num_format="mm/dd/yyyy", valign="top", align="left")
        self._wrong = self._format(num_format="@", valign="top", bg_color=f"#{WRONG_FILL}", border=1)
        self._wrong_day = self._format(
            num_format="mm/dd/yyyy", valign="top", align="left", bg_color=f"#{WRONG_FILL}", border=1
        )
        self._note = self._format(num_format="@", valign="top", text_wrap=True, bg_color=f"#{FIX_FILL}")
        self._sheet = self._book.add_worksheet(form.sheet_name)
        self._row = 0
        self._comments = 0
        self._head(extra)

    def add(
        self, cells: Mapping[str, str | date], extra: Sequence[str | int], wrong: Mapping[str, list[str]]
    ) -> None:
        """Write the next row; `wrong` holds the messages for cells by column key."""
        self._row += 1
        for place, column in enumerate(self._form.columns):
            self._write(place, cells.get(column.key, ""), bool(wrong.get(column.key)))
            if column.key in wrong and self._comments < MOST_COMMENTS:
                self._comments += 1
                self._sheet.write_comment(self._row, place, _printable("\n".join(wrong[column.key])))
        for place, value in enumerate(extra, start=len(self._form.columns)):
            if isinstance(value, int):
                self._sheet.write_number(self._row, place, value, self._note)
            else:
                self._sheet.write_string(self._row, place, _printable(value), self._note)

    def add_lists(self) -> None:
        """Give the columns with fixed choices the same drop-downs as in the template."""
        lists = self._book.add_worksheet(LISTS_SHEET)
        lists.hide()
        places = {column.key: place for place, column in enumerate(self._form.columns)}
        for place, key in enumerate(self._form.listed):
            lists.write_column(0, place, (self._form.columns[places[key]].header, *self._form.looks[key].choices))
            rule = {
                "validate": "list",
                "source": self._form.list_range(key),
                "error_type": "warning",
                "show_error": not self._form.looks[key].several,
            }
            self._sheet.data_validation(1, places[key], self._form.last_listed_row - 1, places[key], rule)

    def finish(self) -> bytes:
        """The workbook's bytes."""
        self._book.close()
        return self._out.getvalue()

    def _head(self, extra: Sequence[tuple[str, int]]) -> None:
        style = self._format(
            bold=True,
            valign="vcenter",
            text_wrap=True,
            bg_color=f"#{HEADER_FILL}",
            font_color=f"#{HEADER_INK}",
        )
        headed = [(heading(column), self._form.looks[column.key].width) for column in self._form.columns]
        for place, (title, width) in enumerate([*headed, *extra]):
            self._sheet.set_column(place, place, width, self._text if place < len(self._form.columns) else self._note)
            self._sheet.write_string(0, place, title, style)
        self._sheet.freeze_panes(1, 0)

    def _write(self, place: int, value: str | date, wrong: bool) -> None:
        if isinstance(value, date) and value.year >= 1900:
            self._sheet.write_datetime(self._row, place, value, self._wrong_day if wrong else self._day)
        elif value or wrong:
            text = _printable(value if isinstance(value, str) else value.isoformat())
            style = self._wrong if wrong else self._text
            if text:
                self._sheet.write_string(self._row, place, text, style)
            else:
                self._sheet.write_blank(self._row, place, None, style)

    def _format(self, **properties: Any) -> Any:
        return self._book.add_format(properties)


def _printable(text: str) -> str:
    """Text that a workbook can hold."""
    kept = "".join(
        " " if not letter.isprintable() and letter not in "\n\u200c\u200d" else letter for letter in text
    )
    return kept[:_LONGEST]
