"""Which records were found to be of one person, by whom, and what was decided about pairs that look alike."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.crypto import EncryptedJson
from app.infra.db import Base, new_id

_LIVE = text("undone_at IS NULL")
_WAITS = text("decision = ''")


class Merge(Base):
    """Two records were joined: `other_id` reads as `kept_id` from then on, until it is undone.

    `how`: staff, mailbox (whoever reads the mailbox on record said so), guardian, earlier (before there was this table).
    `changes` is all that undoing needs, sealed: `fields` (column: before, after), `grants` that were ended,
    `listings` that were added, `closures` that were taken back.
    """

    __tablename__ = "recipient_merge"
    __table_args__ = (
        Index("uq_recipient_merge_live", "other_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index(None, "kept_id"),
        Index(None, "other_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kept_id: Mapped[UUID] = mapped_column(ForeignKey("recipient.id"))
    other_id: Mapped[UUID] = mapped_column(ForeignKey("recipient.id"))
    how: Mapped[str] = mapped_column(String(10))
    merged_at: Mapped[datetime]
    merged_by_id: Mapped[UUID | None]
    changes: Mapped[Any] = mapped_column(EncryptedJson)
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[UUID | None]
    undone_because: Mapped[str] = mapped_column(String(255), default="")


class ClosePair(Base):
    """Two kept records that may be one person; `left_id` is the older one.

    `agreement` says of each detail how it agrees (likeness.likeness), `points` how alike they are. `decision`: "" it
    waits (not before `not_before`), same, other. Two that were told apart are asked about again only where the
    agreement has changed since.
    """

    __tablename__ = "close_pair"
    __table_args__ = (
        UniqueConstraint("left_id", "right_id"),
        Index("ix_close_pair_waits", "points", "id", sqlite_where=_WAITS, postgresql_where=_WAITS),
        Index(None, "right_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    left_id: Mapped[UUID] = mapped_column(ForeignKey("recipient.id"))
    right_id: Mapped[UUID] = mapped_column(ForeignKey("recipient.id"))
    points: Mapped[int]
    agreement: Mapped[dict[str, str]] = mapped_column(JSON)
    found_at: Mapped[datetime]
    not_before: Mapped[date | None]
    decision: Mapped[str] = mapped_column(String(10), default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None]


class ToCompare(Base):
    """A record whose details changed: the next look for pairs takes it up and deletes this."""

    __tablename__ = "recipient_to_compare"

    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("recipient.id"), primary_key=True)


class PairSearch(Base):
    """How far the look for pairs among new records has come; one row."""

    __tablename__ = "pair_search"

    id: Mapped[int] = mapped_column(primary_key=True)
    through_id: Mapped[UUID]
