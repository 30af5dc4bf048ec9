"""The account with which a person opens their own record."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.accounts.access import Role
from app.domain.accounts.models import Account, Grant
from app.domain.recipients.records import one_person


def account_of_recipient(session: Session, recipient_id: UUID) -> Account | None:
    """The person's own open account, by any record of theirs, the latest where there are several; no guardian's."""
    return session.scalars(
        select(Account)
        .options(selectinload(Account.grants), selectinload(Account.names))
        .join(Grant, Grant.account_id == Account.id)
        .where(Grant.role == Role.RECIPIENT.value, Grant.scope_id.in_(one_person(recipient_id)), Grant.ended_at.is_(None))
        .where(Account.closed_at.is_(None), Account.password_hash.is_not(None))
        .order_by(Account.id.desc())
    ).first()
