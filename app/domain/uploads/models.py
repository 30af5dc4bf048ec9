"""An uploaded workbook, its rows and their fate. Knows nothing of what the rows mean."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.crypto import EncryptedJson
from app.infra.db import Base, new_id

HAS_HELD = text("held_count > 0")


class Upload(Base):
    """One file that was taken: every row of it has, or will have, a recorded fate.

    status: waiting -> working -> done, or failed (the sentence is in `trouble`).
    `next_row` is the number of the first sheet row not yet settled, so that a killed worker goes on there.
    """

    __tablename__ = "upload"
    __table_args__ = (
        Index(None, "scope_id", "id"),
        Index(None, "status", "leased_until"),
        Index("ix_upload_held", "scope_kind", "id", sqlite_where=HAS_HELD, postgresql_where=HAS_HELD),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(20), default="recipients")
    scope_kind: Mapped[str] = mapped_column(String(20))
    scope_id: Mapped[UUID]
    filename: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    storage_key: Mapped[str] = mapped_column(String(80))
    sent_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    sent_at: Mapped[datetime]
    attested_name: Mapped[str] = mapped_column(String(120))
    attestation: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(10), default="waiting")
    trouble: Mapped[str | None] = mapped_column(String(300))
    rows_total: Mapped[int] = mapped_column(default=0)
    rows_settled: Mapped[int] = mapped_column(default=0)
    created_count: Mapped[int] = mapped_column(default=0)
    present_count: Mapped[int] = mapped_column(default=0)
    held_count: Mapped[int] = mapped_column(default=0)
    mistaken_count: Mapped[int] = mapped_column(default=0)
    next_row: Mapped[int] = mapped_column(default=0)
    failed_tries: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    @property
    def is_final(self) -> bool:
        """True when nothing more happens to its rows by itself."""
        return self.status in {"done", "failed"}

    @property
    def accepted_count(self) -> int:
        """People who were taken. For an organization those held are among them: it never learns who was known."""
        sure = self.created_count + self.present_count
        return sure + self.held_count if self.scope_kind == "organization" else sure


class UploadRow(Base):
    """The fate of one row: created, present (was there already), held (a person decides) or mistaken.

    `cells` are the texts as sent, kept where somebody must see them again; `mistakes` are [address, column, message].
    """

    __tablename__ = "upload_row"
    __table_args__ = (Index(None, "upload_id", "number", unique=True), Index(None, "upload_id", "fate", "number"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    upload_id: Mapped[UUID] = mapped_column(ForeignKey("upload.id"))
    number: Mapped[int]
    fate: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[UUID | None] = mapped_column(index=True)
    cells: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)
    mistakes: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)
    settled_at: Mapped[datetime]
    decided_by_id: Mapped[UUID | None]
