"""Which reminders went out, who wants none, and how far the day's round has come."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, new_id

_LIVE = text("resumed_at IS NULL")


class ReminderSent(Base):
    """Somebody was reminded of a dose. `step` is the place of that dose in the series; kind: due, overdue."""

    __tablename__ = "reminder_sent"
    __table_args__ = (UniqueConstraint("recipient_id", "step", "kind"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("recipient.id"))
    step: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    made_at: Mapped[datetime]


class ReminderStop(Base):
    """Somebody wants no reminders, until they want them again. `how`: page, or mail (the link in a reminder)."""

    __tablename__ = "reminder_stop"
    __table_args__ = (
        Index("uq_reminder_stop_live", "recipient_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("recipient.id"))
    stopped_at: Mapped[datetime]
    how: Mapped[str] = mapped_column(String(10))
    resumed_at: Mapped[datetime | None]


class ReminderRound(Base):
    """The reminders of a local day: `through_…` name the last dose that was looked at."""

    __tablename__ = "reminder_round"

    day: Mapped[date] = mapped_column(primary_key=True)
    through_on: Mapped[date | None]
    through_product_id: Mapped[UUID | None]
    through_id: Mapped[UUID | None]
    finished_at: Mapped[datetime | None]
