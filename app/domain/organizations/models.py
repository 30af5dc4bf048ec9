"""Frontline organizations (employers, not healthcare providers) and their Points of Contact."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.infra.db import Base, new_id
from app.infra.search import TrigramIndex, WordStartIndex, fold, folded_text

LONGEST_NAME = 255
LONGEST_WORD = 40
NAME_WORD, ADDRESS_WORD = 0, 1


class Organization(Base):
    """An employer or other frontline organization at one address."""

    __tablename__ = "organization"
    __table_args__ = (Index(None, "name_folded", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    name_folded: Mapped[str] = mapped_column(folded_text(LONGEST_NAME))
    industry: Mapped[str] = mapped_column(String(40))
    street: Mapped[str] = mapped_column(String(255), default="")
    city: Mapped[str] = mapped_column(String(80), default="")
    county_fips: Mapped[str] = mapped_column(String(5), default="")
    state_abbr: Mapped[str] = mapped_column(String(2), default="")
    zip: Mapped[str] = mapped_column(String(10), default="")
    country: Mapped[str] = mapped_column(String(60), default="United States")
    phone: Mapped[str] = mapped_column(String(10), default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    created_by_id: Mapped[UUID | None]
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[UUID | None]

    contacts: Mapped[list["PointOfContact"]] = relationship(order_by="PointOfContact.id", viewonly=True)

    @validates("name")
    def _fold_name(self, _key: str, name: str) -> str:
        self.name_folded = fold(name)[:LONGEST_NAME]
        return name


class OrganizationText(Base):
    """What an organization is found by: its name and address, folded, each word after a space.

    `number` is short, so that the words and the trigrams of a million organizations stay small.
    """

    __tablename__ = "organization_text"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"), unique=True)
    text: Mapped[str] = mapped_column(folded_text(1000))


class OrganizationWord(Base):
    """One word of an organization's name, or else of its address.

    No foreign key: its check would need an index as large as the table.
    """

    __tablename__ = "organization_word"
    __table_args__ = {"sqlite_with_rowid": False}

    weight: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    word: Mapped[str] = mapped_column(folded_text(LONGEST_WORD), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)


MIDDLES = TrigramIndex("organization_text", "number", "text").register()
STARTS = WordStartIndex("organization_text", "number", "text").register()


class PointOfContact(Base):
    """The person who uploads an organization's people. Signs in as e-mail + `.cvms.org`."""

    __tablename__ = "point_of_contact"
    __table_args__ = (Index(None, "email_folded"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"), index=True)
    first_name: Mapped[str] = mapped_column(String(40))
    last_name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(254))
    email_folded: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(10), default="")
    invitation_id: Mapped[UUID | None] = mapped_column(ForeignKey("invitation.id"))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    created_by_id: Mapped[UUID | None]
