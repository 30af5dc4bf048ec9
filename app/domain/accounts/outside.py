"""Identities at an outside provider (OpenID Connect), linked to accounts: issuer and subject together name a person.

Nothing is linked by an e-mail address: mailboxes are shared and typed wrongly. Whoever links shows the account's own
password, and its second factor where it has one.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.accounts.models import Account, OutsideIdentity
from app.domain.accounts.sessions import load_account
from app.domain.errors import NotFound, Refusal
from app.infra import audit, outbox


class LinkedElsewhere(Refusal):
    """This identity belongs to another account here."""


def find_linked_account(session: Session, issuer: str, subject: str) -> Account | None:
    """The open account to which this identity was linked."""
    account_id = session.scalar(
        select(OutsideIdentity.account_id).where(OutsideIdentity.issuer == issuer, OutsideIdentity.subject == subject)
    )
    return load_account(session, account_id) if account_id else None


def link_identity(session: Session, account: Account, issuer: str, subject: str, *, now: datetime) -> None:
    """From now on this identity signs the account in. Raises LinkedElsewhere; linking twice is linking once."""
    existing = session.scalar(
        select(OutsideIdentity).where(OutsideIdentity.issuer == issuer, OutsideIdentity.subject == subject)
    )
    if existing is not None:
        if existing.account_id != account.id:
            raise LinkedElsewhere
        return
    session.add(OutsideIdentity(account_id=account.id, issuer=issuer, subject=subject, linked_at=now))
    session.flush()
    _tell(session, account, "linked", now=now)


def identities_of(session: Session, account_id: UUID) -> list[OutsideIdentity]:
    """Who the account is elsewhere, oldest first."""
    query = select(OutsideIdentity).where(OutsideIdentity.account_id == account_id)
    return list(session.scalars(query.order_by(OutsideIdentity.id)))


def unlink_identity(session: Session, account: Account, identity_id: UUID, *, now: datetime) -> None:
    """This identity signs nobody in any more. Raises NotFound for another account's."""
    mine = (OutsideIdentity.id == identity_id, OutsideIdentity.account_id == account.id)
    if session.execute(delete(OutsideIdentity).where(*mine).returning(OutsideIdentity.id)).first() is None:
        raise NotFound
    _tell(session, account, "unlinked", now=now)


def _tell(session: Session, account: Account, change: str, *, now: datetime) -> None:
    """Log it, and mail the owner, who may not have been the one."""
    if account.email:
        outbox.publish(
            session, "accounts.outside_identity", now=now, about=account.id, account_id=str(account.id), change=change
        )
    audit.record(
        session, actor_kind="person", actor_id=account.id, act="account.outside_identity", subject_kind="account",
        subject_id=account.id, now=now, change=change,
    )  # fmt: skip
