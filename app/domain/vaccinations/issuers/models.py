"""What was decided about other issuers of health cards."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from app.infra import ddl
from app.infra.db import Base, new_id


class IssuerChange(Base):
    """A decision about another issuer, never changed. kind: trusted, changed (name or keys), ended.

    `keys` are the names (kid) of those that hold from then on. The issuer itself is gone once trust has ended.
    """

    __tablename__ = "issuer_change"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    url: Mapped[str] = mapped_column(String(200), index=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(10))
    keys: Mapped[Any] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(255), default="")
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID | None]


ddl.append_only(IssuerChange.__tablename__)
