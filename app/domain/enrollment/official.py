"""What only the state's staff write: the numbers under which federal systems know the organization and its locations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.enrollment import fields
from app.domain.enrollment.journal import note
from app.domain.enrollment.models import EnrolledLocation, Enrollment
from app.domain.enrollment.queries import get_enrollment, location_to_change
from app.domain.enrollment.values import clean


@dataclass(frozen=True, slots=True)
class SetOfficial:
    """`answers` are some of the official fields of the enrollment, or of one location."""

    enrollment_id: UUID
    answers: Mapping[str, Any]
    enrolled_location_id: UUID | None = None


def set_official(
    session: Session, actor: Actor, command: SetOfficial, *, now: datetime
) -> Enrollment | EnrolledLocation:
    """Write identifiers, at any stage. Nobody has to sign for them. Raises FieldsRefused."""
    actor.require(Permission.REVIEW_ENROLLMENTS, at=None)
    subject: Enrollment | EnrolledLocation
    location = None
    if command.enrolled_location_id is None:
        subject = enrollment = get_enrollment(session, actor, command.enrollment_id, to_change=True)
    else:
        enrollment, location = location_to_change(session, actor, command.enrolled_location_id)
        subject = location
    table = fields.OF_ENROLLMENT if location is None else fields.OF_LOCATION
    values = clean({key: field for key, field in table.items() if field.official}, command.answers)
    subject.answers = {key: value for key, value in {**subject.answers, **values}.items() if value}
    note(session, actor, enrollment, location, "set_official", now=now, fields=sorted(values))
    session.flush()
    return subject
