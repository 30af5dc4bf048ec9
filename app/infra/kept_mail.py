"""Mails of an installation without a mail server."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.infra.db import Base, new_id


class KeptMail(Base):
    """One mail as it would have been sent."""

    __tablename__ = "kept_mail"
    __table_args__ = (Index(None, "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    message_id: Mapped[str] = mapped_column(String(80), unique=True)
    at: Mapped[datetime]
    to: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(255))
    text: Mapped[str] = mapped_column(Text)


def latest_mails(session: Session, limit: int = 50) -> list[KeptMail]:
    """The newest mails first."""
    return list(session.scalars(select(KeptMail).order_by(KeptMail.at.desc(), KeptMail.id.desc()).limit(limit)))
