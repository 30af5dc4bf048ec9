"""Paused forms and texts that a lost session left behind."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.crypto import EncryptedJson
from app.infra.db import Base, new_id


class Draft(Base):
    """What somebody typed into one form so far. One per account, kind and subject."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("account_id", "kind", "subject_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID]
    step: Mapped[str] = mapped_column(String(40))
    data: Mapped[Any] = mapped_column(EncryptedJson)
    updated_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
