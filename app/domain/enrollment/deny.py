"""The state denies a location, or an update of it; and opens again what was denied."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.enrollment import states
from app.domain.enrollment.advance import advance
from app.domain.enrollment.approve import finish_review, for_decision, own_answers
from app.domain.enrollment.corrections import send_back
from app.domain.enrollment.errors import FieldsRefused, NothingToDecide, NotNow
from app.domain.enrollment.journal import move_enrollment, move_location, note
from app.domain.enrollment.models import EnrolledLocation, Enrollment
from app.domain.enrollment.people import tell
from app.domain.enrollment.queries import get_enrollment, location_to_change
from app.domain.enrollment.restore import restore_location, restore_section_a

LONGEST_WHY = 2000


@dataclass(frozen=True, slots=True)
class Deny:
    """`why` is told to the applicants."""

    enrolled_location_id: UUID
    why: str


@dataclass(frozen=True, slots=True)
class DenySectionA:
    """The changes of Section A in an update. `why` is told to the administrator."""

    enrollment_id: UUID
    why: str


@dataclass(frozen=True, slots=True)
class Reopen:
    """A denied location may be corrected and submitted again. `why` is told to the applicants."""

    enrolled_location_id: UUID
    why: str


def deny_location(session: Session, actor: Actor, command: Deny, *, now: datetime) -> EnrolledLocation:
    """Deny a location as it was submitted. Of an approved one only the update is denied: it stays as it was.

    Raises FieldsRefused (no reason given) or NothingToDecide.
    """
    enrollment, location = for_decision(session, actor, command.enrolled_location_id)
    why = checked_reason(command.why)
    if location.approved is None:
        move_location(session, actor, enrollment, location, "deny", now=now, why=why)
    else:
        denied = location.answers
        move_location(session, actor, enrollment, location, "deny_update", now=now, why=why, denied=denied)
        restore_location(session, actor, enrollment, location, now=now)
    location.decided_at = now
    for to in ("coordinator", "administrator"):
        tell(session, "enrollment.denied", enrollment, to=to, location=location, now=now)
    finish_review(session, actor, enrollment, now=now)
    session.flush()
    return location


def deny_section_a(session: Session, actor: Actor, command: DenySectionA, *, now: datetime) -> Enrollment:
    """Deny what an update changes in Section A; the approved version stays. Raises NothingToDecide."""
    actor.require(Permission.REVIEW_ENROLLMENTS, at=None)
    enrollment = get_enrollment(session, actor, command.enrollment_id, to_change=True)
    if enrollment.status != states.SUBMITTED or enrollment.approved in (None, own_answers(enrollment.answers)):
        raise NothingToDecide(enrollment.status)
    why = checked_reason(command.why)
    note(session, actor, enrollment, None, "deny_section_a", now=now, why=why, denied=enrollment.answers)
    restore_section_a(session, actor, enrollment, now=now)
    tell(session, "enrollment.denied", enrollment, to="administrator", now=now)
    finish_review(session, actor, enrollment, now=now)
    session.flush()
    return enrollment


def reopen_location(session: Session, actor: Actor, command: Reopen, *, now: datetime) -> EnrolledLocation:
    """Open a denied location for correction. Raises FieldsRefused or NotNow (also when the organization has left)."""
    actor.require(Permission.REVIEW_ENROLLMENTS, at=None)
    enrollment, location = location_to_change(session, actor, command.enrolled_location_id)
    if enrollment.status == states.DISENROLLED:
        raise NotNow("reopen", enrollment.status)
    why = checked_reason(command.why)
    send_back(session, actor, enrollment, location, "reopen", now=now, why=why)
    act = {states.DENIED: "reopen", states.SUBMITTED: "return", states.APPROVED: "begin_update"}.get(enrollment.status)
    if act:
        move_enrollment(session, actor, enrollment, act, now=now, why=why)
    advance(session, actor, enrollment, now=now)
    session.flush()
    return location


def checked_reason(why: str) -> str:
    """The reason without spaces around it. Raises FieldsRefused."""
    why = why.strip()
    if not why or len(why) > LONGEST_WHY:
        raise FieldsRefused({"why": "too_long" if why else "missing"})
    return why
