"""A mail that came in goes into its case; a mail of ours that came back is seen by whoever caused it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from app.domain.accounts.access import Actor
from app.domain.accounts.names import fold_name
from app.domain.helpdesk.answer_case import AnswerCase, answer_case
from app.domain.helpdesk.attachments import CheckedFile, NewAttachment, check_files
from app.domain.helpdesk.errors import BadAttachment, TooLateToReopen
from app.domain.helpdesk.queries import case_of_token
from app.domain.helpdesk.work_case import note_by_system
from app.infra import clock, outbox
from app.infra.db import Database
from app.infra.storage import FolderStorage
from app.integrations.inbound_mail.listener import TAKEN
from app.integrations.inbound_mail.read_mail import InboundMail

log = structlog.get_logger()

LONGEST = 8_000


def take_mail(
    database: Database, storage: FolderStorage, mail: InboundMail, *, zone: ZoneInfo, now: datetime
) -> str:
    """Keep one mail, in one transaction; the answer is TAKEN, or what to tell the other mail server.

    A mail that a machine sent is taken and forgotten: to answer it could go on for ever. The same mail twice is one
    answer. Of files only those that a case may hold are kept; for the others a note says what was left out.
    """
    if mail.kind == "bounce":
        with database.transaction() as session:
            known = mail.bounced is not None and outbox.mark_bounced(session, mail.bounced, mail.text)
        log.info("inbound_mail.bounce", known=known)
        return TAKEN
    if mail.kind == "automatic":
        log.info("inbound_mail.automatic", answers=bool(mail.token))
        return TAKEN
    files, left_out = _sorted_files(mail)
    today = clock.local_date(now, zone)
    with database.transaction() as session:
        case = case_of_token(session, mail.token)
        if case is None:
            return "No request has this address"
        actor = Actor(kind="link", id=case.id)
        text = mail.text[:LONGEST] or "(no text)"
        message_id = mail.message_id or None
        try:
            said = answer_case(
                session, actor, AnswerCase(case.number, text, files, message_id), storage=storage, now=now, today=today
            )
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


def _sorted_files(mail: InboundMail) -> tuple[list[CheckedFile], list[tuple[str, str]]]:
    """Files that may be kept, and the others with the reason."""
    kept: list[CheckedFile] = []
    left_out: list[tuple[str, str]] = []
    for name, data in mail.files:
        try:
            if len(kept) == 5:
                raise BadAttachment(name, "too_many")
            kept += check_files([NewAttachment(name, data)])
        except BadAttachment as refusal:
            left_out.append((name, refusal.why))
    return kept, left_out
