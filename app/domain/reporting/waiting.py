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
from app.domain.transfers import states as transfer_states
from app.domain.transfers.models import Transfer
from app.domain.vaccinations.models import Administration
from app.infra import clock
from app.infra.job_log import jobs_in_trouble
from app.infra.outbox import OutboxMessage

MOST = 1_000
OVERDUE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Waiting:
    """`count` things of a kind wait; at most MOST are counted. kind: enrollments, transfers, held_rows,
    self_registered, guardianships, mails, cases, glass or jobs."""

    kind: str
    count: int

    @property
    def is_many(self) -> bool:
        """There may be more than were counted."""
        return self.count >= MOST


def what_waits(session: Session, actor: Actor, *, now: datetime) -> list[Waiting]:
    """What this member of staff may decide and somebody waits for; also what stands at nothing."""
    found: list[tuple[str, Permission, Select[Any]]] = [
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
            "mails", Permission.VIEW_OPERATIONS,
            select(OutboxMessage.id).where(
                OutboxMessage.status.in_(("failed", "unsure")), OutboxMessage.given_up_at.is_(None)
            ),
        ),
        (
            "cases", Permission.VIEW_OPERATIONS,
            select(Case.id).where(Case.status.in_(case_states.WORKABLE), Case.opened_at < now - OVERDUE),
        ),
    ]  # fmt: skip
    counted = [
        Waiting(kind, _count(session, query)) for kind, permission, query in found if actor.may(permission, at=None)
    ]
    if actor.may(Permission.DECIDE_HELD_ROWS, at=None):
        counted.insert(2, Waiting("held_rows", count_held_rows(session, actor)))
    return counted + _of_overseers(session, actor, now)


def _of_overseers(session: Session, actor: Actor, now: datetime) -> list[Waiting]:
    found = []
    if actor.may(Permission.REVIEW_BREAK_GLASS, at=None):
        found.append(Waiting("glass", _count(session, openings_to_review(actor))))
    if actor.may(Permission.VIEW_OPERATIONS, at=None):
        found.append(Waiting("jobs", len(jobs_in_trouble(session, now=now))))
    return found


def happened_on(session: Session, actor: Actor, day: date, *, zone: ZoneInfo) -> dict[str, int]:
    """doses given and cases opened on one local day, over the whole programme."""
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


def _count(session: Session, query: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(query.limit(MOST).subquery())) or 0
