"""A location leaves the program, and the organization with its last one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.end_role import withdraw_all
from app.domain.enrollment import states
from app.domain.enrollment.advance import advance
from app.domain.enrollment.approve import finish_review
from app.domain.enrollment.deny import checked_reason
from app.domain.enrollment.dossier import load_dossier
from app.domain.enrollment.journal import move_enrollment, move_location
from app.domain.enrollment.models import EnrolledLocation
from app.domain.enrollment.people import tell
from app.domain.enrollment.queries import location_to_change
from app.domain.enrollment.settle import drop_corrections_of
from app.domain.providers.models import Location


@dataclass(frozen=True, slots=True)
class Disenroll:
    """`why` is told to the administrator and the coordinator."""

    enrolled_location_id: UUID
    why: str


def disenroll_location(session: Session, actor: Actor, command: Disenroll, *, now: datetime) -> EnrolledLocation:
    """End a location's part in the program. Its records stay. Raises FieldsRefused or NotNow."""
    actor.require(Permission.REVIEW_ENROLLMENTS, at=None)
    enrollment, location = location_to_change(session, actor, command.enrolled_location_id)
    why = checked_reason(command.why)
    move_location(session, actor, enrollment, location, "disenroll", now=now, why=why)
    if location.location_id is not None:
        session.get_one(Location, location.location_id).closed_at = now
        withdraw_all(session, location.location_id, now=now)
    drop_corrections_of(session, location, now=now)
    for to in ("coordinator", "administrator"):
        tell(session, "enrollment.disenrolled", enrollment, to=to, location=location, now=now)
    if load_dossier(session, enrollment).covered:
        advance(session, actor, enrollment, now=now)
        if enrollment.status == states.SUBMITTED:
            finish_review(session, actor, enrollment, now=now)
    else:
        move_enrollment(session, actor, enrollment, "disenroll", now=now, why=why)
    session.flush()
    return location
