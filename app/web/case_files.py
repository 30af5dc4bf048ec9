"""The files of a form, read and looked at before the database is held."""

from flask import g, request

from app.domain.helpdesk.attachments import MOST_AT_ONCE, CheckedFile, NewAttachment, check_files
from app.domain.helpdesk.errors import BadAttachment

FIELD = "files"


def look_at_files_first() -> None:
    """Check the files of a POST: decoding a picture takes a while, and on SQLite nobody could write meanwhile.

    For `first` of a Portal's action; `checked_files` hands out what came of it.
    """
    sent = [file for file in request.files.getlist(FIELD) if file.filename][: MOST_AT_ONCE + 1]
    try:
        g.checked_files = check_files([NewAttachment(file.filename or "", file.read()) for file in sent])
    except BadAttachment as refusal:
        g.checked_files = refusal


def checked_files() -> list[CheckedFile]:
    """The files of this POST. Raises BadAttachment."""
    found = g.get("checked_files", [])
    if isinstance(found, BadAttachment):
        raise found
    return list(found)
