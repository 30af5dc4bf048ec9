"""Recipients: people who are, or want to be, vaccinated. Names and birth dates are searchable; answers are encrypted."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.infra.crypto import EncryptedJson
from app.infra.db import Base, new_id
from app.infra.search import fold, folded_text

IS_MERGED = text("merged_into_id IS NOT NULL")
BY_MERGE = "merge"
"""How a clinic lists a kept record for the sake of another one that was joined with it, until it lists it by itself."""


def _fold_city(inserted: Any) -> str:
    """Of a row that is inserted without the attribute having been set."""
    return fold(inserted.get_current_parameters().get("city") or "")


class Recipient(Base):
    """One person. `code` is what may be printed or said aloud (counted nowhere, random); the key never is.

    name_key: folded last + first name and birth date, for "the same person". sound_key: how the last name sounds and
    the birth date, for "perhaps the same person". Both are made by recipients.keys.
    """

    __tablename__ = "recipient"
    __table_args__ = (
        Index(None, "last_folded", "first_folded", "id"),
        Index(None, "first_folded", "last_folded", "id"),
        Index(None, "birth_date", "last_folded"),
        Index(None, "city_folded", "last_folded", "first_folded", "id"),
        Index("ix_recipient_merged", "merged_into_id", sqlite_where=IS_MERGED, postgresql_where=IS_MERGED),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    first_name: Mapped[str] = mapped_column(String(40))
    middle_name: Mapped[str] = mapped_column(String(40), default="")
    last_name: Mapped[str] = mapped_column(String(80))
    suffix: Mapped[str] = mapped_column(String(10), default="")
    first_folded: Mapped[str] = mapped_column(folded_text(80))
    last_folded: Mapped[str] = mapped_column(folded_text(160))
    birth_date: Mapped[date]
    name_key: Mapped[str] = mapped_column(String(260), index=True)
    sound_key: Mapped[str] = mapped_column(String(100), index=True)
    email: Mapped[str | None] = mapped_column(String(254))
    email_folded: Mapped[str | None] = mapped_column(folded_text(254), index=True)
    phone: Mapped[str] = mapped_column(folded_text(10), default="", index=True)
    street: Mapped[str] = mapped_column(String(255), default="")
    street_2: Mapped[str] = mapped_column(String(255), default="")
    city: Mapped[str] = mapped_column(String(80), default="")
    city_folded: Mapped[str] = mapped_column(folded_text(160), default=_fold_city, server_default="")
    county_fips: Mapped[str] = mapped_column(String(5), default="")
    state_abbr: Mapped[str] = mapped_column(String(2), default="")
    zip: Mapped[str] = mapped_column(String(10), default="")
    gender: Mapped[str] = mapped_column(String(20), default="")
    races: Mapped[list[str]] = mapped_column(JSON, default=list)
    ethnicity: Mapped[str] = mapped_column(String(20), default="")
    language: Mapped[str] = mapped_column(String(5), default="en")
    industry: Mapped[str] = mapped_column(String(40), default="")
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organization.id"), index=True)
    answers: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)
    source: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    created_by_id: Mapped[UUID | None]
    registered_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("recipient.id"))

    @validates("city")
    def _keep_folded(self, _name: str, city: str) -> str:
        self.city_folded = fold(city)
        return city

    @property
    def full_name(self) -> str:
        """The legal name as one would read it aloud."""
        return " ".join(part for part in (self.first_name, self.middle_name, self.last_name, self.suffix) if part)


class Listing(Base):
    """Why a place knows a recipient: it uploaded or registered them, or they came to it. The door "listed".

    scope_kind is `location` or `organization`. `sent_name` is the name as an organization sent it, where the record
    has another: seeing that one would tell it that the person was known before. The folded names follow it.
    """

    __tablename__ = "listing"
    __table_args__ = (
        UniqueConstraint("scope_id", "recipient_id"),
        Index(None, "recipient_id"),
        Index(None, "scope_id", "last_folded", "first_folded", "recipient_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    scope_kind: Mapped[str] = mapped_column(String(20))
    scope_id: Mapped[UUID]
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("recipient.id"))
    last_folded: Mapped[str] = mapped_column(folded_text(160))
    first_folded: Mapped[str] = mapped_column(folded_text(80))
    sent_name: Mapped[str | None] = mapped_column(String(130))
    external_id: Mapped[str] = mapped_column(String(60), default="")
    how: Mapped[str] = mapped_column(String(20))
    listed_at: Mapped[datetime]
