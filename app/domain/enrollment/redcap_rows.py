"""Reads the REDCap export of earlier enrollments: one row for each location, repeating instruments below it.

Nothing stops at an odd value: it is put right or left out, and a remark says so by row and variable. Only a location that
cannot be told apart (no record, no name, no organization) is refused.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from app.domain.enrollment.redcap_columns import INSTANCE, INSTRUMENT, Variables, name_of
from app.domain.enrollment.redcap_read import RecordReader, Remark, hour_parts
from app.domain.program.lookup import fold
from app.infra.spreadsheet import UnreadableFile
from app.infra.spreadsheet.delimited import decode

MOST_BYTES = 160 * 1024 * 1024
MOST_ROWS = 100_000
_DELIMITERS = ",;\t|^"
_OWN_COLUMNS = ("redcap_", "section_")


@dataclass
class RedcapLocation:
    """One record. `answers` are by the keys of `fields.OF_LOCATION`, units and providers by those of their own forms.

    `row` is the record's first row in the file. `decision` is approved, denied, pending or "".
    """

    record_id: str
    row: int
    organization_key: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    units: list[dict[str, Any]] = field(default_factory=list)
    providers: list[dict[str, Any]] = field(default_factory=list)
    submitted_on: date | None = None
    decided_on: date | None = None
    decision: str = ""
    remarks: list[Remark] = field(default_factory=list)


@dataclass
class RedcapOrganization:
    """The records of one organization. `answers` are by the keys of `fields.OF_ENROLLMENT`; the first row's win."""

    key: str
    answers: dict[str, Any]
    locations: list[RedcapLocation]


@dataclass(frozen=True)
class RedcapExport:
    """All that a file holds. `refused` are rows that are no location, `unknown` the variables that nobody reads."""

    organizations: tuple[RedcapOrganization, ...]
    refused: tuple[Remark, ...]
    unknown: tuple[str, ...]
    rows: int

    @property
    def locations(self) -> tuple[RedcapLocation, ...]:
        """All locations in the order of the organizations."""
        return tuple(location for organization in self.organizations for location in organization.locations)

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """Every remark in the order of the rows, refusals included."""
        found = [*self.refused, *(remark for location in self.locations for remark in location.remarks)]
        return tuple(sorted(found, key=lambda remark: remark.row))


def read_redcap(data: bytes, *, variables: Variables | None = None) -> RedcapExport:
    """The locations of an export, raw or labelled, in any delimiter and in UTF-8, UTF-16 or Windows and Latin-1 letters.

    Rows of one record are put together whatever their order. Raises UnreadableFile.
    """
    names = variables or Variables()
    header, lines = _table(data)
    missing = [name for name in names.needed if name not in header]
    if missing:
        raise UnreadableFile("missing_columns", missing=", ".join(missing))
    records, refused, rows = _records(lines, names)
    organizations: dict[str, RedcapOrganization] = {}
    for record_id, parts in records.items():
        reader = RecordReader(names)
        location = _location(reader, record_id, parts)
        if isinstance(location, Remark):
            refused.append(location)
            continue
        of_organization = reader.answers_of_organization(location.row, parts.base)
        _join(organizations, location, of_organization, names)
        location.remarks.extend(reader.remarks)
    return RedcapExport(tuple(organizations.values()), tuple(refused), _unknown(header, names), rows)


@dataclass
class _Parts:
    """The rows of one record: the blanks of its first are filled from others, such as those of other events."""

    row: int = 0
    base: dict[str, str] = field(default_factory=dict)
    units: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    providers: list[tuple[int, dict[str, str]]] = field(default_factory=list)


