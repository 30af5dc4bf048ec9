"""A person's own record, as that person may see it: the one door of the recipient portal."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import NotFound
from app.domain.organizations.models import Organization
from app.domain.recipients.models import Recipient


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """The record and the name of the employer that is on it ("" where there is none)."""

    recipient: Recipient
    employer: str


def own_record(session: Session, actor: Actor, recipient_id: UUID) -> OwnRecord:
    """The record of the person who acts. Raises NotFound for everybody else's.

    Where two records were found to be the same person, it is the one that was kept.
    """
    recipient = own_recipient(session, actor, recipient_id, Permission.VIEW_OWN_RECORD)
    employer = session.get(Organization, recipient.organization_id) if recipient.organization_id else None
    return OwnRecord(recipient, employer.name if employer else "")


def registered_recipient(session: Session, recipient_id: UUID) -> Recipient | None:
    """The person to whom a job writes about the registration; None where there is none. For jobs only."""
    found = session.get(Recipient, recipient_id)
    return found if found is not None and found.registered_at is not None else None


def own_recipient(
    session: Session, actor: Actor, recipient_id: UUID, permission: Permission, *, to_change: bool = False
) -> Recipient:
    """The same without the employer; `to_change` holds others off until this transaction ends."""
    actor.require(permission, at=recipient_id)
    wanted: UUID | None = recipient_id
    while wanted:
        found = session.get(Recipient, wanted, with_for_update=to_change or None)
        if found is None:
            break
        if found.merged_into_id is None:
            return found
        wanted = found.merged_into_id
    raise NotFound
