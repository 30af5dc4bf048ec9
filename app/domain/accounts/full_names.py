"""Whose names stand in a history: the people behind account ids."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.models import Account


def full_names(session: Session, ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """First and last name by account id, in one query; ids of nobody are missing."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    rows = session.execute(select(Account.id, Account.first_name, Account.last_name).where(Account.id.in_(wanted)))
    return {row.id: f"{row.first_name} {row.last_name}".strip() for row in rows}
