"""What is announced on the pages, and who made the program rest when."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.infra import ddl
from app.infra.db import Base, new_id


class Notice(Base):
    """Something that everybody in some portals should know; kind: notice or downtime. Never edited: cancelled, made anew.

    It is shown from `shown_from` until `ends_at`; what it is about begins at `starts_at`. `read_only`: in that time nothing
    can be changed in any portal. `portals` are codes of PORTALS. Mails go out from `mail_at` on (None: none), to accounts in
    the order of their ids, `mail_through` being the last one that was written to.
    """

    __tablename__ = "notice"
    __table_args__ = (Index(None, "ends_at"), Index(None, "mail_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(String(1000))
    title_es: Mapped[str] = mapped_column(String(120), default="")
    text_es: Mapped[str] = mapped_column(String(1000), default="")
    portals: Mapped[list[Any]] = mapped_column(JSON)
    shown_from: Mapped[datetime]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    read_only: Mapped[bool] = mapped_column(default=False)
    mail_at: Mapped[datetime | None]
    mail_through: Mapped[UUID | None]
    mail_done_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_by_id: Mapped[UUID | None]


class ReadOnlySwitch(Base):
    """Somebody made the program read-only at once, or let it be changed again. The latest one counts."""

    __tablename__ = "read_only_switch"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    on: Mapped[bool]
    because: Mapped[str] = mapped_column(String(255), default="")
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID | None]


ddl.append_only(ReadOnlySwitch.__tablename__)
