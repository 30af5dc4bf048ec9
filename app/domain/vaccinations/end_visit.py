"""Use case: a visit ends without a dose, and why."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.program.lookup import Choice, Choices
from app.domain.vaccinations.errors import BadDose, VisitEnded
from app.domain.vaccinations.models import Visit
from app.domain.vaccinations.visits import OPEN, get_visit
from app.infra import audit

LEAVING_REASONS = Choices(
    (
        Choice("deferred", "To come back another day (sick, antibody treatment, too early)"),
        Choice("contraindicated", "Must not have this vaccine"),
        Choice("declined", "The person decided against it"),
        Choice("no_vaccine", "No vaccine left"),
        Choice("mistake", "Checked in by mistake"),
        Choice("left", "Left before being seen"),
    )
)


@dataclass(frozen=True, slots=True)
class EndVisit:
    """The reason is a code of LEAVING_REASONS: no free text, so that no health data is kept readable."""

    location_id: UUID
    visit_id: UUID
    reason: str


def end_visit(session: Session, actor: Actor, command: EndVisit, *, now: datetime) -> Visit:
    """End a visit without a dose. Raises VisitEnded, NotFound, BadDose (a reason that no list knows)."""
    actor.require(Permission.CHECK_IN_RECIPIENTS, at=command.location_id)
    if LEAVING_REASONS.by_code(command.reason) is None:
        raise BadDose("reason")
    visit = get_visit(session, actor, command.location_id, command.visit_id, anew=True)
    if visit.status not in OPEN:
        raise VisitEnded
    visit.status, visit.reason, visit.ended_at = "left", command.reason, now
    session.flush()
    audit.record(
        session,
        actor_kind=actor.kind,
        actor_id=actor.id,
        act="visit.ended_without_dose",
        subject_kind="recipient",
        subject_id=visit.recipient_id,
        place_id=command.location_id,
        now=now,
    )
    return visit
