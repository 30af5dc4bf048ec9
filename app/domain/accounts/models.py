"""Accounts, their sign-in names, grants, sessions, invitations, mail links and attempts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.infra.crypto import EncryptedJson
from app.infra.db import Base, new_id
from app.infra.search import fold, folded_text

HOLDS, NOT_REVIEWED = text("ended_at IS NULL"), text("reviewed_at IS NULL")
OPEN_TO_PROVIDERS = text("realm = 'provider' AND accepted_at IS NULL AND withdrawn_at IS NULL")
REALMS = ("enrollment", "provider", "organization", "recipient", "helpdesk", "state")


class Account(Base):
    """One person who can sign in, by whatever names and in whatever parts.

    Nobody signs in to one that sleeps (`slept_at`): it was not used for long, and its owner or a manager wakes it.
    """

    __tablename__ = "account"
    __table_args__ = (Index(None, "last_folded", "first_folded", "id"), Index(None, "first_folded", "last_folded", "id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    first_name: Mapped[str] = mapped_column(String(40))
    last_name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str | None] = mapped_column(String(254))
    email_folded: Mapped[str | None] = mapped_column(folded_text(254), index=True)
    first_folded: Mapped[str] = mapped_column(folded_text(80), default="", server_default="")
    last_folded: Mapped[str] = mapped_column(folded_text(160), default="", server_default="")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_is_temporary: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(5), default="en")
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    sleep_warned_at: Mapped[datetime | None]
    slept_at: Mapped[datetime | None]
    woken_at: Mapped[datetime | None]

    names: Mapped[list["SignInName"]] = relationship(order_by="SignInName.id")
    grants: Mapped[list["Grant"]] = relationship(order_by="Grant.id", foreign_keys="Grant.account_id")

    @property
    def full_name(self) -> str:
        """First and last name as one would say them."""
        return f"{self.first_name} {self.last_name}".strip()

    @validates("first_name", "last_name")
    def _keep_folded(self, name: str, value: str) -> str:
        setattr(self, name.replace("_name", "_folded"), fold(value))
        return value


class SignInName(Base):
    """A user name, unique in its realm whatever its case."""

    __tablename__ = "sign_in_name"
    __table_args__ = (UniqueConstraint("realm", "name_folded"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    realm: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(270))
    name_folded: Mapped[str] = mapped_column(folded_text(270))


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
        Index("ix_grant_role_holds", "role", "id", sqlite_where=HOLDS, postgresql_where=HOLDS),
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
    ended_by_id: Mapped[UUID | None]
    ended_because: Mapped[str] = mapped_column(String(255), default="", server_default="")


class SignInSession(Base):
    """One signed-in browser. The cookie holds a random token, the row its hash.

    While it waits for a second factor (`waits_for`: code or set_up) it opens nothing else.
    """

    __tablename__ = "sign_in_session"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    device: Mapped[str] = mapped_column(String(200), default="")
    waits_for: Mapped[str] = mapped_column(String(10), default="", server_default="")


class SecondFactor(Base):
    """The secret that an authenticator app shares with an account: one confirmed at most, and one being set up."""

    __tablename__ = "second_factor"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    secret: Mapped[str] = mapped_column(EncryptedJson)
    begun_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    fresh_codes: Mapped[list[str] | None] = mapped_column(EncryptedJson)
    codes_until: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code on paper for the day on which the phone is lost. Only its hash is kept; it works once."""

    __tablename__ = "recovery_code"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class OutsideIdentity(Base):
    """Somebody as an outside identity provider knows them, linked to an account. The pair is the provider's own key."""

    __tablename__ = "outside_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(255))
    linked_at: Mapped[datetime]


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


class GlassOpening(Base):
    """Somebody looked at one person's health answers without standing right to: why, until when, and what became of it.

    `because` and `remark` are people's own words and may tell of somebody's health, so they are encrypted.
    """

    __tablename__ = "glass_opening"
    __table_args__ = (
        Index(None, "account_id", "recipient_id", "until"),
        Index("ix_glass_opening_waits", "id", sqlite_where=NOT_REVIEWED, postgresql_where=NOT_REVIEWED),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    recipient_id: Mapped[UUID]
    reason: Mapped[str] = mapped_column(String(20))
    because: Mapped[str] = mapped_column(EncryptedJson)
    opened_at: Mapped[datetime]
    until: Mapped[datetime]
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[UUID | None]
    outcome: Mapped[str] = mapped_column(String(20), default="")
    remark: Mapped[str | None] = mapped_column(EncryptedJson)


class RequestKey(Base):
    """A form that was carried out, by the key it came with: sent twice, it answers the same."""

    __tablename__ = "request_key"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    account_id: Mapped[UUID | None]
    made_at: Mapped[datetime] = mapped_column(index=True)
    answer_url: Mapped[str] = mapped_column(String(500), default="")
