"""The administrator adds a location, with its address and its Vaccine Coordinator."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.enrollment import fields, states
from app.domain.enrollment.access import require_at
from app.domain.enrollment.advance import advance
from app.domain.enrollment.errors import Incomplete, SameLocation
from app.domain.enrollment.journal import note
from app.domain.enrollment.models import EnrolledLocation, Enrollment
from app.domain.enrollment.people import name_coordinators
from app.domain.enrollment.queries import get_enrollment
from app.domain.enrollment.values import clean
from app.infra.search import fold

_OWN = {field.key: field for field in fields.LOCATION}


@dataclass(frozen=True, slots=True)
class AddEnrolledLocation:
    """`answers` are the fields of `fields.LOCATION`."""

    enrollment_id: UUID
    answers: Mapping[str, Any]


def add_location(session: Session, actor: Actor, command: AddEnrolledLocation, *, now: datetime) -> EnrolledLocation:
    """Add one location. Once Section A is complete its coordinator is asked at once.

    Raises FieldsRefused, Incomplete, SameLocation or NotNow (an approved enrollment first begins an update).
    """
    require_at(session, actor, Permission.EDIT_SECTION_A, enrollment_id=command.enrollment_id)
    enrollment = get_enrollment(session, actor, command.enrollment_id, to_change=True)
    states.refuse_unless(states.EDITABLE, enrollment.status, "add")
    answers = {key: value for key, value in clean(_OWN, command.answers).items() if value}
    missing = fields.unanswered(fields.LOCATION, answers)
    if missing:
        raise Incomplete(missing)
    known = known_places(session, enrollment)
    if place_key(answers) in known:
        raise SameLocation(known[place_key(answers)])
    location = make_location(session, enrollment, answers, next_number(session, enrollment), now)
    session.flush()
    note(session, actor, enrollment, location, "add", now=now, after=location.status)
    after_adding(session, actor, enrollment, [location], now)
    return location


def after_adding(
    session: Session, actor: Actor, enrollment: Enrollment, locations: list[EnrolledLocation], now: datetime
) -> None:
    """Ask the new coordinators, unless Section A is still being written; go back from signatures."""
    session.flush()
    if enrollment.status != states.SECTION_A:
        name_coordinators(session, actor, enrollment, locations, now=now)
    advance(session, actor, enrollment, now=now)
    session.flush()


def make_location(
    session: Session, enrollment: Enrollment, answers: dict[str, Any], number: int, now: datetime
) -> EnrolledLocation:
    """A location that has not been started. Its code is the enrollment's with B and its number: NC123456B1."""
    made = EnrolledLocation(
        enrollment_id=enrollment.id, number=number, code=f"{enrollment.code[:-1]}B{number}", answers=answers,
        status=states.NOT_STARTED, created_at=now,
    )  # fmt: skip
    session.add(made)
    return made


def next_number(session: Session, enrollment: Enrollment) -> int:
    """The next number of a location; those of removed ones are not used again."""
    query = select(func.max(EnrolledLocation.number)).where(EnrolledLocation.enrollment_id == enrollment.id)
    return (session.scalar(query) or 0) + 1


def place_key(answers: Mapping[str, Any]) -> tuple[str, str, str]:
    """What makes two locations of an enrollment the same: name, street and ZIP, however written."""
    return (
        fold(answers.get("name", "")),
        fold(f"{answers.get('street', '')} {answers.get('street_2', '')}"),
        answers.get("zip", "")[:5],
    )


def known_places(
    session: Session, enrollment: Enrollment, *, but: UUID | None = None
) -> dict[tuple[str, str, str], str]:
    """The codes of the enrollment's locations (`but` one) by their place."""
    rows = session.execute(
        select(EnrolledLocation.code, EnrolledLocation.answers).where(
            EnrolledLocation.enrollment_id == enrollment.id,
            EnrolledLocation.status != states.REMOVED,
            EnrolledLocation.id != but,
        )
    )
    return {place_key(answers): code for code, answers in rows}
