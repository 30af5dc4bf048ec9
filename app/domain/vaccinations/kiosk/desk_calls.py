"""Whom the kiosks sent to the desk: a number on both sides, until somebody there has taken care of it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import NotFound
from app.domain.vaccinations.kiosk.models import DeskCall
from app.infra import audit
from app.infra.db import one_at_a_time

MOST_SHOWN = 50


def calls_visible_to(actor: Actor) -> Select[DeskCall]:
    """The one door to these calls: those of the places whose clinic the actor may see."""
    return select(DeskCall).where(DeskCall.location_id.in_(actor.places(Permission.VIEW_CLINIC)))


def call_desk(
    session: Session, kiosk_id: UUID, location_id: UUID, reason: str, *, now: datetime, today: date
) -> DeskCall:
    """The next number of the day at the location."""
    one_at_a_time(session, f"desk-call:{location_id}")
    last = session.scalar(
        select(func.max(DeskCall.number)).where(DeskCall.location_id == location_id, DeskCall.day == today)
    )
    made = DeskCall(
        location_id=location_id, device_id=kiosk_id, day=today, number=(last or 0) + 1, reason=reason, called_at=now
    )
    session.add(made)
    session.flush()
    return made


def open_calls(session: Session, actor: Actor, location_id: UUID, *, day: date) -> list[DeskCall]:
    """Who waits at the desk, the first first."""
    actor.require(Permission.VIEW_CLINIC, at=location_id)
    query = calls_visible_to(actor).where(
        DeskCall.location_id == location_id, DeskCall.day == day, DeskCall.taken_at.is_(None)
    )
    return list(session.scalars(query.order_by(DeskCall.number).limit(MOST_SHOWN)))


def take_call(session: Session, actor: Actor, location_id: UUID, call_id: UUID, *, now: datetime) -> DeskCall:
    """Somebody at the desk takes care of it; a second time changes nothing. Raises NotFound."""
    actor.require(Permission.CHECK_IN_RECIPIENTS, at=location_id)
    found = session.scalar(
        calls_visible_to(actor).where(DeskCall.id == call_id, DeskCall.location_id == location_id)
    )
    if found is None:
        raise NotFound(call_id)
    if found.taken_at is None:
        found.taken_at, found.taken_by_id = now, actor.id
        session.flush()
        audit.record(
            session, actor_kind=actor.kind, actor_id=actor.id, act="desk_call.taken", subject_kind="desk_call",
            subject_id=found.id, place_id=location_id, now=now,
        )  # fmt: skip
    return found
