"""Screens that act by themselves."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.crypto import EncryptedJson
from app.infra.db import Base, new_id

IS_OFFERED = text("code_hash IS NOT NULL")


class KioskDevice(Base):
    """A shared screen of one location, from the moment a manager makes a code for it. `location_id` is of a higher area.

    While it waits for its screen, `code` is what the manager reads out (encrypted) and `code_hash` finds it. From the
    pairing on, the screen's cookie holds a token and the row its hash. `misses`: wrong tries in a row on its pages.
    """

    __tablename__ = "kiosk_device"
    __table_args__ = (
        Index(None, "location_id", "id"),
        Index("uq_kiosk_device_code", "code_hash", unique=True, sqlite_where=IS_OFFERED, postgresql_where=IS_OFFERED),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    location_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID | None]
    code: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)
    code_hash: Mapped[str | None] = mapped_column(String(64))
    code_until: Mapped[datetime]
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    paired_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[UUID | None]
    misses: Mapped[int] = mapped_column(default=0)
    missed_at: Mapped[datetime | None]
