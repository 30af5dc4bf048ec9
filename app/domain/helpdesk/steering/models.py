"""Changes of the help desk's data, and the rules by which requests find a team."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.infra import ddl
from app.infra.db import Base, new_id


class DataChange(Base):
    """One change of one noun: what it was (empty: it was made) and what it became. Never changed itself."""

    __tablename__ = "help_data_change"
    __table_args__ = (Index(None, "subject_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime]
    by_id: Mapped[UUID | None]
    noun: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[UUID]
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Route(Base):
    """To which team requests go, other than their type says. Empty conditions fit all; the closest rule wins.

    `request_type_id` None: every type of the audience. `priority` None: that of the type.
    """

    __tablename__ = "help_route"
    __table_args__ = (Index(None, "audience", "effective_from"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    audience: Mapped[str] = mapped_column(String(12))
    request_type_id: Mapped[UUID | None] = mapped_column(ForeignKey("help_request_type.id"))
    language: Mapped[str] = mapped_column(String(5), default="")
    team_id: Mapped[UUID] = mapped_column(ForeignKey("help_team.id"))
    priority: Mapped[int | None]
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]


ddl.append_only(DataChange.__tablename__)
