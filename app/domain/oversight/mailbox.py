"""An account for the mail about it, also when it was closed. For jobs only."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.accounts.models import Account


def account_even_closed(session: Session, account_id: UUID) -> Account | None:
    """The account with its names and roles."""
    return session.scalar(
        select(Account)
        .options(selectinload(Account.names), selectinload(Account.grants))
        .where(Account.id == account_id)
    )
