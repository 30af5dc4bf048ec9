"""Files in cases: told by their content, limited, kept encrypted, and only ever handed out as downloads."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.helpdesk.errors import BadAttachment
from app.domain.helpdesk.models import Attachment, Case, Comment
from app.infra.pictures import PICTURE_TYPE, UnusablePicture, prepare_picture
from app.infra.storage import FolderStorage

MOST_BYTES = 10 * 1024 * 1024
MOST_AT_ONCE = 5
MOST_IN_CASE = 40
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_MEMBERS = 200
_RUNS = (".bin", ".exe", ".js", ".vbs", ".dll", ".ps1")
_PRINTERS = "xl/printerSettings/"
"""Excel keeps how a sheet is printed in .bin files there: no macros."""
_MARKUP = (".html", ".htm", ".xhtml", ".svg", ".xml", ".js", ".hta", ".mht", ".mhtml", ".shtml")
_SUFFIXES = {
    "application/pdf": ".pdf",
    PICTURE_TYPE: ".jpg",
    _WORKBOOK: ".xlsx",
    "text/csv": ".csv",
    "text/plain": ".txt",
}


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """A file as it was sent; nothing of it is believed."""

    filename: str
    data: bytes


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept: a harmless name, its type by content, and the bytes (pictures are made anew)."""

    filename: str
    media_type: str
    data: bytes


def check_files(files: Sequence[NewAttachment]) -> list[CheckedFile]:
    """Look at each file before anything is stored. Raises BadAttachment, naming the file."""
    if len(files) > MOST_AT_ONCE:
        raise BadAttachment(files[MOST_AT_ONCE].filename, "too_many")
    return [_check(file) for file in files]


def keep_files(
    session: Session, case: Case, comment: Comment | None, files: Sequence[CheckedFile], *, storage: FolderStorage,
    by: str, now: datetime,
) -> None:  # fmt: skip
    """Put checked files into a case. Raises BadAttachment when the case has very many already."""
    if not files:
        return
    there = session.scalar(select(func.count()).where(Attachment.case_id == case.id)) or 0
    if there + len(files) > MOST_IN_CASE:
        raise BadAttachment(files[0].filename, "too_many")
    for file in files:
        session.add(
            Attachment(
                case_id=case.id, comment_id=comment.id if comment else None, filename=file.filename,
                media_type=file.media_type, size=len(file.data), storage_key=storage.put("help", file.data), at=now,
                by=by,
            )
        )  # fmt: skip
    session.flush()


def get_attachment(session: Session, case: Case, attachment_id: UUID, *, for_agent: bool = False) -> Attachment:
    """One file of a case that the caller may see; what hangs on a note is for agents only.

    Raises NotFound, also where its time is over.
    """
    found = session.get(Attachment, attachment_id)
    if found is None or found.case_id != case.id or not found.storage_key:
        raise NotFound
    comment = session.get(Comment, found.comment_id) if found.comment_id else None
    if comment is not None and not comment.is_public and not for_agent:
        raise NotFound
    return found


def _check(file: NewAttachment) -> CheckedFile:
    if not file.data:
        raise BadAttachment(file.filename, "empty")
    if len(file.data) > MOST_BYTES:
        raise BadAttachment(file.filename, "too_big")
    media_type, data = _told(file)
    return CheckedFile(_safe_name(file.filename, _SUFFIXES[media_type]), media_type, data)


def _told(file: NewAttachment) -> tuple[str, bytes]:
    data = file.data
    if data.startswith(b"%PDF-"):
        return "application/pdf", data
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")):
        try:
            return PICTURE_TYPE, prepare_picture(data)
        except UnusablePicture as error:
            raise BadAttachment(file.filename, "damaged") from error
    if data.startswith(b"PK\x03\x04"):
        if _is_workbook(data):
            return _WORKBOOK, data
        raise BadAttachment(file.filename, "kind")
    if _is_text(data) and not _is_markup(file):
        return ("text/csv" if file.filename.lower().endswith(".csv") else "text/plain"), data
    raise BadAttachment(file.filename, "kind")


def _is_workbook(data: bytes) -> bool:
    """A workbook without macros, by the names of its parts; nothing of it is unpacked here."""
    if data.count(b"PK\x01\x02") > _MOST_MEMBERS:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = parts.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
    runs = any(name.lower().endswith(_RUNS) and not name.startswith(_PRINTERS) for name in names)
    return "xl/workbook.xml" in names and len(names) <= _MOST_MEMBERS and not runs


def _is_markup(file: NewAttachment) -> bool:
    """What a browser would run or draw, by its name or its first sign, is no text for us."""
    begins = file.data[:200].decode("utf-8-sig", "ignore").lstrip()
    return file.filename.lower().strip().endswith(_MARKUP) or begins.startswith("<")


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not any(unicodedata.category(sign) == "Cc" and sign not in "\r\n\t\f" for sign in text)


def _safe_name(filename: str, suffix: str) -> str:
    """What a download may be called: the last part of the name, nothing invisible, the suffix of what it is."""
    last = re.split(r"[/\\]", filename)[-1]
    visible = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    stem = re.sub(r"[^\w .()+-]", "_", visible.rsplit(".", 1)[0], flags=re.UNICODE).strip(" .")
    return (stem or "file")[:100] + suffix
