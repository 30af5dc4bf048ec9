"""Reminders on or off, by the person or by the link in a reminder, and the language of mails."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import NotFound
from app.domain.recipients.joining.change_email import ask_to_confirm_email
from app.domain.recipients.models import Recipient
from app.domain.recipients.own_record import own_recipient
from app.domain.recipients.records import kept_record, one_person
from app.domain.reminders.addresses import addresses_of
from app.domain.reminders.models import ReminderStop
from app.infra import audit, crypto
from app.infra.db import one_at_a_time

MAIL_LANGUAGES = ("en", "es")


@dataclass(frozen=True, slots=True)
class Choices:
    """What holds for a person: `wanted` is the switch, `asked_not` that they answered "Do not contact me".

    `address` is where a reminder would go, None where there is no confirmed one; then `unconfirmed` is the one on record.
    """

    wanted: bool
    asked_not: bool
    address: str | None
    language: str
    unconfirmed: str | None = None


def choices_of(session: Session, actor: Actor, recipient_id: UUID, *, now: datetime) -> Choices:
    """The choices of the person who acts, or of their dependant. Raises NotFound."""
    recipient = own_recipient(session, actor, recipient_id, Permission.VIEW_OWN_RECORD)
    address = addresses_of(session, [recipient], now=now).get(recipient.id)
    return Choices(
        wanted=live_stop(session, recipient.id) is None,
        asked_not=wants_no_contact(recipient),
        address=address.email if address else None,
        language=mail_language(recipient),
        unconfirmed=None if address else recipient.email,
    )


def confirm_address(session: Session, actor: Actor, recipient_id: UUID, *, now: datetime) -> str | None:
    """Mail a link to the address on record, which a clinic or an employer typed; None without one. Raises NotFound."""
    recipient = own_recipient(session, actor, recipient_id, Permission.EDIT_OWN_RECORD, to_change=True)
    return ask_to_confirm_email(session, actor, recipient, now=now)


def switch_reminders(session: Session, actor: Actor, recipient_id: UUID, *, on: bool, now: datetime) -> None:
    """Reminders on or off; what holds already is left as it is. Raises NotFound."""
    recipient = own_recipient(session, actor, recipient_id, Permission.EDIT_OWN_RECORD)
    if on:
        _resume(session, actor, recipient.id, now)
    else:
        _stop(session, actor, recipient.id, "page", now)


def choose_language(session: Session, actor: Actor, recipient_id: UUID, language: str, *, now: datetime) -> None:
    """The language in which mails are written: one of MAIL_LANGUAGES. Raises NotFound."""
    recipient = own_recipient(session, actor, recipient_id, Permission.EDIT_OWN_RECORD, to_change=True)
    if language not in MAIL_LANGUAGES or recipient.language == language:
        return
    recipient.language = language
    recipient.version += 1
    _note(session, actor, "recipient.language_changed", recipient.id, now, fields=["language"])


def stop_token(recipient_id: UUID) -> str:
    """What stands in the link of a reminder: it stops reminders for this person, and can do nothing else."""
    return crypto.encrypt(json.dumps({"stop": str(recipient_id)}).encode()).decode()


def stop_by_link(session: Session, token: str, *, now: datetime) -> None:
    """Stop the reminders that a link in a mail is about; twice is once. Raises NotFound for a link of nobody."""
    recipient = session.get(Recipient, read_stop_token(token))
    while recipient is not None and recipient.merged_into_id is not None:
        recipient = session.get(Recipient, recipient.merged_into_id)
    if recipient is None:
        raise NotFound
    _stop(session, Actor(kind="link", id=None), recipient.id, "mail", now)


def read_stop_token(token: str) -> UUID:
    """The record that a link is about. Raises NotFound where the link was cut or made up."""
    try:
        return UUID(json.loads(crypto.decrypt(token.encode()))["stop"])
    except (crypto.CannotDecrypt, ValueError, KeyError, TypeError) as error:
        raise NotFound from error


def live_stop(session: Session, recipient_id: UUID) -> ReminderStop | None:
    """The stop that holds for a person, by any record of theirs; `recipient_id` is the kept one."""
    return session.scalars(_stops(recipient_id)).first()


def _stops(recipient_id: UUID) -> Select[ReminderStop]:
    return (
        select(ReminderStop)
        .where(ReminderStop.recipient_id.in_(one_person(recipient_id)), ReminderStop.resumed_at.is_(None))
        .order_by(ReminderStop.id)
    )


def wants_no_contact(recipient: Recipient) -> bool:
    """True where the person answered "Do not contact me" when registering."""
    return bool((recipient.answers or {}).get("contact_way") == "none")


def mail_language(recipient: Recipient) -> str:
    """The language of mails: Spanish where the person speaks it, else English."""
    return "es" if recipient.language == "es" else "en"


def language_of(session: Session, recipient_id: UUID | None) -> str:
    """The language of mails to the person of a record; English where there is none. For jobs only."""
    recipient = kept_record(session, recipient_id)
    return mail_language(recipient) if recipient else "en"


def _stop(session: Session, actor: Actor, recipient_id: UUID, how: str, now: datetime) -> None:
    one_at_a_time(session, f"reminders:{recipient_id}")
    if live_stop(session, recipient_id) is None:
        session.add(ReminderStop(recipient_id=recipient_id, stopped_at=now, how=how))
        _note(session, actor, "recipient.reminders_stopped", recipient_id, now)


def _resume(session: Session, actor: Actor, recipient_id: UUID, now: datetime) -> None:
    one_at_a_time(session, f"reminders:{recipient_id}")
    known = session.scalars(_stops(recipient_id)).all()
    for stop in known:
        stop.resumed_at = now
    if known:
        _note(session, actor, "recipient.reminders_resumed", recipient_id, now)


def _note(session: Session, actor: Actor, act: str, recipient_id: UUID, now: datetime, **facts: Any) -> None:
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act=act, subject_kind="recipient", subject_id=recipient_id,
        now=now, **facts,
    )  # fmt: skip
    session.flush()
