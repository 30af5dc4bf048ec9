"""Back to what is in force: an update is given up or denied, and the approved version never stopped to hold."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.enrollment.models import EnrolledLocation, Enrollment, PracticingProvider, StorageUnit
from app.domain.enrollment.people import follow_coordinator, follow_officers, name_coordinators


def restore_location(
    session: Session, actor: Actor, enrollment: Enrollment, location: EnrolledLocation, *, now: datetime
) -> None:
    """Answers, storage units, providers and coordinator as they were approved."""
    before = location.answers
    official = {key: value for key, value in before.items() if key.startswith("official_")}
    location.answers = {**(location.approved or {}), **official}
    location.version += 1
    for table in (StorageUnit, PracticingProvider):
        ours = table.enrolled_location_id == location.id
        session.execute(update(table).where(ours, table.approved.is_(True)).values(removed_at=None))
        session.execute(
            update(table).where(ours, table.approved.is_(False), table.removed_at.is_(None)).values(removed_at=now)
        )
    if follow_coordinator(session, actor, enrollment, location, before, now=now):
        name_coordinators(session, actor, enrollment, [location], now=now)


def restore_section_a(session: Session, actor: Actor, enrollment: Enrollment, *, now: datetime) -> None:
    """The answers of Section A as they were approved."""
    before = enrollment.answers
    official = {key: value for key, value in before.items() if key.startswith("official_")}
    enrollment.answers = {**(enrollment.approved or {}), **official}
    enrollment.version += 1
    enrollment.section_a_done = True
    follow_officers(session, actor, enrollment, before, now=now)
