"""The state asks for corrections of named fields and returns the application with everything that was typed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.enrollment import fields, states
from app.domain.enrollment.access import require_at
from app.domain.enrollment.errors import FieldsRefused, NoCorrections, Reason
from app.domain.enrollment.journal import move_enrollment, move_location, note
from app.domain.enrollment.models import Correction, EnrolledLocation, Enrollment
from app.domain.enrollment.people import tell
from app.domain.enrollment.queries import get_enrolled_location, get_enrollment, location_to_change
from app.domain.errors import NotFound

LONGEST_COMMENT = 1000
_OF_ADMINISTRATOR = frozenset(field.key for field in fields.LOCATION)
_IN_REVIEW = frozenset({states.SUBMITTED})


@dataclass(frozen=True, slots=True)
class AskCorrection:
    """`field` is a key of `fields.py`; of a location also receiving, storage_units, pictures or providers; of the
    enrollment also locations."""

    enrollment_id: UUID
    field: str
    comment: str
    enrolled_location_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ReturnEnrollment:
    """`message` is said above the list of fields."""

    enrollment_id: UUID
    message: str = ""


def ask_correction(session: Session, actor: Actor, command: AskCorrection, *, now: datetime) -> Correction:
    """Note what is to be corrected. It is sent when the application is returned. Raises FieldsRefused or NotNow."""
    actor.require(Permission.REVIEW_ENROLLMENTS, at=None)
    enrollment = get_enrollment(session, actor, command.enrollment_id, to_change=True)
    states.refuse_unless(_IN_REVIEW, enrollment.status, "ask_correction")
    location_id = command.enrolled_location_id
    if location_id is not None:
        location = get_enrolled_location(session, actor, location_id, enrollment_id=enrollment.id)
        states.refuse_unless(frozenset({states.COMPLETE, states.APPROVED}), location.status, "ask_correction")
    _refuse_bad(command)
    correction = Correction(
        enrollment_id=enrollment.id, enrolled_location_id=location_id, field=command.field,
        comment=command.comment.strip(), asked_by_id=actor.id, asked_at=now,
    )  # fmt: skip
    session.add(correction)
    session.flush()
    return correction


def withdraw_correction(session: Session, actor: Actor, correction_id: UUID, *, now: datetime) -> None:
    """Take back what was noted and not sent yet. Raises NotFound."""
    actor.require(Permission.REVIEW_ENROLLMENTS, at=None)
    correction = session.get(Correction, correction_id)
    if correction is None:
        raise NotFound(correction_id)
    get_enrollment(session, actor, correction.enrollment_id, to_change=True)
    fresh = session.get(Correction, correction_id, populate_existing=True)
    if fresh is None or fresh.sent_at is not None:
        raise NotFound(correction_id)
    session.delete(fresh)
    session.flush()


def settle_correction(session: Session, actor: Actor, correction_id: UUID, *, now: datetime) -> None:
    """Whoever was asked says that it is dealt with although the field did not change. Raises NotFound or NotNow."""
    correction = session.get(Correction, correction_id)
    if correction is None or correction.sent_at is None:
        raise NotFound(correction_id)
    enrollment = get_enrollment(session, actor, correction.enrollment_id, to_change=True)
    by_administrator = correction.enrolled_location_id is None or correction.field in _OF_ADMINISTRATOR
    require_at(
        session, actor, Permission.EDIT_SECTION_A if by_administrator else Permission.EDIT_SECTION_B,
        enrollment_id=enrollment.id, enrolled_location_id=correction.enrolled_location_id,
    )  # fmt: skip
    states.refuse_unless(states.EDITABLE, enrollment.status, "settle_correction")
    if correction.settled_at is None:
        correction.settled_at = now
        note(session, actor, enrollment, None, "settle_correction", now=now, field=correction.field)
    session.flush()


def return_enrollment(session: Session, actor: Actor, command: ReturnEnrollment, *, now: datetime) -> Enrollment:
    """Return the application with the corrections noted so far, to those whose fields they are.

    Raises NoCorrections or NotNow. Nothing that was typed is lost; signatures stand as long as their facts do.
    """
    actor.require(Permission.REVIEW_ENROLLMENTS, at=None)
    enrollment = get_enrollment(session, actor, command.enrollment_id, to_change=True)
    states.refuse_unless(_IN_REVIEW, enrollment.status, "return")
    asked = list(
        session.scalars(
            select(Correction).where(Correction.enrollment_id == enrollment.id, Correction.sent_at.is_(None))
        )
    )
    if not asked:
        raise NoCorrections
    for correction in asked:
        correction.sent_at = now
    theirs = {
        one.enrolled_location_id for one in asked if one.enrolled_location_id and one.field not in _OF_ADMINISTRATOR
    }
    if any(one.enrolled_location_id is None or one.field in _OF_ADMINISTRATOR for one in asked):
        enrollment.section_a_done = False
    move_enrollment(session, actor, enrollment, "return", now=now, why=command.message, corrections=len(asked))
    tell(session, "enrollment.returned", enrollment, to="administrator", now=now)
    for location_id in sorted(theirs, key=str):
        send_back(session, actor, enrollment, location_to_change(session, actor, location_id)[1], "return", now=now)
    session.flush()
    return enrollment


def send_back(
    session: Session, actor: Actor, enrollment: Enrollment, location: EnrolledLocation, act: str, *, now: datetime,
    why: str = "",
) -> None:  # fmt: skip
    """Give a location back to its coordinator, who is told and, if need be, reminded."""
    move_location(session, actor, enrollment, location, act, now=now, why=why)
    location.awaited_since, location.reminded = now, 0
    tell(session, "enrollment.returned", enrollment, to="coordinator", location=location, now=now)


def can_be_corrected(key: str, *, of_location: bool) -> bool:
    """True for what applicants answer in Section A (or of a location), and for the lists that belong to it."""
    table = fields.OF_LOCATION if of_location else fields.OF_ENROLLMENT
    if key in table:
        return not table[key].official
    return key in fields.NOT_ANSWERS and (key != "locations") == of_location


def _refuse_bad(command: AskCorrection) -> None:
    reasons: dict[str, Reason] = {}
    if not can_be_corrected(command.field, of_location=command.enrolled_location_id is not None):
        reasons["field"] = "unknown"
    if not command.comment.strip():
        reasons["comment"] = "missing"
    elif len(command.comment.strip()) > LONGEST_COMMENT:
        reasons["comment"] = "too_long"
    if reasons:
        raise FieldsRefused(reasons)
