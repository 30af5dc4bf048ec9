"""Finds the row of headings and tells which column is which."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from app.infra.spreadsheet.cells import Column, Value, as_text, clean_text, header_key
from app.infra.spreadsheet.refusals import UnreadableFile

SEARCHED = 10
_NAMED = 6


@dataclass(frozen=True, slots=True)
class Headings:
    """The row of the headings, the texts in it, and column number → key of the columns asked for."""

    row: int
    texts: tuple[str, ...]
    columns: dict[int, str]


def find_headings(
    lines: Iterable[tuple[int, dict[int, Value]]],
    columns: Sequence[Column],
    *,
    sheet: str,
    ignored: Sequence[str],
) -> Headings:
    """The row among the first ten that has the most known headings.

    Raises UnreadableFile when there is none (no_header), or when columns are missing, unknown or there twice.
    """
    known = _keys(columns)
    best: tuple[int, dict[int, str]] = (0, {})
    most = 0
    for number, line in takewhile(lambda line: line[0] <= SEARCHED, lines):
        texts = {column: heading for column, value in line.items() if (heading := _heading(value))}
        matches = len({known[key] for text in texts.values() if (key := header_key(text)) in known})
        if matches > most:
            best, most = (number, texts), matches
    if most < min(2, len(columns)):
        raise UnreadableFile("no_header", rows=str(SEARCHED), sheet=sheet)
    return _resolve(best[0], best[1], columns, known, {header_key(name) for name in ignored})


def _resolve(
    row: int, texts: dict[int, str], columns: Sequence[Column], known: dict[str, str], ignored: set[str]
) -> Headings:
    found: dict[int, str] = {}
    twice: list[str] = []
    unknown: list[str] = []
    for number, text in sorted(texts.items()):
        key = header_key(text)
        if key in ignored:
            continue
        if key not in known:
            unknown.append(text)
        elif known[key] in found.values():
            twice.append(text)
        else:
            found[number] = known[key]
    missing = [column.header for column in columns if column.required and column.key not in found.values()]
    absent = [column for column in columns if column.key not in found.values()]
    reasons = [
        *([UnreadableFile("missing_columns", missing=_list(missing))] if missing else []),
        *(
            [UnreadableFile("unknown_columns", unknown=_list([_guess(text, absent) for text in unknown]))]
            if unknown
            else []
        ),
        *([UnreadableFile("duplicate_columns", duplicated=_list(twice))] if twice else []),
    ]
    if reasons:
        raise UnreadableFile.of(*reasons)
    return Headings(row, tuple(text for _, text in sorted(texts.items())), found)


def _keys(columns: Sequence[Column]) -> dict[str, str]:
    return {header_key(name): column.key for column in columns for name in (column.header, column.key, *column.also)}


def _heading(value: Value) -> str:
    text = clean_text(as_text(value))
    return text if isinstance(text, str) and header_key(text) else ""


def _guess(text: str, absent: Sequence[Column]) -> str:
    """The heading as written and the one of the still absent columns that it resembles most."""
    by_key = {header_key(name): column.header for column in absent for name in (column.header, *column.also)}
    near = difflib.get_close_matches(header_key(text), by_key, n=1, cutoff=0.6)
    meant = by_key[near[0]] if near else _sharing_a_word(text, by_key.values())
    shown = f"“{text[:40]}”"
    return f"{shown} (did you mean “{meant}”?)" if meant else shown


def _sharing_a_word(text: str, headers: Iterable[str]) -> str:
    words = {word for word in text.casefold().split() if len(word) > 2}
    return next((header for header in headers if words & set(header.casefold().split())), "")


def _list(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" (+{more})" if more > 0 else "")
