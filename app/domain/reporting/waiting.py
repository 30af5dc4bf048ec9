"""What waits for the state, and what happened today: counts only, each by an index, none beyond a thousand."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.break_glass import openings_to_review
from app.domain.enrollment import states as enrollment_states
from app.domain.enrollment.models import Enrollment
from app.domain.helpdesk import states as case_states
from app.domain.helpdesk.models import Case
from app.domain.program.models import Product
from app.domain.recipients.guardians.models import Guardianship
from app.domain.recipients.held_rows import count_held_rows
from app.domain.recipients.joining.models import SelfRegistration
from app.domain.recipients.merging.pairs import count_pairs
from app.domain.reporting.cvrs.models import CvrsProblem
from app.domain.transfers import states as transfer_states
from app.domain.transfers.models import Transfer
from app.domain.vaccinations.models import Administration
from app.infra import clock
from app.infra.job_log import jobs_in_trouble
from app.infra.outbox import OutboxMessage

MOST = 1_000
KINDS = (
    "enrollments", "transfers", "pairs", "held_rows", "self_registered", "guardianships", "held_back", "cases", "mails",
    "jobs", "glass",
)  # fmt: skip
"""In the order of the menu."""
OVERDUE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Waiting:
    """`count` things of a kind wait; at most MOST are counted. kind: enrollments, transfers, held_rows, pairs,
    self_registered, guardianships, held_back, cases, mails, glass or jobs."""

    kind: str
    count: int

    @property
    def is_many(self) -> bool:
        """There may be more than were counted."""
        return self.count >= MOST


def what_waits(session: Session, actor: Actor, *, today: date, now: datetime) -> list[Waiting]:
    """What this member of staff may decide and somebody waits for; also what stands at nothing."""
    counted = _count(session, _queries(actor, now))
    if actor.may(Permission.DECIDE_HELD_ROWS, at=None):
        counted["held_rows"] = count_held_rows(session, actor)
    if actor.may(Permission.MERGE_PEOPLE, at=None):
        counted["pairs"] = count_pairs(session, actor, today=today)
    if actor.may(Permission.VIEW_OPERATIONS, at=None):
        counted["jobs"] = len(jobs_in_trouble(session, now=now))
    return [Waiting(kind, counted[kind]) for kind in KINDS if kind in counted]


def _queries(actor: Actor, now: datetime) -> dict[str, Select[Any]]:
    """What is counted by a question of this room, as far as the actor may know of it."""
    asked: list[tuple[str, Permission, Select[Any]]] = [
        (
            "enrollments", Permission.REVIEW_ENROLLMENTS,
            select(Enrollment.id).where(Enrollment.status == enrollment_states.SUBMITTED),
        ),
        (
            "transfers", Permission.DECIDE_TRANSFERS,
            select(Transfer.id).where(Transfer.status == transfer_states.REQUESTED),
        ),
        (
            "self_registered", Permission.DECIDE_HELD_ROWS,
            select(SelfRegistration.id).where(
                SelfRegistration.possible_id.is_not(None), SelfRegistration.decided_at.is_(None)
            ),
        ),
        (
            "guardianships", Permission.DECIDE_GUARDIANSHIPS,
            select(Guardianship.id).where(
                Guardianship.possible_id.is_not(None), Guardianship.decided_at.is_(None)
            ),
        ),
        (
            "held_back", Permission.MAKE_FEDERAL_REPORTS,
            select(CvrsProblem.id).where(CvrsProblem.solved_by_id.is_(None)),
        ),
        (
            "cases", Permission.VIEW_OPERATIONS,
            select(Case.id).where(Case.status.in_(case_states.WORKABLE), Case.opened_at < now - OVERDUE),
        ),
        (
            "mails", Permission.VIEW_OPERATIONS,
            select(OutboxMessage.id).where(
                OutboxMessage.status.in_(("failed", "unsure")), OutboxMessage.given_up_at.is_(None)
            ),
        ),
    ]  # fmt: skip
    queries = {kind: query for kind, permission, query in asked if actor.may(permission, at=None)}
    if actor.may(Permission.REVIEW_BREAK_GLASS, at=None):
        queries["glass"] = openings_to_review(actor)
    return queries


def happened_on(session: Session, actor: Actor, day: date, *, zone: ZoneInfo) -> dict[str, int]:
    """doses given and cases opened on one local day, over the whole program."""
    actor.require(Permission.VIEW_FIGURES, at=None)
    start, end = clock.day_bounds(day, zone)
    counted: dict[str, Any] = {
        "doses": select(func.count()).where(
            Administration.product_id.in_(select(Product.id)), Administration.given_on == day,
            Administration.status == "completed",
        ),
        "cases": select(func.count()).where(Case.opened_at >= start, Case.opened_at < end),
    }  # fmt: skip
    return {name: session.scalar(query) or 0 for name, query in counted.items()}


def _count(session: Session, queries: dict[str, Select[Any]]) -> dict[str, int]:
    """All of them in one question, none further than MOST."""
    if not queries:
        return {}
    counts = (
        select(func.count()).select_from(query.limit(MOST).subquery()).scalar_subquery() for query in queries.values()
    )
    return dict(zip(queries, session.execute(select(*counts)).one(), strict=True))
