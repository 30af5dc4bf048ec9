"""What is let go after its time: one function for each kind of data, all in this table.

Records of people, doses, stock, decisions and the access log are not here: they are kept. What lives for hours only
(attempts, keys of forms, turns at a kiosk) is swept each minute by its own area.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.domain.accounts.devices.models import KioskDevice
from app.domain.accounts.models import MailLink, SignInSession
from app.domain.drafts.models import Draft
from app.domain.helpdesk.models import Attachment, Case, CaseLink, Watcher, WorkbookRun
from app.domain.helpdesk.states import CLOSED
from app.domain.program.settings import (
    CASE_FILE_DAYS,
    DRAFT_DAYS,
    IDLE_KIOSK_DAYS,
    MAIL_DAYS,
    SESSION_DAYS,
    UPLOAD_FILE_DAYS,
    Key,
)
from app.domain.uploads.models import Upload, UploadRow
from app.infra import audit
from app.infra.kept_mail import KeptMail
from app.infra.outbox import OutboxMessage
from app.infra.queue import WorkerBeat
from app.infra.storage import FolderStorage

LINK_DAYS = 180
"""A link that no longer works can be renewed by whoever holds it for so long."""
SIGN_DAYS = 7


@dataclass(frozen=True, slots=True)
class Portion:
    """What one transaction lets go: of what is older than `before`, at most `limit`. `now` is for what stays behind."""

    session: Session
    storage: FolderStorage
    before: datetime
    limit: int
    now: datetime


@dataclass(frozen=True, slots=True)
class Rule:
    """`period` is a setting of the program or a number of days. `let_go` returns how many it let go.

    `at_once` is how many fit into one transaction of which nobody else notices anything.
    """

    name: str
    period: Key[int] | int
    let_go: Callable[[Portion], int]
    at_once: int = 200


def _sessions(portion: Portion) -> int:
    later = aliased(SignInSession)
    newest = ~exists().where(later.account_id == SignInSession.account_id, later.seen_at > SignInSession.seen_at)
    used = func.coalesce(SignInSession.ended_at, SignInSession.seen_at)
    return _delete(portion, SignInSession, used < portion.before, ~newest)


def _drafts(portion: Portion) -> int:
    return _delete(portion, Draft, Draft.updated_at < portion.before)


def _mail_links(portion: Portion) -> int:
    return _delete(portion, MailLink, MailLink.expires_at < portion.before)


def _case_links(portion: Portion) -> int:
    return _delete(portion, CaseLink, CaseLink.expires_at < portion.before)


def _mails(portion: Portion) -> int:
    over = or_(OutboxMessage.status == "done", OutboxMessage.given_up_at.is_not(None))
    return _delete(portion, OutboxMessage, over, OutboxMessage.due_at < portion.before)


def _kept_mails(portion: Portion) -> int:
    return _delete(portion, KeptMail, KeptMail.at < portion.before)


def _signs_of_life(portion: Portion) -> int:
    watched = delete(Watcher).where(Watcher.seen_at < portion.before).returning(Watcher.case_id)
    beats = delete(WorkerBeat).where(WorkerBeat.at < portion.before).returning(WorkerBeat.name)
    return sum(len(portion.session.execute(one).all()) for one in (watched, beats))


def _upload_files(portion: Portion) -> int:
    """The workbook and what its rows said. Rows that somebody must decide first hold it."""
    over = Upload.finished_at < portion.before, Upload.held_count == 0, Upload.storage_key != ""
    found = _some(portion, select(Upload).where(*over).order_by(Upload.id))
    for upload in found:
        kept = or_(UploadRow.cells.is_not(None), UploadRow.mistakes.is_not(None))
        said = update(UploadRow).where(UploadRow.upload_id == upload.id, kept).values(cells=None, mistakes=None)
        portion.session.execute(said, execution_options={"synchronize_session": False})
        _forget_file(portion, upload)
    return len(found)


def _case_files(portion: Portion) -> int:
    over = Case.status == CLOSED, Case.closed_at < portion.before, Attachment.storage_key != ""
    found = _some(portion, select(Attachment).join(Case, Case.id == Attachment.case_id).where(*over).order_by(Attachment.id))
    for file in found:
        ran = update(WorkbookRun).where(WorkbookRun.attachment_id == file.id).values(sample=None)
        portion.session.execute(ran, execution_options={"synchronize_session": False})
        file.filename = ""
        _forget_file(portion, file)
    return len(found)


def _idle_kiosks(portion: Portion) -> int:
    """A screen that nobody used is no longer paired, and a code that no screen took is no longer offered."""
    used = func.coalesce(KioskDevice.seen_at, KioskDevice.code_until)
    query = select(KioskDevice).where(KioskDevice.revoked_at.is_(None), used < portion.before)
    found = _some(portion, query.order_by(KioskDevice.id))
    for kiosk in found:
        kiosk.revoked_at = portion.now
        kiosk.code = kiosk.code_hash = kiosk.token_hash = None
        audit.record(
            portion.session, actor_kind="system", actor_id=None, act="kiosk.revoked", subject_kind="kiosk",
            subject_id=kiosk.id, place_id=kiosk.location_id, now=portion.now,
        )  # fmt: skip
    return len(found)


def _some(portion: Portion, query: Select[Any]) -> list[Any]:
    return list(portion.session.scalars(query.limit(portion.limit)))


def _delete(portion: Portion, table: Any, *conditions: Any) -> int:
    ids = _some(portion, select(table.id).where(*conditions).order_by(table.id))
    if ids:
        portion.session.execute(delete(table).where(table.id.in_(ids)), execution_options={"synchronize_session": False})
    return len(ids)


def _forget_file(portion: Portion, row: Upload | Attachment) -> None:
    """The file goes before its row is committed: killed between the two, the next round finds the row and ends it."""
    portion.storage.delete(row.storage_key)
    row.storage_key = ""


RULES: tuple[Rule, ...] = (
    Rule("sign-ins", SESSION_DAYS, _sessions),
    Rule("drafts", DRAFT_DAYS, _drafts),
    Rule("upload files", UPLOAD_FILE_DAYS, _upload_files, at_once=1),
    Rule("case files", CASE_FILE_DAYS, _case_files),
    Rule("mails", MAIL_DAYS, _mails),
    Rule("mails kept here", MAIL_DAYS, _kept_mails),
    Rule("idle kiosks", IDLE_KIOSK_DAYS, _idle_kiosks),
    Rule("links in mails", LINK_DAYS, _mail_links),
    Rule("links to cases", LINK_DAYS, _case_links),
    Rule("signs of life", SIGN_DAYS, _signs_of_life),
)
