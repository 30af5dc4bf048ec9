"""Records that are closed because the person has died."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, new_id

_LIVE = text("undone_at IS NULL")


class RecordClosure(Base):
    """Somebody has died: nobody is mailed about the record any more. Undone with a reason, never deleted.

    `place_id` is the clinic that closed it; None for staff of the state.
    """

    __tablename__ = "record_closure"
    __table_args__ = (
        Index("uq_record_closure_live", "recipient_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("recipient.id"))
    died_on: Mapped[date]
    closed_at: Mapped[datetime]
    closed_by_id: Mapped[UUID | None]
    place_id: Mapped[UUID | None]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[UUID | None]
    undone_because: Mapped[str] = mapped_column(String(255), default="")
