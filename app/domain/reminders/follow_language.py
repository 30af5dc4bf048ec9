"""The language that somebody chose for the pages is the language in which we write to them, too."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Role
from app.domain.accounts.sessions import load_account
from app.domain.errors import NotFound
from app.domain.recipients.models import Recipient
from app.domain.reminders.choices import MAIL_LANGUAGES
from app.infra import audit


def follow_language(session: Session, actor: Actor, language: str, *, now: datetime) -> None:
    """Keep the language (one of MAIL_LANGUAGES, anything else is left out) on the account and on the person's own record.

    The record's version stays: no answer of a registration that is being filled in is overtaken by this. Raises NotFound
    without an account.
    """
    account = load_account(session, actor.id) if actor.id else None
    if account is None:
        raise NotFound
    if language not in MAIL_LANGUAGES:
        return
    account.language = language
    for grant in actor.grants:
        if grant.role is Role.RECIPIENT and grant.scope_id:
            _write_to(session, session.get(Recipient, grant.scope_id), actor, language, now)
    session.flush()


def _write_to(session: Session, recipient: Recipient | None, actor: Actor, language: str, now: datetime) -> None:
    while recipient is not None and recipient.merged_into_id is not None:
        recipient = session.get(Recipient, recipient.merged_into_id)
    if recipient is None or recipient.language == language or (recipient.language, language) == ("other", "en"):
        return
    recipient.language = language
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="recipient.language_changed", subject_kind="recipient",
        subject_id=recipient.id, now=now, fields=["language"],
    )  # fmt: skip
