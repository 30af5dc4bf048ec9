"""Figures for supervisors: what waits and for how long, how fast answers came, what came back, how content people were."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import mean
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import NotFound
from app.domain.helpdesk import states
from app.domain.helpdesk.answer_case import SCORES
from app.domain.helpdesk.models import Case, Rating, RequestType, Team
from app.infra.moments import hours_between

AGES = (("up to 1 day", 1), ("2 to 3 days", 3), ("4 to 8 days", 8), ("9 to 30 days", 30), ("older", None))
"""Names of the ages and their last day, None for no end."""

Until = ColumnElement[Any] | InstrumentedAttribute[Any]
"""A moment at which something ended, as a query has it."""


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
    """Cases that were opened since a moment. Times are medians in hours, None without any.

    `solved` are those that stand as solved or closed; `reopened` those that stood so once and were opened again.
    """

    opened: int
    answered: int
    solved: int
    solved_once: int
    reopened: int
    hours_to_answer: float | None
    hours_to_solution: float | None
    ratings: int
    content: float | None

    @property
    def reopened_share(self) -> float:
        """Of those that were ever solved, the share that was reopened."""
        return self.reopened / self.solved_once if self.solved_once else 0.0


def open_cases(session: Session, actor: Actor, *, now: datetime) -> tuple[list[Open], list[Open]]:
    """What waits in each team, by name; and by request type, most first. One query."""
    _require(actor)
    teams, types = dict[str, Counter[int]](), dict[str, Counter[int]]()
    for team, kind, *no_older in session.execute(_unfinished(now)):
        by_age = {age: more - less for age, (less, more) in enumerate(pairwise([0, *no_older]))}
        teams.setdefault(team, Counter()).update(by_age)
        types.setdefault(kind, Counter()).update(by_age)
    return _in_order(teams), sorted(_in_order(types), key=lambda one: -one.total)


def speed_since(session: Session, actor: Actor, since: datetime) -> Speed:
    """How fast cases opened since that moment were answered and solved. The database counts: a month has thousands."""
    _require(actor)
    ended = func.coalesce(Case.resolved_at, Case.closed_at)
    was_reopened = Case.reopened > 0
    opened, answered, solved, solved_once, reopened, ratings, content = session.execute(
        select(
            func.count(), func.count(Case.answered_at), func.count(ended),
            func.count(case((or_(ended.is_not(None), was_reopened), 1))), func.count(case((was_reopened, 1))),
            func.count(Rating.score), func.avg(Rating.score),
        )
        .select_from(Case)
        .outerjoin(Rating, Rating.case_id == Case.id)
        .where(Case.opened_at >= since)
    ).one()  # fmt: skip
    return Speed(
        opened=opened, answered=answered, solved=solved, solved_once=solved_once, reopened=reopened,
        hours_to_answer=_median_hours(session, Case.answered_at, answered, since),
        hours_to_solution=_median_hours(session, ended, solved, since),
        ratings=ratings, content=float(content) if content is not None else None,
    )  # fmt: skip


def _median_hours(session: Session, until: Until, count: int, since: datetime) -> float | None:
    """The middle one of `count` in order of size, or the mean of the two in the middle; SQLite knows no percentiles."""
    hours = hours_between(Case.opened_at, until)
    inside = select(hours).where(Case.opened_at >= since, until.is_not(None)).order_by(hours)
    middle = session.scalars(inside.offset((count - 1) // 2).limit(2 - count % 2)).all() if count else []
    return mean(middle) if middle else None


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
    """Team, request type, and for each age how many unfinished cases are not older; once for each status, as the index has them."""
    no_older = [
        func.count().filter(Case.opened_at >= now - timedelta(days=days)) if days else func.count()
        for _name, days in AGES
    ]
    counted = (
        select(Case.team_id, Case.request_type_id, *(number.label(f"age_{age}") for age, number in enumerate(no_older)))
        .where(Case.status.in_(states.UNFINISHED))
        .group_by(Case.status, Case.team_id, Case.request_type_id)
        .subquery()
    )
    return (
        select(Team.name, RequestType.name, *list(counted.c)[2:])
        .join(Team, Team.id == counted.c.team_id)
        .join(RequestType, RequestType.id == counted.c.request_type_id)
    )


def _require(actor: Actor) -> None:
    if not actor.anywhere(Permission.SUPERVISE_CASES):
        raise NotFound
