"""Provider organizations (healthcare, enrolled) and their locations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.infra.db import Base, new_id


class ProviderOrganization(Base):
    """A healthcare organization under one provider agreement."""

    __tablename__ = "provider_organization"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]


class Location(Base):
    """A place that receives vaccine and gives it. The original system called it an Account in its inventory."""

    __tablename__ = "location"
    __table_args__ = (Index(None, "name", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    provider_organization_id: Mapped[UUID] = mapped_column(ForeignKey("provider_organization.id"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    provider_pin: Mapped[str] = mapped_column(String(6), unique=True)
    street: Mapped[str] = mapped_column(String(255), default="")
    city: Mapped[str] = mapped_column(String(80), default="")
    county_fips: Mapped[str] = mapped_column(String(5), default="")
    state_abbr: Mapped[str] = mapped_column(String(2), default="NC")
    zip: Mapped[str] = mapped_column(String(10), default="")
    phone: Mapped[str] = mapped_column(String(10), default="")
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    provider_organization: Mapped[ProviderOrganization] = relationship(lazy="joined")
