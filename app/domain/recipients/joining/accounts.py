"""The account with which a person opens their own record."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.accounts.access import Role
from app.domain.accounts.models import Account, Grant


def account_of_recipient(session: Session, recipient_id: UUID) -> Account | None:
    """The person's own open account, the latest where there are several; a guardian's is not it."""
    return session.scalars(
        select(Account)
        .options(selectinload(Account.grants), selectinload(Account.names))
        .join(Grant, Grant.account_id == Account.id)
        .where(Grant.role == Role.RECIPIENT.value, Grant.scope_id == recipient_id, Grant.ended_at.is_(None))
        .where(Account.closed_at.is_(None), Account.password_hash.is_not(None))
        .order_by(Account.id.desc())
    ).first()
