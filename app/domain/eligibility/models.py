"""Plans, groups and openings as data with their history, and where each registered person stands.

What tells somebody's health is sealed: `EligibilityStatus.sealed` holds the facts that a rule may ask and the
groups they lead to, and nothing in the row shows them. Figures for the state come from `EligibilityTally`, which counts
and names nobody.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.infra import ddl
from app.infra.crypto import EncryptedJson
from app.infra.db import Base, new_id


class Plan(Base):
    """A published plan of the state. The one in force on a day is the latest whose `effective_from` has come."""

    __tablename__ = "priority_plan"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(30), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    published_on: Mapped[date]
    effective_from: Mapped[date] = mapped_column(unique=True)


class Group(Base):
    """One group of a plan. `rule` is data of `eligibility.rules`; `words` a key of the pages, or the state's own text.

    `code` is what people read (`4.1`) and what statuses keep: it never changes.
    """

    __tablename__ = "priority_group"
    __table_args__ = (UniqueConstraint("plan_id", "code"), UniqueConstraint("plan_id", "place"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("priority_plan.id"))
    code: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(120))
    place: Mapped[int]
    words: Mapped[str] = mapped_column(String(500))
    rule: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)


class Opening(Base):
    """When a group is open: in the whole state (`county_fips` ""), or otherwise in one county.

    `effective_from` None: not at all, which only a county can be. `effective_until` is the first day on which it is
    closed again. While `mail_held`, people whom it makes eligible are not written to.
    """

    __tablename__ = "priority_opening"
    __table_args__ = (
        UniqueConstraint("group_id", "county_fips"),
        CheckConstraint("effective_from IS NOT NULL OR county_fips <> ''", name="state_has_a_day"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    group_id: Mapped[UUID] = mapped_column(ForeignKey("priority_group.id"))
    county_fips: Mapped[str] = mapped_column(String(5), default="")
    effective_from: Mapped[date | None]
    effective_until: Mapped[date | None]
    mail_held: Mapped[bool] = mapped_column(default=False)


class PhaseChange(Base):
    """Who changed what about a group and when; `before` and `after` are the values, None where there was nothing."""

    __tablename__ = "priority_change"
    __table_args__ = (Index(None, "group_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    group_id: Mapped[UUID] = mapped_column(ForeignKey("priority_group.id"))
    county_fips: Mapped[str] = mapped_column(String(5), default="")
    act: Mapped[str] = mapped_column(String(20))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID | None]


ddl.append_only(PhaseChange.__tablename__)


class EligibilityStatus(Base):
    """Where one registered person stood when it was last found out; `id` is the recipient's.

    `version` is the version of the record whose answers are in `sealed`; `due_on` the next birthday that may change
    something. `sealed`: `f` facts, `c` county, `m` codes of all matching groups, `o` the open one, `t` groups that the
    person need not be told of any more.
    """

    __tablename__ = "eligibility_status"

    id: Mapped[UUID] = mapped_column(ForeignKey("recipient.id"), primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("priority_plan.id"))
    version: Mapped[int]
    due_on: Mapped[date | None] = mapped_column(index=True)
    computed_at: Mapped[datetime]
    sealed: Mapped[Any] = mapped_column(EncryptedJson)


class EligibilityTally(Base):
    """How many registered people of a county have exactly these groups (codes in the plan's order, with commas)."""

    __tablename__ = "eligibility_tally"

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("priority_plan.id"), primary_key=True)
    county_fips: Mapped[str] = mapped_column(String(5), primary_key=True)
    matches: Mapped[str] = mapped_column(String(200), primary_key=True)
    people: Mapped[int]


class EligibilityRun(Base):
    """One look at everybody, because what is open changed. `through` is the last person looked at, in order of key.

    A run that a newer one overtook is ended, too: `people` says how far it came.
    """

    __tablename__ = "eligibility_run"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    day: Mapped[date]
    digest: Mapped[str] = mapped_column(String(64))
    through: Mapped[UUID | None]
    people: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    mailed: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
