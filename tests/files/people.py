"""A workforce as an employer keeps it in a workbook, and the same with mistakes."""

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import load_workbook

COLUMNS = ("First Name", "Middle Name", "Last Name", "Date of Birth", "Email", "Phone", "City", "ZIP Code")
_FIRST = ("Ann", "José", "Mary Beth", "Li", "D'Andre", "Zoë", "Oleg")
_ONSETS, _VOWELS = "bdfgklmnrt", "aeiouaeiou"


def people(count: int, *, start: int = 0) -> list[tuple[str, ...]]:
    """So many people in the order of COLUMNS, no two alike, the same ones every time."""
    return [_person(number) for number in range(start, start + count)]


def with_mistakes(crew: Sequence[Sequence[str]]) -> list[list[str]]:
    """Of 61 people or more, six (places 10, 20 … 60) with nine wrong cells."""
    rows = [list(row) for row in crew]
    for place, wrong in (
        (10, {"Date of Birth": "31/31/1990", "Phone": "919-555"}),
        (20, {"Last Name": ""}),
        (30, {"First Name": "J0hn", "Email": "john at example.org"}),
        (40, {"ZIP Code": "276"}),
        (50, {"Date of Birth": "04/28/2090"}),
        (60, {"Date of Birth": "", "ZIP Code": ""}),
    ):
        for column, value in wrong.items():
            rows[place][COLUMNS.index(column)] = value
    return rows


def sheet_of(data: bytes) -> list[dict[str, Any]]:
    """The rows of a downloaded workbook's sheet Recipients, by heading without its asterisk."""
    head, *rows = load_workbook(io.BytesIO(data))["Recipients"].iter_rows(values_only=True)
    titles = [str(title).rstrip("*") for title in head]
    return [dict(zip(titles, row, strict=True)) for row in rows]


def _person(number: int) -> tuple[str, ...]:
    word = "".join(_ONSETS[int(digit)] + _VOWELS[int(digit)] for digit in f"{number:05d}")
    born = f"{number % 12 + 1:02d}/{number % 28 + 1:02d}/{1940 + number % 60}"
    return (
        _FIRST[number % len(_FIRST)], "", f"Okafor-{word.capitalize()}", born, f"p{number}@example.org",
        f"919{number + 2_000_000:07d}", "Raleigh", "27601",
    )  # fmt: skip
