"""Another e-mail address counts once its owner has answered a mail; until then mails go to the one before."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.accounts import invitations
from app.domain.accounts.access import Actor, Permission, Role
from app.domain.accounts.models import Account, MailLink
from app.domain.accounts.names import fold_name
from app.domain.recipients.closing.close_record import may_be_mailed
from app.domain.recipients.joining.models import EmailChange
from app.domain.recipients.models import Recipient
from app.domain.recipients.own_record import own_recipient
from app.domain.recipients.records import one_person, records_of
from app.infra import audit, outbox

PURPOSE = "email-change"
LINK_LASTS = timedelta(days=7)
NOT_TWICE_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class ChangeToMail:
    """A change of address and the person it is about."""

    change: EmailChange
    recipient: Recipient


def ask_to_change_email(session: Session, actor: Actor, recipient: Recipient, wanted: str, *, now: datetime) -> str:
    """The address to keep in the record now: the old one, until the new one is confirmed by the mail sent here.

    To have none any more needs no confirmation. The old address is told of either.
    """
    old = recipient.email or ""
    if fold_name(wanted) == fold_name(old):
        return old
    waiting = pending_change(session, recipient.id)
    if wanted and waiting and fold_name(waiting.email) == fold_name(wanted) and _is_fresh(waiting, now):
        return old
    _drop(session, recipient.id, now)
    made = EmailChange(
        recipient_id=recipient.id, email=wanted, old_email=old, asked_at=now, done_at=None if wanted else now,
        account_id=actor.id if actor.kind == "person" else None,
    )  # fmt: skip
    session.add(made)
    session.flush()
    if wanted:
        outbox.publish(session, "recipients.email_asked", now=now, about=made.id, change_id=str(made.id))
    if old:
        outbox.publish(session, "recipients.email_changing", now=now, about=made.id, change_id=str(made.id))
    return old if wanted else ""


def ask_to_confirm_email(session: Session, actor: Actor, recipient: Recipient, *, now: datetime) -> str | None:
    """Mail a link to the address on record, which somebody else may have typed; None where there is none, or lately."""
    waiting = pending_change(session, recipient.id)
    if not recipient.email or (waiting and _is_fresh(waiting, now)):
        return recipient.email
    _drop(session, recipient.id, now)
    made = EmailChange(
        recipient_id=recipient.id, email=recipient.email, asked_at=now,
        account_id=actor.id if actor.kind == "person" else None,
    )  # fmt: skip
    session.add(made)
    session.flush()
    outbox.publish(session, "recipients.email_asked", now=now, about=made.id, change_id=str(made.id))
    return recipient.email


def forget_new_email(session: Session, actor: Actor, recipient_id: UUID, *, now: datetime) -> None:
    """The address that waits to be confirmed was mistyped, or is not wanted: the link in the mail to it opens nothing more.

    Raises NotFound for everybody else's record.
    """
    recipient = own_recipient(session, actor, recipient_id, Permission.EDIT_OWN_RECORD, to_change=True)
    if pending_change(session, recipient.id) is None:
        return
    _drop(session, recipient.id, now)
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="recipient.new_email_forgotten",
        subject_kind="recipient", subject_id=recipient.id, now=now,
    )  # fmt: skip


def pending_change(session: Session, recipient_id: UUID) -> EmailChange | None:
    """The new address that waits to be confirmed. The caller came through the door to the record."""
    mine = EmailChange.recipient_id.in_(one_person(recipient_id))
    query = select(EmailChange).where(mine, EmailChange.done_at.is_(None))
    return session.scalars(query.order_by(EmailChange.id.desc()).limit(1)).first()


def change_to_mail(session: Session, change_id: UUID) -> ChangeToMail | None:
    """For the jobs that write to both addresses; None where the person has died."""
    change = session.get(EmailChange, change_id)
    if change is None or not may_be_mailed(session, change.recipient_id):
        return None
    return ChangeToMail(change, session.get_one(Recipient, change.recipient_id))


def open_change(session: Session, token: str, *, now: datetime) -> tuple[EmailChange, MailLink]:
    """The change behind a link. Raises LinkUnknown, LinkUsed (also where another address was given since), LinkExpired."""
    link = invitations.open_link(session, PURPOSE, token, now=now)
    change = session.get(EmailChange, link.subject_id)
    if change is None or change.done_at is not None:
        raise invitations.LinkUsed
    return change, link


def confirm_email(session: Session, change: EmailChange, link: MailLink, *, now: datetime) -> Recipient:
    """The new address is read by somebody: from now on it is the record's. Raises LinkUsed."""
    invitations.take_link(session, link, now=now)
    recipient = session.get_one(Recipient, change.recipient_id, with_for_update=True)
    while recipient.merged_into_id is not None:
        recipient = session.get_one(Recipient, recipient.merged_into_id, with_for_update=True)
    old = recipient.email_folded
    recipient.email, recipient.email_folded = change.email, fold_name(change.email)
    recipient.version += 1
    change.done_at, change.confirmed = now, True
    account = session.get(Account, change.account_id) if change.account_id else None
    if account is not None and _is_own(account, records_of(session, [recipient.id])) and account.email_folded in (None, old):
        account.email, account.email_folded = change.email, fold_name(change.email)
    audit.record(
        session, actor_kind="link", actor_id=link.id, act="recipient.email_confirmed", subject_kind="recipient",
        subject_id=recipient.id, now=now,
    )  # fmt: skip
    session.flush()
    return recipient


def _is_own(account: Account, records: Container[UUID]) -> bool:
    """False for a guardian's account, whose mailbox does not follow the child's."""
    return any(
        grant.role == Role.RECIPIENT.value and grant.scope_id in records and grant.ended_at is None
        for grant in account.grants
    )


def _is_fresh(change: EmailChange, now: datetime) -> bool:
    return now - change.asked_at < NOT_TWICE_WITHIN


def _drop(session: Session, recipient_id: UUID, now: datetime) -> None:
    session.execute(
        update(EmailChange)
        .where(EmailChange.recipient_id.in_(one_person(recipient_id)), EmailChange.done_at.is_(None))
        .values(done_at=now)
        .execution_options(synchronize_session="fetch")
    )
