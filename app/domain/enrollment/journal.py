"""Every step is taken by the table of `states.py` and leaves its row: who, when, from, to and why."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.enrollment import states
from app.domain.enrollment.models import EnrolledLocation, Enrollment, EnrollmentEvent
from app.infra import audit


def move_enrollment(
    session: Session, actor: Actor, enrollment: Enrollment, act: str, *, now: datetime, why: str = "", **facts: Any
) -> None:
    """Take a step of the enrollment. Raises NotNow."""
    before = enrollment.status
    enrollment.status = states.after("enrollment", act, before)
    enrollment.stage_since = now
    enrollment.reminded_administrator = enrollment.reminded_ceo = enrollment.reminded_cmo = 0
    note(session, actor, enrollment, None, act, now=now, before=before, after=enrollment.status, why=why, **facts)


def move_location(
    session: Session, actor: Actor, enrollment: Enrollment, location: EnrolledLocation, act: str, *, now: datetime,
    why: str = "", **facts: Any,
) -> None:  # fmt: skip
    """Take a step of one location. Raises NotNow."""
    before = location.status
    location.status = states.after("location", act, before)
    note(session, actor, enrollment, location, act, now=now, before=before, after=location.status, why=why, **facts)


def note(
    session: Session, actor: Actor, enrollment: Enrollment, location: EnrolledLocation | None, act: str, *,
    now: datetime, before: str = "", after: str = "", why: str = "", **facts: Any,
) -> None:  # fmt: skip
    """Leave the row of an act, whether or not anything moved. `facts` are names of fields, counts and ids."""
    session.add(
        EnrollmentEvent(
            enrollment_id=enrollment.id, enrolled_location_id=location.id if location else None, at=now, act=act,
            before=before, after=after, by_id=actor.id, why=why, facts=facts,
        )
    )  # fmt: skip
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act=f"enrollment.{act}",
        subject_kind="enrolled_location" if location else "enrollment",
        subject_id=location.id if location else enrollment.id, place_id=enrollment.id, now=now,
    )  # fmt: skip
