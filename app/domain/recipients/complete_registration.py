"""A person finishes the registration, or changes answers later: the same rules, the same record."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.names import fold_name
from app.domain.program.terms import version_to_accept
from app.domain.recipients.events import answers_kept
from app.domain.recipients.joining.change_email import ask_to_change_email
from app.domain.recipients.models import Recipient
from app.domain.recipients.own_record import own_recipient
from app.domain.recipients.registration import (
    ENCRYPTED,
    IN_COLUMNS,
    RecordChanged,
    Registration,
    check,
    differences,
    registration_of,
)
from app.domain.recipients.rename import follow_names
from app.infra import audit, outbox


@dataclass(frozen=True, slots=True)
class CompleteRegistration:
    """Answers to keep. `version` is the record that the person saw; `today` the day in the program's zone."""

    recipient_id: UUID
    version: int
    answers: Registration
    today: date


def complete_registration(
    session: Session, actor: Actor, command: CompleteRegistration, *, now: datetime
) -> Recipient:
    """Keep the answers; the first time, the person is registered and told so by mail.

    Registered is neither eligible nor an appointment. Another e-mail address counts once a mail to it was answered.
    Sent twice, it does nothing the second time. Raises
    NotFound, IncompleteRegistration, and RecordChanged where the record is not the one that the person saw.
    """
    recipient = own_recipient(
        session, actor, command.recipient_id, Permission.EDIT_OWN_RECORD, to_change=True
    )
    terms = version_to_accept(session, "terms", command.today)
    check(command.answers, birth_date=recipient.birth_date, today=command.today, terms=terms)
    changed = [found.name for found in differences(command.answers, registration_of(recipient))]
    first_time = recipient.registered_at is None
    if not changed and not first_time:
        return recipient
    if recipient.version != command.version:
        raise RecordChanged(recipient.version)
    address = ask_to_change_email(session, actor, recipient, command.answers.email, now=now)
    _keep(session, recipient, replace(command.answers, email=address))
    if first_time:
        recipient.registered_at = now
        if recipient.email:
            outbox.publish(
                session, "recipients.registered", now=now, about=recipient.id, recipient_id=str(recipient.id)
            )
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, subject_kind="recipient", subject_id=recipient.id,
        now=now, act="recipient.registered" if first_time else "recipient.answers_changed", fields=changed,
    )  # fmt: skip
    if "terms" in changed:
        audit.record(
            session, actor_kind=actor.kind, actor_id=actor.id, subject_kind="recipient", subject_id=recipient.id,
            now=now, act="terms.accepted", document="terms", version=terms,
        )  # fmt: skip
    session.flush()
    answers_kept(session, recipient.id, today=command.today, now=now)
    return recipient


def _keep(session: Session, recipient: Recipient, answers: Registration) -> None:
    """Move the answers into the record, with all that is derived from the name."""
    shown_before = f"{recipient.first_name} {recipient.last_name}"
    for name in IN_COLUMNS:
        setattr(recipient, name, getattr(answers, name))
    recipient.races = list(answers.races)
    recipient.email = answers.email or None
    recipient.email_folded = fold_name(answers.email) if answers.email else None
    kept = {name: getattr(answers, name) for name in ENCRYPTED} | {"conditions": list(answers.conditions)}
    recipient.answers = (recipient.answers or {}) | kept
    recipient.version += 1
    follow_names(session, recipient, shown_before=shown_before)
