"""Forms that were carried out: a double click, a retry and a replay get the answer of the first."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.accounts.models import RequestKey
from app.infra.db import Database

KEPT = timedelta(days=2)


def find_answer(session: Session, key: str, account_id: UUID | None) -> str | None:
    """Where the first sending of this form led to; None when it was not carried out."""
    found = session.get(RequestKey, key)
    return found.answer_url if found is not None and found.account_id == account_id and found.answer_url else None


def claim(session: Session, key: str, account_id: UUID | None, *, now: datetime) -> bool:
    """Take the key as the first act of the transaction under way. False when it was taken before (this one is over then)."""
    session.add(RequestKey(key=key, account_id=account_id, made_at=now))
    try:
        session.flush()
    except IntegrityError:
        session.rollback()
        return False
    return True


def note_answer(session: Session, key: str, url: str) -> None:
    """Remember where the form led to; without an address the key is given back."""
    this = RequestKey.key == key
    noted = update(RequestKey).values(answer_url=url[:500]) if url else delete(RequestKey)
    session.execute(noted.where(this), execution_options={"synchronize_session": False})


def sweep(database: Database, *, now: datetime) -> None:
    """Forget keys older than two days."""
    with database.transaction() as session:
        session.execute(delete(RequestKey).where(RequestKey.made_at < now - KEPT))
