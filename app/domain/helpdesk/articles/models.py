"""Articles as supervisors wrote them, and what readers thought of articles."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.infra import ddl
from app.infra.db import Base, new_id


class ArticleVersion(Base):
    """One version of an article that was written here, after the one that came as a file. Never changed.

    The newest version is the article. `is_hidden`: from this version on it is not shown.
    """

    __tablename__ = "help_article_version"
    __table_args__ = (UniqueConstraint("slug", "language", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(5))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    audience: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(10))
    keywords: Mapped[str] = mapped_column(String(500), default="")
    page: Mapped[str] = mapped_column(String(80), default="")
    text: Mapped[str] = mapped_column(Text)
    is_hidden: Mapped[bool] = mapped_column(default=False)
    written_at: Mapped[datetime]
    written_by_id: Mapped[UUID | None]


ddl.append_only(ArticleVersion.__tablename__)


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
