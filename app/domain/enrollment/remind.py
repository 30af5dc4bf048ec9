"""Whoever has not answered is reminded: once after three days and once after seven, and then left in peace."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import system
from app.domain.accounts.names import fold_name
from app.domain.enrollment import duties, states
from app.domain.enrollment.dossier import Dossier, load_dossier
from app.domain.enrollment.duties import OFFICERS
from app.domain.enrollment.journal import note
from app.domain.enrollment.models import EnrolledLocation, Enrollment
from app.domain.enrollment.people import tell
from app.domain.enrollment.progress import ADMINISTRATOR, unsigned_officers
from app.infra.db import Database

AFTER_DAYS = (3, 7)
_STAGES = (states.LOCATIONS, states.SIGNATURES, states.RETURNED, states.UPDATING)


def remind_due(database: Database, *, now: datetime) -> int:
    """Send the reminders that are due; returns how many. One transaction for each enrollment."""
    with database.reading() as session:
        late = list(session.scalars(due(now)))
    sent = 0
    for enrollment_id in late:
        with database.transaction() as session:
            held = select(Enrollment).where(Enrollment.id == enrollment_id).with_for_update()
            enrollment = session.scalar(held)
            if enrollment is not None:
                sent += remind(session, enrollment, now=now)
    return sent


def remind(session: Session, enrollment: Enrollment, *, now: datetime) -> int:
    """The reminders of one enrollment, which the caller holds. Returns how many were sent."""
    if enrollment.status not in _STAGES:
        return 0
    dossier = load_dossier(session, enrollment)
    sent = _remind_coordinators(session, dossier, now)
    waiting = _waiting(dossier)
    for who in (*OFFICERS, ADMINISTRATOR):
        column = f"reminded_{who}"
        if who not in waiting:
            setattr(enrollment, column, AFTER_DAYS[-1])
            continue
        days = _days_due(enrollment.stage_since, getattr(enrollment, column), now)
        if days:
            setattr(enrollment, column, days)
            tell(session, "enrollment.reminder", enrollment, to=who, now=now)
            note(session, system("reminders"), enrollment, None, "remind", now=now, who=who, days=days)
            sent += 1
    return sent


def _waiting(dossier: Dossier) -> list[str]:
    """Officers and administrator for whom the enrollment waits."""
    if dossier.enrollment.status == states.SIGNATURES:
        return unsigned_officers(dossier)
    returned = dossier.enrollment.status == states.RETURNED and not dossier.enrollment.section_a_done
    return [ADMINISTRATOR] if returned else []


def _remind_coordinators(session: Session, dossier: Dossier, now: datetime) -> int:
    """One mail for each coordinator, however many of their locations wait."""
    mailed: set[tuple[str, str]] = set()
    for location in _late(dossier):
        days = _days_due(location.awaited_since, location.reminded, now)
        if not days:
            continue
        location.reminded = days
        person = (fold_name(location.coordinator_email), fold_name(location.coordinator_name))
        if person not in mailed:
            mailed.add(person)
            tell(session, "enrollment.reminder", dossier.enrollment, to="coordinator", location=location, now=now)
            note(
                session, system("reminders"), dossier.enrollment, location, "remind", now=now, who="coordinator",
                days=days,
            )  # fmt: skip
    return len(mailed)


def _late(dossier: Dossier) -> Iterable[EnrolledLocation]:
    return (location for location in dossier.covered if not duties.is_ready(dossier, location))


def _days_due(since: datetime | None, reminded: int, now: datetime) -> int:
    """After how many days a reminder is due now, of those not sent yet; 0 when none is."""
    passed = [days for days in AFTER_DAYS if since and now - since >= timedelta(days=days)]
    return passed[-1] if passed and passed[-1] > reminded else 0


def due(now: datetime) -> Select[UUID]:
    """Enrollments in which somebody may have to be reminded, so that the others are not looked into every minute."""
    places = select(EnrolledLocation.enrollment_id).where(
        EnrolledLocation.status.not_in(states.GONE),
        _late_by(EnrolledLocation.awaited_since, EnrolledLocation.reminded, now),
    )
    people = [Enrollment.reminded_ceo, Enrollment.reminded_cmo, Enrollment.reminded_administrator]
    late = or_(*(_late_by(Enrollment.stage_since, reminded, now) for reminded in people))
    return (
        select(Enrollment.id)
        .where(Enrollment.status.in_(_STAGES))
        .where(or_(Enrollment.id.in_(places), late & Enrollment.status.in_((states.SIGNATURES, states.RETURNED))))
        .order_by(Enrollment.id)
    )


def _late_by(since: Any, reminded: Any, now: datetime) -> ColumnElement[bool]:
    return or_(*((since <= now - timedelta(days=days)) & (reminded < days) for days in AFTER_DAYS))
