"""The workbooks about one upload, from what is kept of it."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from app.documents.workbooks.returned import BadRow, FatedRow, mistakes_workbook, results_workbook
from app.domain.errors import NotFound
from app.domain.recipients.recipient_rows import (
    AGENT_INFLATED_BYTES,
    AGENT_ROWS,
    open_recipient_file,
    to_cells,
)
from app.domain.uploads.uploads import fates_of, list_rows
from app.infra.spreadsheet import Mistake, UnreadableFile
from app.infra.storage import MissingFile

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.uploads.models import Upload
    from app.infra.storage import FolderStorage


def rows_to_mend(session: "Session", upload: "Upload") -> bytes:
    """The rows with mistakes, as they were sent, with the mistakes beside them. Raises NotFound when their time is over."""
    if not upload.storage_key:
        raise NotFound(upload.id)
    return mistakes_workbook(_bad_rows(session, upload))


def results_of_upload(
    session: "Session", storage: "FolderStorage", upload: "Upload", words: Mapping[str, str]
) -> bytes:
    """Every row of the file with its fate; `words` are what this reader is told for each fate.

    Rows that have none yet are told as `waiting`. Raises NotFound where the file is lost.
    """
    try:
        sheet = open_recipient_file(
            storage.get(upload.storage_key), filename=upload.filename, max_rows=AGENT_ROWS,
            max_inflated_bytes=AGENT_INFLATED_BYTES,
        )  # fmt: skip
    except (MissingFile, UnreadableFile) as lost:
        raise NotFound(upload.id) from lost
    fates = fates_of(session, upload)
    return results_workbook(
        FatedRow(row.number, to_cells(row), words[fates.get(row.number, "waiting")]) for row in sheet.rows
    )


def _bad_rows(session: "Session", upload: "Upload") -> Iterator[BadRow]:
    after: str | None = "0"
    while after is not None:
        found = list_rows(session, upload, "mistaken", after=after, size=1_000)
        for row in found.items:
            mistakes = [Mistake(*mistake) for mistake in row.mistakes]
            yield BadRow(row.number, row.cells, mistakes)
        after = found.next_after
