"""A new upload of people, as clinics and employers send it: the form, and what happens to the file."""

from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from flask import g, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length

from app.domain.recipients.recipient_rows import AT_ONCE_ROWS, open_recipient_file
from app.domain.recipients.settle_upload import settle_upload
from app.domain.uploads.uploads import SentBefore, TakeUpload, take_upload
from app.infra.spreadsheet import UnreadableFile
from app.web import context
from app.web.filters import moment
from app.web.forms import Form, add_error

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage

    from app.domain.uploads.models import Upload

log = structlog.get_logger()


def how_far(upload: "Upload | None", status: str = "") -> str:
    """The mark of a page that shows how far an upload is; `status` of whatever has the upload."""
    return f"{status}{upload.status}-{upload.rows_settled}" if upload else status


def printable(typed: str | None) -> str:
    """A line of text without signs that nobody can see."""
    return "".join(sign for sign in typed or "" if sign.isprintable()).strip()


class UploadForm(Form):
    """A file and the confirmation of whoever sends it."""

    file = FileField(_l("File"), [FileRequired(_l("Choose the file with the people"))])
    attested = BooleanField(
        _l(
            "I confirm that every person in this file belongs to a group that may now be vaccinated under the state’s "
            "prioritization and lives or works in North Carolina."
        ),
        [DataRequired(_l("Tick this box if it is so; otherwise take the others out of the file"))],
    )
    attested_name = StringField(
        _l("Your full name"),
        [DataRequired(_l("Type your name, as a signature")), Length(max=120, message=_l("Use 120 characters or fewer"))],
        filters=[printable],
    )
    send_again = BooleanField(_l("Send it again anyway"))
    sent_before: "Upload | None" = None


def read_file_first() -> None:
    """Read the file of a POST through, which takes a second or two: on SQLite nobody could write meanwhile.

    For `first` of a Portal's action; `receive_upload` finds what came of it.
    """
    file = request.files.get("file")
    if not file:
        return
    data = file.read()
    file.seek(0)
    try:
        g.rows_read = open_recipient_file(data, filename=_named(file)).row_count
    except UnreadableFile as unreadable:
        g.rows_read = unreadable


def _count_rows(data: bytes, name: str) -> int:
    """How many rows the file has. Raises UnreadableFile."""
    rows = g.pop("rows_read", None)
    if isinstance(rows, UnreadableFile):
        raise rows
    return rows if rows is not None else open_recipient_file(data, filename=name).row_count


def _named(file: "FileStorage") -> str:
    return printable((file.filename or "").replace("\\", "/").rsplit("/", 1)[-1]) or _("file")


def receive_upload(form: UploadForm, scope_kind: str, scope_id: UUID) -> "Upload | None":
    """Take the file of a form that was sent in good shape; None when it is refused, which the form then tells.

    A short file is settled as soon as this request is committed, so that the next page shows what became of it.
    """
    name, data = _named(form.file.data), form.file.data.read()
    try:
        rows = _count_rows(data, name)
        upload = take_upload(
            context.db(), context.actor(), context.storage(),
            TakeUpload(
                scope_kind, scope_id, name, data, rows, form.attested_name.data or "", send_again=form.send_again.data
            ),
            now=context.now(),
        )  # fmt: skip
    except UnreadableFile as unreadable:
        add_error(form.file, " ".join(_(sentence) % facts for sentence, facts in unreadable.parts))
        return None
    except SentBefore as before:
        form.sent_before = before.earlier
        add_error(
            form.file,
            _(
                "This very file was sent on %(when)s already. To send it again, choose it once more and tick "
                "“Send it again anyway”; nobody is entered twice.",
                when=moment(before.earlier.sent_at),
            ),
        )
        return None
    if rows <= AT_ONCE_ROWS:
        _settle_at_once(upload.id)
    else:
        context.wake("uploads")
    return upload


def _settle_at_once(upload_id: UUID) -> None:
    parts = context.machines()

    def settle() -> None:
        try:
            settle_upload(parts.database, parts.storage, upload_id, zone=parts.settings.zone)
        except Exception as error:
            log.error("upload.broke", upload=str(upload_id), error=type(error).__name__, exc_info=True)
            parts.queue.wake("uploads")
        else:
            parts.queue.wake("mail")

    context.afterwards(settle)
