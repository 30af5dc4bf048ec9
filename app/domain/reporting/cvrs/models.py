"""Extracts as they were made: never changed, never sent twice."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, new_id

UNSOLVED = text("solved_by_id IS NULL")


class CvrsExtract(Base):
    """What was reported for a day: doses recorded from `after` (not included) up to `until`, both moments.

    `sent`, `rejected`, `warned`: lines. `declined`: visits that ended because the person decided against it.
    `changed`: doses that an earlier extract told otherwise; version 2 of the specification takes no corrections.
    """

    __tablename__ = "cvrs_extract"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    day: Mapped[date] = mapped_column(unique=True)
    model: Mapped[str] = mapped_column(String(1))
    after: Mapped[datetime | None]
    until: Mapped[datetime]
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID | None]
    sent: Mapped[int]
    rejected: Mapped[int]
    warned: Mapped[int]
    declined: Mapped[int]
    changed: Mapped[int]


class CvrsPart(Base):
    """A piece of a file, encrypted in the storage: pieces of one file follow each other by `place`."""

    __tablename__ = "cvrs_part"
    __table_args__ = (UniqueConstraint("extract_id", "file_number", "place"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    extract_id: Mapped[UUID] = mapped_column(ForeignKey("cvrs_extract.id"))
    file_number: Mapped[int]
    place: Mapped[int]
    lines: Mapped[int]
    size: Mapped[int]
    storage_key: Mapped[str] = mapped_column(String(80))


class CvrsProblem(Base):
    """A dose whose line the clearing house would refuse, and why; it waits until an extract in which it is right.

    `problems`: validator code, element, words. They name elements, never values.
    """

    __tablename__ = "cvrs_problem"
    __table_args__ = (
        Index(None, "extract_id", "id"),
        Index(
            "uq_cvrs_problem_open", "administration_id", unique=True, sqlite_where=UNSOLVED, postgresql_where=UNSOLVED
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    extract_id: Mapped[UUID] = mapped_column(ForeignKey("cvrs_extract.id"))
    administration_id: Mapped[UUID] = mapped_column(ForeignKey("administration.id"))
    location_id: Mapped[UUID] = mapped_column(ForeignKey("location.id"))
    problems: Mapped[Any] = mapped_column(JSON)
    solved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("cvrs_extract.id"))
