"""Settle the uploads that wait. Each upload stands alone: one that breaks does not hold up the others."""

from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from app.domain.recipients.settle_upload import settle_upload
from app.domain.uploads import uploads
from app.infra import clock
from app.infra.db import Database
from app.infra.storage import FolderStorage

log = structlog.get_logger()

GIVEN_UP = (
    "We could not finish this file. Please upload it once more; people who were accepted are not doubled. "
    "If it stays so, call the help line."
)


def process_due(database: Database, storage: FolderStorage, *, zone: ZoneInfo, now: datetime) -> int:
    """Settle what is due, oldest first. Returns how many uploads were brought to an end.

    One that breaks is left to its lease and tried again later, five times in all; then it is failed.
    """
    ended = 0
    while due := uploads.due_uploads(database, now=now):
        for upload_id in due:
            try:
                ended += settle_upload(database, storage, upload_id, zone=zone)
            except Exception as error:
                log.error("upload.broke", upload=str(upload_id), error=type(error).__name__, exc_info=True)
                ended += uploads.note_failed_try(database, upload_id, GIVEN_UP, now=clock.now())
        now = clock.now()
    return ended
