"""A workbook of a case is looked through before it is run: how many rows, how many with mistakes, and the first of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.domain.enrollment.provider_rows import read_providers
from app.domain.providers.user_rows import read_users
from app.domain.recipients.recipient_rows import AGENT_INFLATED_BYTES, AGENT_ROWS, open_recipient_file, read_row
from app.infra.spreadsheet import Mistake
from app.infra.spreadsheet.read_rows import ReadRow

Workbook = Literal["users", "providers", "recipients"]
SAMPLE = 20


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file holds. `sample`: the first mistakes as [cell, column, sentence]."""

    rows: int
    mistaken: int
    sample: list[list[str]]


def look(workbook: str, data: bytes, filename: str, *, today: date) -> Looked:
    """Read a file to its end without the database. Raises UnreadableFile, also for too many rows.

    100,000 people take half a minute: that is for the worker.
    """
    rows = mistaken = 0
    sample: list[list[str]] = []
    for mistakes in _mistakes(workbook, data, filename, today):
        rows += 1
        mistaken += bool(mistakes)
        for one in mistakes:
            if len(sample) < SAMPLE:
                sample.append([one.address, one.column, one.message])
    return Looked(rows, mistaken, sample)


def read_rows(workbook: str, data: bytes, filename: str) -> list[ReadRow]:
    """The rows of a short workbook (users, providers). Raises UnreadableFile."""
    return {"users": read_users, "providers": read_providers}[workbook](data, filename=filename)


def _mistakes(workbook: str, data: bytes, filename: str, today: date) -> Iterator[Iterable[Mistake]]:
    if workbook != "recipients":
        yield from (row.mistakes for row in read_rows(workbook, data, filename))
        return
    sheet = open_recipient_file(
        data, filename=filename, max_rows=AGENT_ROWS, max_inflated_bytes=AGENT_INFLATED_BYTES
    )
    yield from (read_row(row, today=today).mistakes for row in sheet.rows)
