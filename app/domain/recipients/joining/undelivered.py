"""Invitations that cannot arrive, for those who caused them: send again, or to a corrected address.

An organization sees those of records that its own upload made, and nothing of people whom somebody else had invited.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission, Role
from app.domain.accounts.models import Invitation
from app.domain.accounts.names import fold_name
from app.domain.errors import NotFound
from app.domain.recipients.models import Listing, Recipient
from app.infra import audit, outbox
from app.infra.outbox import OutboxMessage
from app.infra.paging import Slice, pack, unpack

_MAY = {"organization": Permission.UPLOAD_PEOPLE, "location": Permission.UPLOAD_RECIPIENTS}


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A mail that failed, the invitation that it carried, and the name under which the place knows the person."""

    message_id: UUID
    invitation: Invitation
    recipient: Recipient
    name: str


@dataclass(frozen=True, slots=True)
class SendAgain:
    """Send the invitation of a failed mail again. `scope_kind` is `location` or `organization`."""

    scope_kind: str
    scope_id: UUID
    message_id: UUID
    email: str


def undelivered_visible_to(
    actor: Actor, scope_kind: str, scope_id: UUID
) -> Select[UUID, Invitation, Recipient, Listing]:
    """The one door. Raises NotFound, NotAllowed."""
    actor.require(_MAY[scope_kind], at=scope_id)
    query = (
        select(OutboxMessage.id, Invitation, Recipient, Listing)
        .join(Invitation, Invitation.id == OutboxMessage.about_id)
        .join(Recipient, Recipient.id == Invitation.scope_id)
        .join(Listing, Listing.recipient_id == Recipient.id)
        .where(OutboxMessage.status == "failed", OutboxMessage.kind == "accounts.invited")
        .where(Invitation.role == Role.RECIPIENT.value)
        .where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
        .where(Listing.scope_id == scope_id, Listing.scope_kind == scope_kind, Listing.how == "upload")
    )
    return query.where(Recipient.organization_id == scope_id) if scope_kind == "organization" else query


def list_undelivered(
    session: Session, actor: Actor, scope_kind: str, scope_id: UUID, *, after: str | None = None, size: int = 50
) -> Slice[Undelivered]:
    """The oldest first, one query."""
    query = undelivered_visible_to(actor, scope_kind, scope_id)
    key = unpack(after, 1)
    try:
        query = query.where(OutboxMessage.id > UUID(key[0])) if key else query
    except ValueError:
        key = None
    rows = session.execute(query.order_by(OutboxMessage.id).limit(size + 1)).all()
    found = [_undelivered(*row) for row in rows[:size]]
    return Slice(found, pack(found[-1].message_id) if len(rows) > size else None)


def get_undelivered(session: Session, actor: Actor, scope_kind: str, scope_id: UUID, message_id: UUID) -> Undelivered:
    """One of them. Raises NotFound, also once it was sent again."""
    query = undelivered_visible_to(actor, scope_kind, scope_id).where(OutboxMessage.id == message_id)
    row = session.execute(query).first()
    if row is None:
        raise NotFound(message_id)
    return _undelivered(*row)


def send_again(session: Session, actor: Actor, command: SendAgain, *, now: datetime) -> None:
    """To the same address or a corrected one, which the record gets, too, while it has the wrong one. Raises NotFound."""
    found = get_undelivered(session, actor, command.scope_kind, command.scope_id, command.message_id)
    invitation, recipient, wrong = found.invitation, found.recipient, found.invitation.email_folded
    invitation.email, invitation.email_folded = command.email, fold_name(command.email)
    if recipient.registered_at is None and recipient.email_folded == wrong:
        recipient.email, recipient.email_folded = command.email, fold_name(command.email)
    outbox.send_again(session, command.message_id, now=now)
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="account.invited_again", subject_kind="recipient",
        subject_id=recipient.id, place_id=command.scope_id, now=now, corrected=invitation.email_folded != wrong,
    )  # fmt: skip
    session.flush()


def _undelivered(message_id: UUID, invitation: Invitation, recipient: Recipient, listing: Listing) -> Undelivered:
    name = listing.sent_name or f"{recipient.first_name} {recipient.last_name}"
    return Undelivered(message_id, invitation, recipient, name)
