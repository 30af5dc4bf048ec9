"""After approval any of it can be changed. What is approved stays in force until the state approves the change.

A clinic that buys a freezer, a new chief medical officer, one location more: the federal agreement asks that the
organization keeps its sections current, and `duties.py` says what is signed again.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission, Role
from app.domain.accounts.end_role import end_role
from app.domain.enrollment import states
from app.domain.enrollment.access import require_at
from app.domain.enrollment.advance import advance
from app.domain.enrollment.approve import own_answers
from app.domain.enrollment.dossier import load_dossier
from app.domain.enrollment.errors import NotNow
from app.domain.enrollment.journal import move_enrollment, move_location
from app.domain.enrollment.models import Correction, EnrolledLocation, Enrollment
from app.domain.enrollment.queries import get_enrollment, location_to_change
from app.domain.enrollment.restore import restore_location, restore_section_a
from app.domain.enrollment.settle import drop_corrections_of

_STAGES = states.SECTION_B_STAGES | {states.APPROVED}


@dataclass(frozen=True, slots=True)
class BeginUpdate:
    """Of Section A and the list of locations, or (with the location) of one Section B."""

    enrollment_id: UUID
    enrolled_location_id: UUID | None = None


def begin_update(session: Session, actor: Actor, command: BeginUpdate, *, now: datetime) -> Enrollment:
    """Open an approved enrollment, or one approved location of it, for changes. Raises NotNow.

    Not while the state looks at an earlier change.
    """
    if command.enrolled_location_id is not None:
        return _begin_location(session, actor, command.enrollment_id, command.enrolled_location_id, now)
    require_at(session, actor, Permission.EDIT_SECTION_A, enrollment_id=command.enrollment_id)
    enrollment = get_enrollment(session, actor, command.enrollment_id, to_change=True)
    if enrollment.status != states.UPDATING:
        move_enrollment(session, actor, enrollment, "begin_update", now=now)
    enrollment.section_a_done = False
    session.flush()
    return enrollment


def cancel_update(session: Session, actor: Actor, enrollment_id: UUID, *, now: datetime) -> Enrollment:
    """Give the whole update up: everything is as approved, locations added meanwhile are taken out. Raises NotNow."""
    require_at(session, actor, Permission.EDIT_SECTION_A, enrollment_id=enrollment_id)
    enrollment = get_enrollment(session, actor, enrollment_id, to_change=True)
    if enrollment.approved is None:
        raise NotNow("cancel_update", enrollment.status)
    move_enrollment(session, actor, enrollment, "cancel_update", now=now)
    for location in load_dossier(session, enrollment).covered:
        if location.approved is None:
            move_location(session, actor, enrollment, location, "remove", now=now)
            end_role(session, actor, Role.VACCINE_COORDINATOR, location.id, now=now)
        elif location.status != states.APPROVED:
            move_location(session, actor, enrollment, location, "cancel_update", now=now)
            restore_location(session, actor, enrollment, location, now=now)
    restore_section_a(session, actor, enrollment, now=now)
    session.execute(
        update(Correction)
        .where(Correction.enrollment_id == enrollment.id, Correction.settled_at.is_(None))
        .values(settled_at=now)
    )
    session.flush()
    return enrollment


def cancel_location_update(
    session: Session, actor: Actor, enrolled_location_id: UUID, *, now: datetime
) -> EnrolledLocation:
    """The coordinator gives the update of one location up; with the last change the enrollment is as approved."""
    enrollment, location = location_to_change(session, actor, enrolled_location_id)
    require_at(session, actor, Permission.EDIT_SECTION_B, enrollment_id=enrollment.id, enrolled_location_id=location.id)
    states.refuse_unless(states.SECTION_B_STAGES, enrollment.status, "cancel_update")
    if location.approved is None:
        raise NotNow("cancel_update", location.status)
    move_location(session, actor, enrollment, location, "cancel_update", now=now)
    restore_location(session, actor, enrollment, location, now=now)
    drop_corrections_of(session, location, now=now)
    untouched = all(one.status == states.APPROVED for one in load_dossier(session, enrollment).covered)
    if untouched and enrollment.section_a_done and enrollment.approved == own_answers(enrollment.answers):
        move_enrollment(session, actor, enrollment, "cancel_update", now=now)
    else:
        advance(session, actor, enrollment, now=now)
    session.flush()
    return location


def _begin_location(
    session: Session, actor: Actor, enrollment_id: UUID, enrolled_location_id: UUID, now: datetime
) -> Enrollment:
    enrollment, location = location_to_change(session, actor, enrolled_location_id)
    require_at(session, actor, Permission.EDIT_SECTION_B, enrollment_id=enrollment_id, enrolled_location_id=location.id)
    states.refuse_unless(_STAGES, enrollment.status, "begin_update")
    if enrollment.status == states.APPROVED:
        move_enrollment(session, actor, enrollment, "begin_update", now=now)
    move_location(session, actor, enrollment, location, "begin_update", now=now)
    location.awaited_since, location.reminded = now, 0
    advance(session, actor, enrollment, now=now)
    session.flush()
    return enrollment
