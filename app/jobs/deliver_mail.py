"""Send what the outbox holds. Claimed by lease, committed before the conversation, so that nothing goes out twice
silently and nothing is lost."""

from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from uuid import UUID

import structlog

from app.config import Settings
from app.documents.mails import write_mail
from app.domain.program.support import OF_MAILS
from app.domain.program.supported import supported
from app.infra import clock, outbox, smtp
from app.infra.db import Database
from app.infra.kept_mail import KeptMail
from app.jobs.mails.registry import Letter, NotAtThisHour, Post, composer_of

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Mail:
    id: UUID
    to: str
    subject: str
    text: str
    message: EmailMessage


def deliver_due(
    database: Database, settings: Settings, *, at_most: int = 2000, ending: Callable[[], bool] = lambda: False
) -> int:
    """Send due mails until none is left or `at_most` were handled. Returns how many were handled.

    Where the process is ending, the mail in hand is the last; what was claimed beyond it is due again with its lease.
    """
    handled = 0
    while handled < at_most:
        claimed = outbox.claim(database, now=clock.now())
        if not claimed:
            break
        for message in claimed:
            if ending():
                return handled
            deliver(database, settings, message)
            handled += 1
    return handled


def deliver(database: Database, settings: Settings, message: outbox.Claimed) -> None:
    """Write and send one claimed mail, and note how it ended."""
    try:
        letter = _write(database, settings, message)
        mail = _as_mail(database, settings, message, letter) if letter else None
    except NotAtThisHour as wait:
        outbox.postpone(database, message.id, until=wait.until)
        return
    except smtp.Refused as error:
        outbox.give_up(database, message.id, str(error))
        return
    except Exception as error:
        log.error("mail.not_written", kind=message.kind, error=type(error).__name__, exc_info=True)
        outbox.retry_later(database, message, f"could not be written: {type(error).__name__}", now=clock.now())
        return
    if mail is None:
        outbox.finish(database, message.id, now=clock.now())
        return
    if not outbox.begin_sending(database, message.id, now=clock.now()):
        return
    try:
        _hand_over(database, settings, mail)
    except smtp.NotNow as error:
        outbox.retry_later(database, message, f"server not reached: {error}", now=clock.now())
    except smtp.Refused as error:
        outbox.give_up(database, message.id, str(error))
    else:
        outbox.finish(database, message.id, now=clock.now())


def _write(database: Database, settings: Settings, message: outbox.Claimed) -> Letter | None:
    composer = composer_of(message.kind)
    if composer is None:
        raise LookupError(message.kind)
    with database.transaction() as session:
        return composer(session, message.payload, Post(settings=settings, now=clock.now()))


def _program_for(database: Database, settings: Settings, kind: str, letter: Letter) -> Settings:
    """The settings with telephone, hours and sender for those who get this mail."""
    audience = letter.audience or OF_MAILS.get(kind.partition(".")[0], "everybody")
    with database.reading() as session:
        return supported(session, settings, audience, clock.local_date(clock.now(), settings.zone))


def _as_mail(database: Database, settings: Settings, message: outbox.Claimed, letter: Letter) -> _Mail:
    """The letter as it is sent, and as it is kept without a server. Raises smtp.Refused for a mailbox that is no address."""
    program = _program_for(database, settings, message.kind, letter)
    context = {"program": program, "to_name": letter.to_name, **letter.context}
    subject, text = write_mail(letter.template, context, language=letter.language)
    made = smtp.make_message(
        sender=program.mail_sender, to=letter.to, to_name=letter.to_name, subject=subject, text=text,
        message_id=str(message.id), headers=letter.headers,
    )  # fmt: skip
    return _Mail(message.id, letter.to, subject, text, made)


def _hand_over(database: Database, settings: Settings, mail: _Mail) -> None:
    if settings.smtp_url:
        smtp.send(settings.smtp_url, mail.message)
        return
    with database.transaction() as session:
        session.merge(
            KeptMail(
                id=mail.id,
                message_id=str(mail.id),
                at=clock.now(),
                to=mail.to,
                subject=mail.subject[:255],
                text=mail.text,
            )
        )
