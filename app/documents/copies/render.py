"""From a copy to its two files."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from app.documents.copies.values import in_words
from app.documents.copies.words import COLUMNS, SHEETS
from app.documents.workbooks.form import HEADER_FILL, HEADER_INK
from app.domain.oversight.own_copy.copy_of_record import CopyOfRecord

Line = tuple[str, str]
_LONGEST = 32_767
_WIDTH = 24
_ELSEWHERE = {"record": {"answers", "industry"}}
"""What the sheet of answers tells question by question."""


def copy_as_data(copy: CopyOfRecord, *, program: str) -> bytes:
    """JSON in UTF-8 with the names of our columns: `program`, `made_at`, `code`, `held`, `opened`."""
    told = {
        "program": program, "made_at": copy.made_at, "code": copy.code, "held": copy.sections,
        "opened": [asdict(one) for one in copy.openings],
    }  # fmt: skip
    return json.dumps(told, default=_plain, ensure_ascii=False, indent=1).encode()


def copy_as_workbook(
    copy: CopyOfRecord, *, about: tuple[str, Sequence[Line]], answers: tuple[str, Sequence[Line]],
    opened: tuple[str, Sequence[Sequence[str]]], zone: ZoneInfo,
) -> bytes:  # fmt: skip
    """An .xlsx in the reader's language: `about`, `answers` and `opened` are sheets with a title and lines, in words.

    Moments are told in the zone. Nothing in it is a formula.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bg_color": f"#{HEADER_FILL}", "font_color": f"#{HEADER_INK}"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for title, lines in (about, answers, opened):
        sheet = book.add_worksheet(title[:31])
        sheet.set_column(0, 2, 2 * _WIDTH, wrap)
        for number, line in enumerate(lines):
            for place, text in enumerate(line):
                sheet.write_string(number, place, text[:_LONGEST])
    for name, rows in copy.sections.items():
        told = [{key: value for key, value in row.items() if key not in _ELSEWHERE.get(name, ())} for row in rows]
        _add_sheet(book.add_worksheet(str(SHEETS[name])[:31]), told, zone, head, wrap)
    book.close()
    return out.getvalue()


def _add_sheet(sheet: Any, rows: Sequence[Mapping[str, Any]], zone: ZoneInfo, head: Any, wrap: Any) -> None:
    columns = [name for name in rows[0] if any(row[name] not in (None, "", [], {}) for row in rows)]
    sheet.set_column(0, max(len(columns) - 1, 0), _WIDTH, wrap)
    sheet.freeze_panes(1, 0)
    for place, name in enumerate(columns):
        sheet.write_string(0, place, str(COLUMNS[name]), head)
        for number, row in enumerate(rows, start=1):
            sheet.write_string(number, place, in_words(name, row[name], zone)[:_LONGEST])


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
