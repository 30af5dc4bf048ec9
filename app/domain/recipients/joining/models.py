"""Who asked to be let in, and by what proof."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, new_id

_WAITS = text("possible_id IS NOT NULL AND decided_at IS NULL")


class SelfRegistration(Base):
    """Somebody registers without an invitation. `confirmed_at`: the mail's link was followed, the account made.

    `recipient_id` is the record it led to. `possible_id` is a record on file that looks like the same person but has
    another address: nobody but staff may know of it, until whoever reads that other mailbox says so (`decision`: same,
    other; `decided_by_id` None: by the link in the mail to it).
    """

    __tablename__ = "self_registration"
    __table_args__ = (
        Index("ix_self_registration_waits", "id", sqlite_where=_WAITS, postgresql_where=_WAITS),
        Index(None, "asked_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    first_name: Mapped[str] = mapped_column(String(40))
    last_name: Mapped[str] = mapped_column(String(80))
    birth_date: Mapped[date]
    email: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(5), default="en")
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    recipient_id: Mapped[UUID | None] = mapped_column(ForeignKey("recipient.id"), index=True)
    possible_id: Mapped[UUID | None] = mapped_column(ForeignKey("recipient.id"))
    decision: Mapped[str] = mapped_column(String(10), default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None]


class EmailChange(Base):
    """A person gave another e-mail address; it counts once a mail to it was answered. The latest one asked for counts.

    `account_id` is who asked: that account's mailbox moves along when it was the old address.
    """

    __tablename__ = "email_change"
    __table_args__ = (Index(None, "recipient_id", "id"), Index(None, "account_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("recipient.id"))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    email: Mapped[str] = mapped_column(String(254))
    old_email: Mapped[str] = mapped_column(String(254), default="")
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    confirmed: Mapped[bool] = mapped_column(default=False)


class AccessCode(Base):
    """A code on paper with which a person sets a password, once. Only its hash is kept.

    `document` is what the clinic looked at before it printed the sheet.
    """

    __tablename__ = "access_code"
    __table_args__ = (Index(None, "recipient_id", "made_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("recipient.id"))
    place_id: Mapped[UUID | None]
    document: Mapped[str] = mapped_column(String(30))
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID | None]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
