"""What the programme decides and staff can change: vaccine products, as data with effective dates."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, new_id


@dataclass(frozen=True, slots=True)
class ProductRules:
    """What holds for a product on one day. Age in years."""

    youngest_age: int
    fact_sheet: str
    paused: bool


class Product(Base):
    """A vaccine product as one kind of vial. Ages in years, intervals in days, volume in millilitres.

    `changes` are later values of some rules, oldest first: `{"from": "2021-05-10", "youngest_age": 12}`;
    they may name youngest_age, fact_sheet and paused.
    """

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
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)

    def rules_on(self, day: date) -> ProductRules:
        """The rules that hold on a day: the first ones, and every change up to that day."""
        values: dict[str, Any] = {"youngest_age": self.youngest_age, "fact_sheet": self.fact_sheet}
        values["paused"] = False
        for change in self.changes or []:
            if date.fromisoformat(change["from"]) <= day:
                values |= {key: value for key, value in change.items() if key != "from"}
        return ProductRules(**values)
