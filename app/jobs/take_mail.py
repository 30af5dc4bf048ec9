"""A mail that came in goes into its case; a mail of ours that came back is seen by whoever caused it."""

import io
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog

from app.domain.accounts.access import Actor
from app.domain.accounts.names import fold_name
from app.domain.helpdesk.answer_case import AnswerCase, answer_case
from app.domain.helpdesk.attachments import CheckedFile, NewAttachment, check_files
from app.domain.helpdesk.errors import BadAttachment, TooLateToReopen
from app.domain.helpdesk.queries import case_of_token
from app.domain.helpdesk.work_case import note_by_system
from app.domain.program.daily_files import count_files
from app.infra import clock, outbox
from app.infra.db import Database
from app.infra.harmful import NotScanned, Scanner
from app.infra.storage import FolderStorage
from app.integrations.inbound_mail.listener import LATER, TAKEN
from app.integrations.inbound_mail.read_mail import InboundMail

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.helpdesk.models import Case

log = structlog.get_logger()

LONGEST = 8_000
_NO_CASE = "No request has this address"


def take_mail(
    database: Database, storage: FolderStorage, mail: InboundMail, *, scanner: Scanner | None = None, zone: ZoneInfo,
    now: datetime,
) -> str:  # fmt: skip
    """Keep one mail, in one transaction; the answer is TAKEN, LATER, or what to tell the other mail server.

    A mail that a machine sent is taken and forgotten: to answer it could go on for ever. The same mail twice is one
    answer. Of files only those that a case may hold are kept; for the others a note says what was left out. LATER where
    files cannot be scanned now: the other server keeps the mail and tries again.
    """
    if mail.kind == "bounce":
        with database.transaction() as session:
            known = mail.bounced is not None and outbox.mark_bounced(session, mail.bounced, mail.text)
        log.info("inbound_mail.bounce", known=known)
        return TAKEN
    if mail.kind == "automatic":
        log.info("inbound_mail.automatic", answers=bool(mail.token))
        return TAKEN
    with database.reading() as session:  # before the scan, which strangers must not keep busy
        if case_of_token(session, mail.token) is None:
            return _NO_CASE
    try:
        files, left_out = _sorted_files(mail, scanner)
    except NotScanned:
        return LATER
    try:
        return _keep(database, storage, mail, files, left_out, zone=zone, now=now)
    except BadAttachment as refusal:  # nothing was kept: no file has room any more, and the words still do
        left_out += [(file.filename, refusal.why) for file in files]
        return _keep(database, storage, mail, [], left_out, zone=zone, now=now)


def _keep(
    database: Database, storage: FolderStorage, mail: InboundMail, files: list[CheckedFile],
    left_out: list[tuple[str, str]], *, zone: ZoneInfo, now: datetime,
) -> str:  # fmt: skip
    """One transaction. Raises BadAttachment where the case, or the requester's day, is full of files."""
    today = clock.local_date(now, zone)
    with database.transaction() as session:
        case = case_of_token(session, mail.token)
        if case is None:
            return _NO_CASE
        _count(session, case, files, today=today, now=now)
        actor, text = Actor(kind="link", id=case.id), mail.text[:LONGEST] or "(no text)"
        answer = AnswerCase(case.number, text, files, mail.message_id or None)
        try:
            said = answer_case(session, actor, answer, storage=storage, now=now, today=today)
        except TooLateToReopen:
            return "This request is closed; please open a new one"
        if said is not None:
            remarks = [f"Left out: {name} ({why})" for name, why in left_out]
            if fold_name(mail.sender) != case.email_folded:
                remarks.append(f"Came from another address: {mail.sender}")
            if len(mail.text) > LONGEST:
                remarks.append("The mail was longer; its end was cut off.")
            if remarks:
                note_by_system(session, case, "\n".join(remarks), now=now)
    return TAKEN


def _count(session: "Session", case: "Case", files: list[CheckedFile], *, today: date, now: datetime) -> None:
    """What came in a day for one requester. Raises BadAttachment."""
    sender = f"mailbox {case.email_folded}"
    if count_files(session, sender, [len(file.data) for file in files], now=now, today=today):
        raise BadAttachment(files[0].filename, "too_many")


def _sorted_files(mail: InboundMail, scanner: Scanner | None) -> tuple[list[CheckedFile], list[tuple[str, str]]]:
    """Files that may be kept, and the others with the reason. Raises NotScanned."""
    kept: list[CheckedFile] = []
    left_out: list[tuple[str, str]] = []
    for name, data in mail.files:
        try:
            if len(kept) == 5:
                raise BadAttachment(name, "too_many")
            checked = check_files([NewAttachment(name, data)])
            if scanner is not None and scanner.find(io.BytesIO(data)):
                raise BadAttachment(name, "harmful")
            kept += checked
        except BadAttachment as refusal:
            left_out.append((name, refusal.why))
        except NotScanned as failed:
            if failed.why != "too_large":
                raise
            left_out.append((name, "too_big"))
    return kept, left_out
