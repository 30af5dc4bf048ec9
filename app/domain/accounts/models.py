"""Accounts, their sign-in names, grants, sessions, invitations, mail links and attempts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.infra.db import Base, new_id

OPEN_TO_PROVIDERS = text("realm = 'provider' AND accepted_at IS NULL AND withdrawn_at IS NULL")
REALMS = ("enrollment", "provider", "organization", "recipient", "helpdesk", "state")


class Account(Base):
    """One person who can sign in, by whatever names and in whatever parts."""

    __tablename__ = "account"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    first_name: Mapped[str] = mapped_column(String(40))
    last_name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str | None] = mapped_column(String(254))
    email_folded: Mapped[str | None] = mapped_column(String(254), index=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_is_temporary: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(5), default="en")
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    names: Mapped[list["SignInName"]] = relationship(order_by="SignInName.id")
    grants: Mapped[list["Grant"]] = relationship(order_by="Grant.id", foreign_keys="Grant.account_id")

    @property
    def full_name(self) -> str:
        """First and last name as one would say them."""
        return f"{self.first_name} {self.last_name}".strip()


class SignInName(Base):
    """A user name, unique in its realm whatever its case."""

    __tablename__ = "sign_in_name"
    __table_args__ = (UniqueConstraint("realm", "name_folded"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    realm: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(270))
    name_folded: Mapped[str] = mapped_column(String(270))


class Grant(Base):
    """A role at a place. It ends; it is never deleted. From the moment `until` on, where there is one, it holds no more."""

    __tablename__ = "grant"
    __table_args__ = (
        Index(
            "uq_grant_live", "account_id", "role", "scope_kind", "scope_id", unique=True,
            sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL"),
        ),
        Index(None, "account_id", "id"),
        Index(None, "scope_id"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    role: Mapped[str] = mapped_column(String(40))
    scope_kind: Mapped[str] = mapped_column(String(20))
    scope_id: Mapped[UUID | None]
    given_at: Mapped[datetime]
    given_by_id: Mapped[UUID | None]
    until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class SignInSession(Base):
    """One signed-in browser. The cookie holds a random token, the row its hash."""

    __tablename__ = "sign_in_session"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    device: Mapped[str] = mapped_column(String(200), default="")


class Invitation(Base):
    """An offer of a role at a place to whoever reads a mailbox. Accepted once."""

    __tablename__ = "invitation"
    __table_args__ = (
        Index(None, "scope_id", "role"),
        Index(
            "ix_invitation_open_to_providers", "sign_in_name",
            sqlite_where=OPEN_TO_PROVIDERS, postgresql_where=OPEN_TO_PROVIDERS,
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    role: Mapped[str] = mapped_column(String(40))
    scope_kind: Mapped[str] = mapped_column(String(20))
    scope_id: Mapped[UUID | None]
    realm: Mapped[str] = mapped_column(String(20))
    sign_in_name: Mapped[str | None] = mapped_column(String(270))
    first_name: Mapped[str] = mapped_column(String(40))
    last_name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(254))
    email_folded: Mapped[str] = mapped_column(String(254), index=True)
    invited_by_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))


class MailLink(Base):
    """A single-use link sent by mail: the mail holds the token, the row its hash. `subject_id` is of a higher area."""

    __tablename__ = "mail_link"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    invitation_id: Mapped[UUID | None] = mapped_column(ForeignKey("invitation.id"), index=True)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    subject_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Attempt(Base):
    """One try at something that is throttled. Keys are folded names, addresses or ids, hashed."""

    __tablename__ = "attempt"
    __table_args__ = (Index(None, "what", "key", "at"), Index(None, "at"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    what: Mapped[str] = mapped_column(String(30))
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class RequestKey(Base):
    """A form that was carried out, by the key it came with: sent twice, it answers the same."""

    __tablename__ = "request_key"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    account_id: Mapped[UUID | None]
    made_at: Mapped[datetime] = mapped_column(index=True)
    answer_url: Mapped[str] = mapped_column(String(500), default="")
