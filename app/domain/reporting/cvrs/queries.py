"""Extracts that were made: what they hold, what they held back, and their files."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import NotFound
from app.domain.program.settings import CVRS_ENTITY, value_of
from app.domain.providers.models import Location
from app.domain.recipients.models import Recipient
from app.domain.reporting.cvrs.models import CvrsExtract, CvrsPart, CvrsProblem
from app.domain.vaccinations.models import Administration
from app.infra.paging import Slice
from app.infra.storage import FolderStorage

PAGE = 30


@dataclass(frozen=True, slots=True)
class ExtractFile:
    """One file of an extract. `size` in bytes."""

    number: int
    name: str
    lines: int
    size: int


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A dose whose line would be refused. `problems`: validator code, element, words."""

    id: UUID
    recipient_id: UUID
    code: str
    location: str
    recorded_at: datetime
    problems: list[list[str]]
    solved: bool


def list_extracts(session: Session, actor: Actor, *, after: str | None = None) -> Slice[CvrsExtract]:
    """Extracts, newest day first. Raises NotAllowed, NotFound."""
    actor.require(Permission.MAKE_FEDERAL_REPORTS, at=None)
    query = select(CvrsExtract).order_by(CvrsExtract.day.desc()).limit(PAGE + 1)
    if after:
        query = query.where(CvrsExtract.day < date.fromisoformat(after))
    rows = list(session.scalars(query))
    return Slice(rows[:PAGE], rows[PAGE - 1].day.isoformat() if len(rows) > PAGE else None)


def get_extract(session: Session, actor: Actor, day: date) -> CvrsExtract:
    """The extract of a day. Raises NotFound, NotAllowed."""
    actor.require(Permission.MAKE_FEDERAL_REPORTS, at=None)
    found = session.scalar(select(CvrsExtract).where(CvrsExtract.day == day))
    if found is None:
        raise NotFound
    return found


def files_of(session: Session, extract: CvrsExtract) -> list[ExtractFile]:
    """The files of an extract, named as the specification wants: day, number, who sends."""
    entity = value_of(session, CVRS_ENTITY, today=extract.day)
    rows = session.execute(
        select(CvrsPart.file_number, func.sum(CvrsPart.lines), func.sum(CvrsPart.size))
        .where(CvrsPart.extract_id == extract.id)
        .group_by(CvrsPart.file_number)
        .order_by(CvrsPart.file_number)
    )
    return [
        ExtractFile(number, f"{extract.day:%Y%m%d}_{number:02}_{entity}.txt", int(lines), int(size))
        for number, lines, size in rows
    ]


def read_file(
    session: Session, storage: FolderStorage, actor: Actor, extract: CvrsExtract, number: int
) -> Iterator[bytes]:
    """A file in pieces, read one after the other. Raises NotFound, NotAllowed."""
    actor.require(Permission.MAKE_FEDERAL_REPORTS, at=None)
    query = select(CvrsPart.storage_key).where(CvrsPart.extract_id == extract.id, CvrsPart.file_number == number)
    keys = list(session.scalars(query.order_by(CvrsPart.place)))
    if not keys:
        raise NotFound
    return (storage.get(key) for key in keys)


def list_held_back(
    session: Session, actor: Actor, extract: CvrsExtract | None = None, *, after: str | None = None
) -> Slice[HeldBack]:
    """Doses that an extract held back; without one, all that still wait. Raises NotAllowed, NotFound."""
    actor.require(Permission.MAKE_FEDERAL_REPORTS, at=None)
    query = (
        select(CvrsProblem, Recipient.id, Recipient.code, Location.name, Administration.recorded_at)
        .join(Administration, Administration.id == CvrsProblem.administration_id)
        .join(Recipient, Recipient.id == Administration.recipient_id)
        .join(Location, Location.id == CvrsProblem.location_id)
        .order_by(CvrsProblem.id)
        .limit(PAGE + 1)
    )
    mine = CvrsProblem.extract_id == extract.id if extract is not None else CvrsProblem.solved_by_id.is_(None)
    query = query.where(mine, CvrsProblem.id > UUID(after)) if after else query.where(mine)
    rows = [
        HeldBack(problem.id, recipient_id, code, place, recorded_at, problem.problems, problem.solved_by_id is not None)
        for problem, recipient_id, code, place, recorded_at in session.execute(query)
    ]
    return Slice(rows[:PAGE], str(rows[PAGE - 1].id) if len(rows) > PAGE else None)
