"""Cases, what was said in them, and the data by which they are sorted, answered and closed."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.infra import ddl
from app.infra.crypto import EncryptedJson
from app.infra.db import Base, new_id
from app.infra.search import TrigramIndex, WordStartIndex, folded_text

RUNNING = text("clock_on IS NOT NULL")
UNDER_WAY = text("status IN ('checking', 'running')")


class Team(Base):
    """Who answers together: a queue."""

    __tablename__ = "help_team"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(30), unique=True)
    name: Mapped[str] = mapped_column(String(80))


class RequestType(Base):
    """What a request can be about, per audience, and which team it goes to. `workbook`: an agent can run its file."""

    __tablename__ = "help_request_type"
    __table_args__ = (Index(None, "audience", "position"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    audience: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(120))
    name_es: Mapped[str] = mapped_column(String(120), default="")
    position: Mapped[int]
    team_id: Mapped[UUID] = mapped_column(ForeignKey("help_team.id"))
    priority: Mapped[int] = mapped_column(default=3)
    workbook: Mapped[str] = mapped_column(String(20), default="")
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]


class CaseRule(Base):
    """The days of the clocks, by the day from which they hold. All are calendar days in the program's zone."""

    __tablename__ = "help_case_rule"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    effective_from: Mapped[date] = mapped_column(unique=True)
    first_reminder_days: Mapped[int]
    second_reminder_days: Mapped[int]
    close_days: Mapped[int]
    reopen_days: Mapped[int]
    link_days: Mapped[int]


class Announcement(Base):
    """Something many would ask about, shown on the help desk's pages. `audience` empty: to everybody."""

    __tablename__ = "help_announcement"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    audience: Mapped[str] = mapped_column(String(12), default="")
    text: Mapped[str] = mapped_column(String(500))
    text_es: Mapped[str] = mapped_column(String(500), default="")
    shown_from: Mapped[datetime]
    shown_until: Mapped[datetime] = mapped_column(index=True)


class ReadyAnswer(Base):
    """A text that agents use often. `team_id` None: all teams."""

    __tablename__ = "help_ready_answer"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("help_team.id"))
    name: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(5), default="en")
    text: Mapped[str] = mapped_column(String(4000))
    effective_from: Mapped[date] = mapped_column(default=date(2020, 12, 1))
    effective_to: Mapped[date | None]


class Case(Base):
    """One request for help. audience: provider, organization or recipient; status as in `states.py`.

    `clock_on` is the local day since which the requester's answer is awaited (None: nobody waits for it), `reminded`
    how many reminders went out since. `reply_token` stands in the address that answers are mailed to: whoever has it
    can add to the case, and read nothing.
    """

    __tablename__ = "help_case"
    __table_args__ = (
        Index(None, "status", "team_id", "id"),
        Index(None, "requester_id", "id"),
        Index(None, "assigned_to_id", "status", "id"),
        Index("ix_help_case_figures", "opened_at", "answered_at", "resolved_at", "closed_at", "reopened", "id"),
        Index("ix_help_case_unfinished", "status", "team_id", "request_type_id", "opened_at"),
        Index(None, "closed_at", "id"),
        Index(None, "email_folded", "id"),
        Index(None, "name_folded", "id"),
        Index(None, "organization_folded", "id"),
        Index(None, "provider_pin", "id"),
        Index("ix_help_case_clock", "clock_on", "id", sqlite_where=RUNNING, postgresql_where=RUNNING),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(12), unique=True)
    audience: Mapped[str] = mapped_column(String(12))
    request_type_id: Mapped[UUID] = mapped_column(ForeignKey("help_request_type.id"))
    team_id: Mapped[UUID] = mapped_column(ForeignKey("help_team.id"))
    status: Mapped[str] = mapped_column(String(16), default="new")
    priority: Mapped[int] = mapped_column(default=3)
    assigned_to_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    requester_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    first_name: Mapped[str] = mapped_column(String(40))
    last_name: Mapped[str] = mapped_column(String(80))
    name_folded: Mapped[str] = mapped_column(folded_text(160))
    email: Mapped[str] = mapped_column(String(254))
    """Empty for a caller who has none and is answered by telephone."""
    email_folded: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(10), default="")
    organization_name: Mapped[str] = mapped_column(String(255), default="")
    organization_folded: Mapped[str] = mapped_column(folded_text(255), default="")
    is_secondary: Mapped[bool] = mapped_column(default=False)
    provider_pin: Mapped[str] = mapped_column(String(9), default="")
    description: Mapped[str] = mapped_column(EncryptedJson)
    details: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)
    language: Mapped[str] = mapped_column(String(5), default="en")
    opened_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_on: Mapped[date | None]
    closed_how: Mapped[str] = mapped_column(String(16), default="")
    resolution: Mapped[str] = mapped_column(String(20), default="")
    reopened: Mapped[int] = mapped_column(default=0)
    clock_on: Mapped[date | None]
    reminded: Mapped[int] = mapped_column(default=0)
    reminded_on: Mapped[date | None]
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("help_case.id"), index=True)
    reply_token: Mapped[str] = mapped_column(String(24), unique=True)
    version: Mapped[int] = mapped_column(default=1)

    request_type: Mapped[RequestType] = relationship(lazy="joined")
    team: Mapped[Team] = relationship(lazy="joined")

    @property
    def full_name(self) -> str:
        """The requester's name as one would say it."""
        return f"{self.first_name} {self.last_name}".strip()


