"""What the programme decides and staff can change: vaccine products, as data with effective dates."""

from datetime import date
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, new_id


class Product(Base):
    """A vaccine product as one kind of vial. Ages in years, intervals in days, volume in millilitres."""

    __tablename__ = "product"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(30), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    manufacturer: Mapped[str] = mapped_column(String(60))
    cvx: Mapped[str] = mapped_column(String(5))
    mvx: Mapped[str] = mapped_column(String(3))
    ndc_vial: Mapped[str] = mapped_column(String(13))
    ndc_carton: Mapped[str] = mapped_column(String(13))
    doses_in_series: Mapped[int]
    interval_days: Mapped[int | None]
    grace_days: Mapped[int] = mapped_column(default=4)
    youngest_age: Mapped[int]
    doses_per_vial: Mapped[int]
    volume_ml: Mapped[str] = mapped_column(String(5))
    fact_sheet: Mapped[str] = mapped_column(String(30), default="")
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
