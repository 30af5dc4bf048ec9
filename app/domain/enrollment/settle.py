"""A correction is settled when its field changes, or when the one who was asked says that it is dealt with."""

from datetime import datetime

from sqlalchemy import Select, delete, not_, or_, select, update
from sqlalchemy.orm import Session

from app.domain.enrollment import fields
from app.domain.enrollment.errors import CorrectionsOpen
from app.domain.enrollment.models import Correction, EnrolledLocation, Enrollment


def settle_changed(
    session: Session, enrollment: Enrollment, location: EnrolledLocation | None, changed: set[str], *, now: datetime
) -> None:
    """Settle the corrections of fields that changed. Hours count as one field, "receiving"."""
    named = changed | ({"receiving"} if any(key.startswith("receiving_") for key in changed) else set())
    if named:
        session.execute(
            update(Correction)
            .where(Correction.enrollment_id == enrollment.id, Correction.field.in_(named))
            .where(Correction.enrolled_location_id == (location.id if location else None))
            .where(Correction.settled_at.is_(None), Correction.sent_at.is_not(None))
            .values(settled_at=now)
        )


def drop_corrections_of(session: Session, location: EnrolledLocation, *, now: datetime) -> None:
    """Nothing is asked of the location any more: what was sent is settled, what was only noted is forgotten."""
    here = Correction.enrolled_location_id == location.id
    session.execute(delete(Correction).where(here, Correction.sent_at.is_(None)))
    session.execute(update(Correction).where(here, Correction.settled_at.is_(None)).values(settled_at=now))


def open_for_section_a(session: Session, enrollment: Enrollment) -> list[Correction]:
    """What the administrator was asked: fields of Section A, and what Section A says of a location."""
    told_by_administrator = Correction.field.in_([field.key for field in fields.LOCATION])
    query = _open(enrollment).where(or_(Correction.enrolled_location_id.is_(None), told_by_administrator))
    return list(session.scalars(query))


def open_for_section_b(session: Session, enrollment: Enrollment, location: EnrolledLocation) -> list[Correction]:
    """What the Vaccine Coordinator of a location was asked."""
    told_by_administrator = Correction.field.in_([field.key for field in fields.LOCATION])
    query = _open(enrollment).where(Correction.enrolled_location_id == location.id, not_(told_by_administrator))
    return list(session.scalars(query))


def refuse_open(corrections: list[Correction]) -> None:
    """Raise CorrectionsOpen when there are any."""
    if corrections:
        raise CorrectionsOpen(tuple(dict.fromkeys(correction.field for correction in corrections)))


def _open(enrollment: Enrollment) -> Select[Correction]:
    return (
        select(Correction)
        .where(Correction.enrollment_id == enrollment.id)
        .where(Correction.settled_at.is_(None), Correction.sent_at.is_not(None))
        .order_by(Correction.id)
    )