def _records(
    lines: Iterator[tuple[int, dict[str, str]]], names: Variables
) -> tuple[dict[str, _Parts], list[Remark], int]:
    records: dict[str, _Parts] = {}
    refused: list[Remark] = []
    known = ("", fold(names.units_instrument), fold(names.providers_instrument))
    rows = 0
    for number, line in lines:
        rows += 1
        record_id = line.get(names.record_id, "")
        if not record_id:
            refused.append(Remark(number, names.record_id, "This row names no record.", refused=True))
            continue
        instrument = fold(line.get(INSTRUMENT, ""))
        if instrument not in known:
            refused.append(Remark(number, INSTRUMENT, "We do not read this instrument.", refused=True))
            continue
        parts = records.setdefault(record_id, _Parts())
        if not instrument:
            parts.row = parts.row or number
            parts.base = {**line, **parts.base}
        else:
            (parts.units if instrument == known[1] else parts.providers).append((number, line))
    return records, refused, rows


def _location(reader: RecordReader, record_id: str, parts: _Parts) -> RedcapLocation | Remark:
    names = reader.names
    if not parts.row:
        first = min(number for number, _ in (*parts.units, *parts.providers))
        return Remark(first, names.record_id, f"Record {record_id} has no row of its own in this file.", refused=True)
    for name in names.needed[1:]:
        if not reader.has_answer(parts.base.get(name, "")):
            return Remark(parts.row, name, f"Record {record_id} cannot be taken without this.", refused=True)
    location = RedcapLocation(record_id, parts.row, _organization_key(parts.base, names))
    location.answers = reader.answers_of_location(parts.row, parts.base)
    location.units = reader.units(parts.units)
    location.providers = reader.providers(parts.providers)
    location.submitted_on = reader.day(parts.row, names.submitted, parts.base)
    location.decided_on = reader.day(parts.row, names.decided, parts.base)
    location.decision = reader.decision(parts.row, parts.base)
    return location


def _organization_key(base: Mapping[str, str], names: Variables) -> str:
    return base.get(names.organization_id, "") or fold(base[names.needed[1]])


def _join(
    organizations: dict[str, RedcapOrganization], location: RedcapLocation, answers: dict[str, Any], names: Variables
) -> None:
    known = organizations.get(location.organization_key)
    if known is None:
        organizations[location.organization_key] = RedcapOrganization(location.organization_key, answers, [location])
        return
    first = known.locations[0].row
    for key, value in answers.items():
        if fold(known.answers.setdefault(key, value)) != fold(value):
            message = f"Differs from row {first} of the same organization, whose answer is kept."
            location.remarks.append(Remark(location.row, name_of(names.organization, key), message))
    known.locations.append(location)


def _table(data: bytes) -> tuple[list[str], Iterator[tuple[int, dict[str, str]]]]:
    """The variables' names and the rows that hold something: (row number, values that are not blank by name)."""
    if len(data) > MOST_BYTES:
        raise UnreadableFile("too_big", limit_mb=str(MOST_BYTES // (1024 * 1024)))
    if not data.strip():
        raise UnreadableFile("empty")
    text = decode(data)
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records = enumerate(reader, start=1)
    try:
        header = next(([name.strip().casefold() for name in record] for _, record in records if any(record)), [])
        lines = [(number, line) for number, record in records if (line := _line(header, record))]
    except csv.Error as error:
        raise UnreadableFile("quotes", line=f"{reader.line_num:,}") from error
    if len(lines) > MOST_ROWS:
        raise UnreadableFile("too_many_rows", limit=f"{MOST_ROWS:,}", beyond="Export fewer records at a time.")
    return header, iter(lines)


def _line(header: list[str], record: list[str]) -> dict[str, str]:
    values = islice(zip(header, record, strict=False), len(header))
    return {name: value for name, typed in values if (value := " ".join(typed.split()))}


def _unknown(header: list[str], names: Variables) -> tuple[str, ...]:
    known = {*names.all(), INSTRUMENT, INSTANCE}

    def is_known(name: str) -> bool:
        return bool({name, name.partition("___")[0], *hour_parts(name)} & known)

    return tuple(
        name
        for name in header
        if name and not is_known(name) and not name.startswith(_OWN_COLUMNS) and not name.endswith("_complete")
    )