class CaseText(Base):
    """What a case is found by: number, name, e-mail, organization, PIN, folded. Never what was asked."""

    __tablename__ = "help_case_text"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("help_case.id"), unique=True)
    text: Mapped[str] = mapped_column(folded_text(900))


MIDDLES = TrigramIndex("help_case_text", "number", "text").register()
STARTS = WordStartIndex("help_case_text", "number", "text").register()


class CaseCounter(Base):
    """The last case number that was given out; one row."""

    __tablename__ = "help_case_counter"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(Integer)


class Comment(Base):
    """Something said in a case. by: requester, agent or system; a note (`is_public` False) is for agents only.

    `message_id` is set where it came by mail: the same mail is taken once. Never changed.
    """

    __tablename__ = "help_comment"
    __table_args__ = (Index(None, "case_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("help_case.id"))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(10))
    by_id: Mapped[UUID | None]
    is_public: Mapped[bool]
    text: Mapped[str] = mapped_column(EncryptedJson)
    message_id: Mapped[str | None] = mapped_column(String(255), unique=True)


class CaseEvent(Base):
    """One act on a case: who, when, from which state to which. Never changed."""

    __tablename__ = "help_case_event"
    __table_args__ = (Index(None, "case_id", "id"), Index(None, "at"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("help_case.id"))
    at: Mapped[datetime]
    act: Mapped[str] = mapped_column(String(16))
    before: Mapped[str] = mapped_column(String(16))
    after: Mapped[str] = mapped_column(String(16))
    by_id: Mapped[UUID | None]
    facts: Mapped[str] = mapped_column(String(120), default="")


class Attachment(Base):
    """A file in a case, told by its content, kept encrypted, only ever downloaded. Of the case or of one comment."""

    __tablename__ = "help_attachment"
    __table_args__ = (Index(None, "case_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("help_case.id"))
    comment_id: Mapped[UUID | None] = mapped_column(ForeignKey("help_comment.id"))
    filename: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    storage_key: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(10))


class CaseLink(Base):
    """A link in a mail that opens one case without an account. The mail holds the token, the row its hash."""

    __tablename__ = "help_case_link"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("help_case.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class CaseRecord(Base):
    """A record that a case is about. kind: recipient, location or upload."""

    __tablename__ = "help_case_record"
    __table_args__ = (Index(None, "case_id", "kind", "record_id", unique=True), Index(None, "record_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("help_case.id"))
    kind: Mapped[str] = mapped_column(String(12))
    record_id: Mapped[UUID]
    place_id: Mapped[UUID | None]
    linked_at: Mapped[datetime]
    linked_by_id: Mapped[UUID | None]


class WorkbookRun(Base):
    """A workbook of a case, run by an agent for one place: looked through first, then run, then its result returned.

    status: checking -> checked -> running (recipients only, `upload_id`) -> returned; or unusable, `trouble` says why.
    `sample` are the first mistakes as [cell, column, sentence]. Once for each file and place.
    """

    __tablename__ = "help_workbook_run"
    __table_args__ = (
        Index(None, "attachment_id", "place_id", unique=True),
        Index(None, "case_id", "id"),
        Index(None, "status", sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("help_case.id"))
    attachment_id: Mapped[UUID] = mapped_column(ForeignKey("help_attachment.id"))
    kind: Mapped[str] = mapped_column(String(20))
    place_kind: Mapped[str] = mapped_column(String(20))
    place_id: Mapped[UUID]
    place_name: Mapped[str] = mapped_column(String(300))
    status: Mapped[str] = mapped_column(String(10), default="checking")
    trouble: Mapped[str] = mapped_column(String(500), default="")
    rows_total: Mapped[int] = mapped_column(default=0)
    rows_mistaken: Mapped[int] = mapped_column(default=0)
    sample: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)
    upload_id: Mapped[UUID | None] = mapped_column(ForeignKey("upload.id"), index=True)
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    run_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    run_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]


class Watcher(Base):
    """An agent who has a case open right now, so that two of them see each other."""

    __tablename__ = "help_watcher"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("help_case.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    seen_at: Mapped[datetime]


class Rating(Base):
    """How content the requester was, 1 to 5, once per closing."""

    __tablename__ = "help_rating"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("help_case.id"), unique=True)
    score: Mapped[int]
    text: Mapped[str | None] = mapped_column(EncryptedJson, nullable=True)
    at: Mapped[datetime]


class Requester(Base):
    """What the help desk knows of a provider who registered: the organization's name as learned, and the terms."""

    __tablename__ = "help_requester"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    organization_name: Mapped[str] = mapped_column(String(255), default="")
    provider_pin: Mapped[str] = mapped_column(String(9), default="")
    terms: Mapped[str] = mapped_column(String(20))
    registered_at: Mapped[datetime]


for _table in (Comment, CaseEvent):
    ddl.append_only(_table.__tablename__)
