"""What people are found by, beyond the columns of their records."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base
from app.infra.search import folded_text


class NameWord(Base):
    """A later word of a name of several words: `lopez` of Garcia-Lopez, `maria` of Ana Maria.

    `names` is last and first name, folded, so that other words are looked for without reading the record.
    """

    __tablename__ = "recipient_name_word"
    __table_args__ = (Index(None, "recipient_id"),)

    word: Mapped[str] = mapped_column(folded_text(80), primary_key=True)
    names: Mapped[str] = mapped_column(folded_text(250), primary_key=True)
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("recipient.id"), primary_key=True)
