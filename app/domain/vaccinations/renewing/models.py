"""Whose proofs are to be made anew."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base


class ProofRenewal(Base):
    """A person whose proofs were withdrawn and are to be made anew; gone once that is done.

    `tells`: a mail is owed, since something that was valid no longer is. `attempts` counts those that broke.
    """

    __tablename__ = "proof_renewal"

    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("recipient.id"), primary_key=True)
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    tells: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
