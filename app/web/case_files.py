"""The files of a form, read and looked at before the database is held."""

from typing import Any

from flask import g, request
from flask_babel import gettext as _

from app.domain.helpdesk.attachments import MOST_AT_ONCE, CheckedFile, NewAttachment, check_files
from app.domain.helpdesk.errors import BadAttachment
from app.web.forms import add_error

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


def files_are_gone(form: Any) -> None:
    """Say beside the files of a form that comes back that they have to be chosen again: no page can keep them."""
    sent = any(file.filename for file in request.files.getlist(FIELD))
    if sent and not form[FIELD].errors:
        add_error(form[FIELD], _("Please choose the files again: they were not kept"))


def checked_files() -> list[CheckedFile]:
    """The files of this POST. Raises BadAttachment."""
    found = g.get("checked_files", [])
    if isinstance(found, BadAttachment):
        raise found
    return list(found)
