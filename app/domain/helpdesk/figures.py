"""Figures for supervisors: what waits and for how long, how fast answers came, what came back, how content people were."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Row, Select, case, func, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import NotFound
from app.domain.helpdesk import states
from app.domain.helpdesk.answer_case import SCORES
from app.domain.helpdesk.models import Case, Rating, RequestType, Team

AGES = (("up to 1 day", 1), ("2 to 3 days", 3), ("4 to 8 days", 8), ("9 to 30 days", 30), ("older", None))
"""Names of the ages and their last day, None for no end."""


@dataclass(frozen=True, slots=True)
class Open:
    """Unfinished cases of one team or type, by age as in AGES."""

    name: str
    by_age: tuple[int, ...]

    @property
    def total(self) -> int:
        """All ages together."""
        return sum(self.by_age)


@dataclass(frozen=True, slots=True)
class Speed:
    """Cases that were opened since a moment. Times are medians in hours, None without any."""

    opened: int
    answered: int
    solved: int
    reopened: int
    hours_to_answer: float | None
    hours_to_solution: float | None
    ratings: int
    content: float | None

    @property
    def reopened_share(self) -> float:
        """Of those solved, the share that was reopened."""
        return self.reopened / self.solved if self.solved else 0.0


def open_cases(session: Session, actor: Actor, *, now: datetime) -> tuple[list[Open], list[Open]]:
    """What waits in each team, by name; and by request type, most first. One query."""
    _require(actor)
    teams, types = dict[str, Counter[int]](), dict[str, Counter[int]]()
    for team, kind, *by_age in session.execute(_unfinished(now)):
        counted = Counter(dict(enumerate(map(int, by_age))))
        teams.setdefault(team, Counter()).update(counted)
        types.setdefault(kind, Counter()).update(counted)
    return _in_order(teams), sorted(_in_order(types), key=lambda one: -one.total)


def speeds_since(session: Session, actor: Actor, moments: Sequence[datetime]) -> list[Speed]:
    """How fast cases opened since each of these moments were answered and solved. Two queries, whatever their number."""
    _require(actor)
    earliest = min(moments)
    rows = session.execute(
        select(Case.opened_at, Case.answered_at, Case.resolved_at, Case.closed_at, Case.reopened).where(
            Case.opened_at >= earliest
        )
    ).all()
    rated = session.execute(
        select(Case.opened_at, Rating.score).join(Case, Case.id == Rating.case_id).where(Case.opened_at >= earliest)
    ).all()
    return [
        _speed([row for row in rows if row.opened_at >= since], [one.score for one in rated if one.opened_at >= since])
        for since in moments
    ]


def _speed(rows: Sequence[Row[*tuple[Any, ...]]], scores: Sequence[int]) -> Speed:
    answers = [(row.answered_at - row.opened_at).total_seconds() / 3600 for row in rows if row.answered_at]
    ends = [(row.opened_at, row.resolved_at or row.closed_at) for row in rows]
    solutions = [(end - start).total_seconds() / 3600 for start, end in ends if end]
    return Speed(
        opened=len(rows), answered=len(answers), solved=len(solutions), reopened=sum(row.reopened > 0 for row in rows),
        hours_to_answer=median(answers) if answers else None,
        hours_to_solution=median(solutions) if solutions else None,
        ratings=len(scores), content=sum(scores) / len(scores) if scores else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """How many of those who rated a case gave a score."""

    score: int
    cases: int
    share: float


def satisfaction_since(session: Session, actor: Actor, since: datetime) -> list[Said]:
    """How content people were with what was closed since that moment, the best score first; every score is there."""
    _require(actor)
    rows = session.execute(
        select(Rating.score, func.count())
        .join(Case, Case.id == Rating.case_id)
        .where(Case.closed_at >= since)
        .group_by(Rating.score)
    )
    counted = {score: number for score, number in rows}  # noqa: C416 - a Row is no pair to mypy
    everybody = sum(counted.values())
    return [
        Said(score, counted.get(score, 0), counted.get(score, 0) / everybody if everybody else 0.0)
        for score in sorted(SCORES, reverse=True)
    ]


def _in_order(counted: dict[str, Counter[int]]) -> list[Open]:
    return [Open(name, tuple(found[age] for age in range(len(AGES)))) for name, found in sorted(counted.items())]


def _unfinished(now: datetime) -> Select[*tuple[Any, ...]]:
    """Team, request type, and the number of unfinished cases of each age."""
    columns = []
    newest = now + timedelta(days=1)
    for _label, days in AGES:
        oldest = now - timedelta(days=days) if days else None
        inside = Case.opened_at < newest if oldest is None else (Case.opened_at < newest) & (Case.opened_at >= oldest)
        columns.append(func.sum(case((inside, 1), else_=0)))
        newest = oldest or newest
    return (
        select(Team.name, RequestType.name, *columns)
        .select_from(Case)
        .join(Team, Team.id == Case.team_id)
        .join(RequestType, RequestType.id == Case.request_type_id)
        .where(Case.status.in_(states.UNFINISHED))
        .group_by(Team.name, RequestType.name)
    )


def _require(actor: Actor) -> None:
    if not actor.anywhere(Permission.SUPERVISE_CASES):
        raise NotFound
