"""Who read or changed what about whom: plain ids, append-only. Rules never decide from it; pages may show it.

A change is written in the transaction that makes it. A read, and anything else that must survive a rollback, is
written in a short transaction of its own.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.infra import ddl
from app.infra.db import Base, Database, new_id


class AuditEntry(Base):
    """One act. `facts` holds ids, field names and counts, never values of a person's record."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index(None, "subject_id", "at"),
        Index(None, "actor_id", "at"),
        Index(None, "act", "at", "id"),
        Index(None, "at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[UUID | None]
    act: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID | None]
    place_id: Mapped[UUID | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


ddl.append_only(AuditEntry.__tablename__)


def record(
    session: Session,
    *,
    actor_kind: str,
    actor_id: UUID | None,
    act: str,
    subject_kind: str,
    subject_id: UUID | None,
    now: datetime,
    place_id: UUID | None = None,
    **facts: Any,
) -> None:
    """Add an entry to the transaction under way."""
    session.add(
        AuditEntry(
            at=now, actor_kind=actor_kind, actor_id=actor_id, act=act, subject_kind=subject_kind,
            subject_id=subject_id, place_id=place_id, facts=facts,
        )
    )  # fmt: skip


def record_apart(database: Database, **entry: Any) -> None:
    """Add an entry in a transaction of its own, for what must be kept whatever happens to the caller's."""
    with database.transaction() as session:
        record(session, **entry)
