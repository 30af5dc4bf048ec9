"""Who acts for whom."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, new_id

_LIVE = text("ended_at IS NULL")
_UNDECIDED = text("possible_id IS NOT NULL AND decided_at IS NULL")


class Guardianship(Base):
    """A parent or guardian acts for a dependant. It ends; it is never deleted.

    `until` is the moment at which the dependant is of age. `possible_id` is a record on file that looks like the
    dependant's: nobody but staff may know of it, who decide (`decision`: same, other). `consent_text` is the edition of
    what was agreed to. `ended_why`: adult, own wish, staff; `ended_because` is the reason that staff gave.
    """

    __tablename__ = "guardianship"
    __table_args__ = (
        Index(
            "uq_guardianship_live",
            "account_id",
            "dependant_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_guardianship_undecided", "id", sqlite_where=_UNDECIDED, postgresql_where=_UNDECIDED),
        Index("ix_guardianship_ends", "until", sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index(None, "dependant_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    guardian_id: Mapped[UUID] = mapped_column(ForeignKey("recipient.id"))
    dependant_id: Mapped[UUID] = mapped_column(ForeignKey("recipient.id"))
    relation: Mapped[str] = mapped_column(String(20))
    since: Mapped[datetime]
    until: Mapped[datetime]
    consent_text: Mapped[str] = mapped_column(String(20), default="")
    consented_at: Mapped[datetime | None]
    consent_withdrawn_at: Mapped[datetime | None]
    possible_id: Mapped[UUID | None] = mapped_column(ForeignKey("recipient.id"))
    decision: Mapped[str] = mapped_column(String(10), default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str] = mapped_column(String(20), default="")
    ended_because: Mapped[str] = mapped_column(String(255), default="")
    ended_by_id: Mapped[UUID | None]

    @property
    def has_consent(self) -> bool:
        """True when the guardian has agreed and did not take it back."""
        return self.consented_at is not None and self.consent_withdrawn_at is None

    def is_live(self, now: datetime) -> bool:
        """True while the guardian may act."""
        return self.ended_at is None and now < self.until
