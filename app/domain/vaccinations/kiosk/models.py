"""What a kiosk holds for the person before it, and whom it sent to the desk."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.crypto import EncryptedJson
from app.infra.db import Base, new_id

WAITS = text("taken_at IS NULL")


class KioskTurn(Base):
    """The person before a kiosk: one at a time, for a minute or two. The screen's cookie holds the token.

    state: again (look once more at what was typed), confirm, done, already (checked in before), desk.
    `held`: what was typed and which parts are wrong; or the ticket of the person found and the name to be shown.
    """

    __tablename__ = "kiosk_turn"

    device_id: Mapped[UUID] = mapped_column(ForeignKey("kiosk_device.id"), primary_key=True)
    token: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(8))
    held: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)
    number: Mapped[int] = mapped_column(default=0)
    until: Mapped[datetime] = mapped_column(index=True)


class DeskCall(Base):
    """Somebody whom a kiosk sent to the desk, by a number that is counted for each location and day.

    reason: tries (three wrong ones), unknown (a code that we do not know), several, closed, vaccinated (today already), throttled, asked, or kept (told while the
    line was down, and fits nobody).
    """

    __tablename__ = "desk_call"
    __table_args__ = (
        UniqueConstraint("location_id", "day", "number"),
        Index("ix_desk_call_waits", "location_id", "day", sqlite_where=WAITS, postgresql_where=WAITS),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    location_id: Mapped[UUID] = mapped_column(ForeignKey("location.id"))
    device_id: Mapped[UUID] = mapped_column(ForeignKey("kiosk_device.id"))
    day: Mapped[date]
    number: Mapped[int]
    reason: Mapped[str] = mapped_column(String(12))
    called_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    taken_by_id: Mapped[UUID | None]
