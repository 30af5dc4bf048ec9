"""Frontline organizations (employers, not healthcare providers) and their Points of Contact."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.infra.db import Base, new_id


class Organization(Base):
    """An employer or other frontline organization at one address."""

    __tablename__ = "organization"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(255))
    name_folded: Mapped[str] = mapped_column(String(255))
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
