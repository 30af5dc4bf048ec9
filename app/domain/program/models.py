"""What the program decides and staff can change: vaccine products and settings, as data with effective dates."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.program.rules import ProductRules, ProductSchedule, periods_of
from app.infra import ddl
from app.infra.db import Base, new_id


class Product(Base):
    """A vaccine product as one kind of vial. Ages in years, intervals in days, volume in millilitres.

    `changes` are later values of some rules, each from a day on: `{"from": "2021-05-10", "youngest_age": 12}`;
    they may name every rule of `ProductRules`.
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

    def first_rules(self) -> ProductRules:
        """The rules that the product began with."""
        return ProductRules(
            youngest_age=self.youngest_age,
            fact_sheet=self.fact_sheet,
            doses_in_series=self.doses_in_series,
            interval_days=self.interval_days,
            grace_days=self.grace_days,
            doses_per_vial=self.doses_per_vial,
        )

    def schedule(self) -> ProductSchedule:
        """The product as the dose schedule sees it, with all that was ever decided about it."""
        periods = periods_of(self.first_rules(), self.changes or [], self.effective_from, self.effective_to)
        return ProductSchedule(self.cvx, self.name, periods)

    def rules_on(self, day: date) -> ProductRules:
        """The rules that hold on a day: the first ones, and every change up to that day."""
        return self.schedule().rules_on(day)


class ProductChange(Base):
    """Who decided what about a product, and when. act: added, changed, withdrawn, ended or resumed.

    `effective_from`: the day from which it holds; `before` and `after`: the values that differ, by name.
    """

    __tablename__ = "product_change"
    __table_args__ = (Index(None, "product_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"))
    act: Mapped[str] = mapped_column(String(12))
    effective_from: Mapped[date | None]
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID | None]


ddl.append_only(ProductChange.__tablename__)


class ProgramSetting(Base):
    """One decision about a setting of the program: its value from a day on. Never changed; the latest one counts."""

    __tablename__ = "program_setting"
    __table_args__ = (Index(None, "key", "effective_from"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(60))
    value: Mapped[Any] = mapped_column(JSON)
    effective_from: Mapped[date]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[UUID | None]


ddl.append_only(ProgramSetting.__tablename__)


class ListDecision(Base):
    """What holds of an entry of a list from a day on, complete. The latest one of the latest day counts.

    `position`: entries are ordered by it; `offered` False: it can be chosen no more, and stays readable. `facts`: what
    else the entry says, such as an industry's sector.
    """

    __tablename__ = "list_decision"
    __table_args__ = (Index(None, "list_name", "effective_from"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    list_name: Mapped[str] = mapped_column(String(30))
    code: Mapped[str] = mapped_column(String(30))
    label: Mapped[str] = mapped_column(String(120))
    label_es: Mapped[str] = mapped_column(String(120), default="")
    position: Mapped[float]
    offered: Mapped[bool] = mapped_column(default=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    effective_from: Mapped[date]
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[UUID | None]


ddl.append_only(ListDecision.__tablename__)
