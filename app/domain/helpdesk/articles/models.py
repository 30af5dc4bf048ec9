"""What readers thought of articles."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, new_id


class ArticleVote(Base):
    """One reader found one version of an article helpful, or not. It does not say who."""

    __tablename__ = "help_article_vote"
    __table_args__ = (Index(None, "slug", "language", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(5))
    version: Mapped[int]
    is_helpful: Mapped[bool]
    at: Mapped[datetime]
