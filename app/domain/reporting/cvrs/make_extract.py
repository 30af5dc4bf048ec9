"""Use case: the extract of a day is made, once. Made again, it is the same bytes: what was sent is kept."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import Refusal
from app.domain.program.settings import CVRS_MODEL, value_of
from app.domain.reporting.cvrs.columns import NAMES
from app.domain.reporting.cvrs.doses import Reported, doses_between
from app.domain.reporting.cvrs.models import CvrsExtract, CvrsPart, CvrsProblem
from app.domain.reporting.cvrs.validate import Problem, problems_of
from app.domain.vaccinations.models import Administration, DoseChange, Visit
from app.infra import audit, clock
from app.infra.db import Database, new_id
from app.infra.storage import FolderStorage

LINES_IN_FILE = 200_000
LINES_IN_PART = 10_000
_HEADER = "\t".join(NAMES) + "\n"
_TOLD_OTHERWISE = ("corrected", "removed", "moved", "doubled")


class DayNotOver(Refusal):
    """The day goes on: doses of it are still being recorded."""


class LaterDayReported(Refusal):
    """The doses of this day were reported with a later one. `day`: which was the last."""

    def __init__(self, day: date) -> None:
        super().__init__(day.isoformat())
        self.day = day


@dataclass
class _Draft:
    """What is being written: pieces that are kept already, the piece in the making, and what was refused."""

    storage: FolderStorage
    parts: list[CvrsPart] = field(default_factory=list)
    refused: list[tuple[Reported, list[Problem]]] = field(default_factory=list)
    right: set[UUID] = field(default_factory=set)
    sent: int = 0
    warned: int = 0
    _text: io.StringIO = field(default_factory=io.StringIO)
    _lines: int = 0

    def add(self, dose: Reported) -> None:
        """Another line; a full piece is kept."""
        if self.sent % LINES_IN_FILE == 0:
            self.close()
            self._text.write(_HEADER)
        self._text.write("\t".join(dose.line.values()) + "\n")
        self.sent += 1
        self._lines += 1
        if self._lines >= LINES_IN_PART:
            self.close()

    def close(self) -> None:
        """Keep the piece in the making, if there is anything in it."""
        data = self._text.getvalue().encode()
        if data:
            number = max(0, self.sent - 1) // LINES_IN_FILE + 1
            place = sum(part.file_number == number for part in self.parts)
            key = self.storage.put("cvrs", data)
            self.parts.append(
                CvrsPart(file_number=number, place=place, lines=self._lines, size=len(data), storage_key=key)
            )
        self._text, self._lines = io.StringIO(), 0

    def throw_away(self) -> None:
        """Forget the pieces: nothing points to them."""
        for part in self.parts:
            self.storage.delete(part.storage_key)


def make_extract(
    database: Database, storage: FolderStorage, actor: Actor, day: date, *, zone: ZoneInfo, now: datetime
) -> UUID:
    """Make the extract of a local day, or find the one that was made. Returns its id.

    It holds every dose recorded since the last extract, and those held back until now. In transactions of its own:
    it reads for as long as it takes, and writes for a moment. Raises DayNotOver, LaterDayReported, NotAllowed, NotFound.
    """
    actor.require(Permission.MAKE_FEDERAL_REPORTS, at=None)
    until = clock.day_bounds(day, zone)[1] - timedelta(microseconds=1)
    if now <= until:
        raise DayNotOver
    draft = _Draft(storage)
    try:
        with database.reading() as session:
            known = _find(session, day)
            if known is not None:
                return known
            extract = _begin(session, day, until, actor, now)
            _gather(session, draft, extract, today=clock.local_date(now, zone))
        with database.transaction() as session:
            return _keep(session, draft, extract, actor, now)
    except IntegrityError:
        draft.throw_away()
        with database.reading() as session:
            known = _find(session, day)
        if known is None:
            raise
        return known
    except BaseException:
        draft.throw_away()
        raise


def _find(session: Session, day: date) -> UUID | None:
    return session.scalar(select(CvrsExtract.id).where(CvrsExtract.day == day))


def _begin(session: Session, day: date, until: datetime, actor: Actor, now: datetime) -> CvrsExtract:
    last = session.scalars(select(CvrsExtract).order_by(CvrsExtract.day.desc()).limit(1)).first()
    if last is not None and last.day > day:
        raise LaterDayReported(last.day)
    after = last.until if last is not None else None
    return CvrsExtract(
        id=new_id(), day=day, model=value_of(session, CVRS_MODEL, today=day), after=after, until=until, made_at=now,
        made_by_id=actor.id, declined=_declined(session, after, until), changed=_changed(session, after, until),
    )  # fmt: skip


def _gather(session: Session, draft: _Draft, extract: CvrsExtract, *, today: date) -> None:
    for dose in doses_between(session, after=extract.after, until=extract.until, model=extract.model):
        found = problems_of(dose.line, today=today)
        draft.warned += any(problem.warning for problem in found)
        errors = [problem for problem in found if not problem.warning]
        if errors:
            draft.refused.append((dose, errors))
        else:
            draft.add(dose)
            draft.right.add(dose.administration_id)
    draft.close()
    if not draft.parts:
        draft.parts.append(_empty_file(draft.storage))


def _empty_file(storage: FolderStorage) -> CvrsPart:
    """A day without doses is reported too: a file with nothing below its header."""
    return CvrsPart(
        file_number=1, place=0, lines=0, size=len(_HEADER), storage_key=storage.put("cvrs", _HEADER.encode())
    )


def _keep(session: Session, draft: _Draft, extract: CvrsExtract, actor: Actor, now: datetime) -> UUID:
    extract.sent, extract.warned, extract.rejected = draft.sent, draft.warned, len(draft.refused)
    session.add(extract)
    session.flush()
    for part in draft.parts:
        part.extract_id = extract.id
        session.add(part)
    waiting = {
        problem.administration_id: problem
        for problem in session.scalars(select(CvrsProblem).where(CvrsProblem.solved_by_id.is_(None)))
    }
    refused = {dose.administration_id: (dose, problems) for dose, problems in draft.refused}
    for administration_id, problem in waiting.items():
        if administration_id not in refused:
            problem.solved_by_id = extract.id
    for administration_id, (dose, problems) in refused.items():
        told = [[problem.code, problem.column, problem.text] for problem in problems]
        if administration_id in waiting:
            waiting[administration_id].problems = told
        else:
            session.add(_refused(extract.id, dose, told))
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="report.federal_extract_made", subject_kind="extract",
        subject_id=extract.id, now=now,
    )  # fmt: skip
    return extract.id


def _refused(extract_id: UUID, dose: Reported, told: list[list[Any]]) -> CvrsProblem:
    return CvrsProblem(
        extract_id=extract_id, administration_id=dose.administration_id, location_id=dose.location_id, problems=told
    )


def _declined(session: Session, after: datetime | None, until: datetime) -> int:
    since = Visit.ended_at > after if after is not None else true()
    declined = Visit.status == "left", Visit.reason == "declined"
    return session.scalar(select(func.count()).where(*declined, since, Visit.ended_at <= until)) or 0


def _changed(session: Session, after: datetime | None, until: datetime) -> int:
    """Doses told before and changed since, for whoever writes to the clearing house about them."""
    if after is None:
        return 0
    query = (
        select(func.count(DoseChange.administration_id.distinct()))
        .join(Administration, Administration.id == DoseChange.administration_id)
        .where(DoseChange.kind.in_(_TOLD_OTHERWISE), DoseChange.made_at > after, DoseChange.made_at <= until)
        .where(Administration.recorded_at <= after)
    )
    return session.scalar(query) or 0


def days_to_report(session: Session, *, today: date) -> Iterator[date]:
    """The days that are over and not reported: all since the last one, or yesterday where there was none."""
    last = session.scalar(select(func.max(CvrsExtract.day)))
    day = last + timedelta(days=1) if last is not None else today - timedelta(days=1)
    while day < today:
        yield day
        day += timedelta(days=1)
