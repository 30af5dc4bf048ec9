"""Workbooks of help desk cases: long ones are looked through, and what came of an upload goes back into its case."""

from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from app.documents.workbooks.of_case import result_of_upload
from app.domain.helpdesk.look_through import look
from app.domain.helpdesk.run_workbook import (
    WORKER,
    Waiting,
    give_back,
    note_looked,
    note_unusable,
    waiting_to_look,
    waiting_to_return,
)
from app.infra import clock
from app.infra.crypto import CannotDecrypt
from app.infra.db import Database
from app.infra.spreadsheet import UnreadableFile
from app.infra.storage import FolderStorage, MissingFile

log = structlog.get_logger()
LOST = "The file could not be read. Ask the requester to send it once more."


def look_through_due(database: Database, storage: FolderStorage, *, zone: ZoneInfo) -> int:
    """Look through what waits; returns how many files."""
    with database.reading() as session:
        due = waiting_to_look(session)
    for one in due:
        _look_through(database, storage, one, zone)
    return len(due)


def give_back_due(database: Database, storage: FolderStorage, *, zone: ZoneInfo, now: datetime) -> int:
    """Put results of uploads that came to their end into their cases; returns how many. One that breaks waits."""
    returned = 0
    with database.reading() as session:
        for run, upload in waiting_to_return(session):
            try:
                text, files = result_of_upload(session, storage, run, upload)
                with database.transaction() as writing:
                    returned += give_back(
                        writing, WORKER, run, text, files, storage=storage, now=now, today=clock.local_date(now, zone)
                    )
            except Exception as error:
                log.error("workbook.not_returned", run=str(run.id), error=type(error).__name__, exc_info=True)
    return returned


def _look_through(database: Database, storage: FolderStorage, one: Waiting, zone: ZoneInfo) -> None:
    try:
        found = look(
            one.kind, storage.get(one.storage_key), one.filename, today=clock.local_date(one.asked_at, zone)
        )
    except (UnreadableFile, MissingFile, CannotDecrypt) as unreadable:
        with database.transaction() as session:
            note_unusable(session, one.run_id, str(unreadable) if isinstance(unreadable, UnreadableFile) else LOST)
        return
    with database.transaction() as session:
        note_looked(session, one.run_id, found)
