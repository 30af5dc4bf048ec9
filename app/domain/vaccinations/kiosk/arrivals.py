"""What is new at the door: asked every two seconds or so by every queue that is open, so it takes two small queries."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.vaccinations.kiosk.desk_calls import open_calls
from app.domain.vaccinations.kiosk.models import DeskCall
from app.domain.vaccinations.models import Visit


@dataclass(frozen=True, slots=True)
class Door:
    """`counts`: visits of the day by status. `calls`: who was sent to the desk and waits there.

    `mark` is another one when the queue looks different: somebody came, went on, was called, or waited a minute longer.
    """

    mark: str
    counts: dict[str, int]
    calls: list[DeskCall]


def look_at_door(session: Session, actor: Actor, location_id: UUID, *, day: date, now: datetime) -> Door:
    """The door of a location on a local day."""
    calls = open_calls(session, actor, location_id, day=day)
    visits = session.execute(
        select(
            Visit.status, func.count(), func.max(Visit.arrived_at), func.max(Visit.screened_at), func.max(Visit.ended_at)
        )
        .where(Visit.location_id == location_id, Visit.day == day)
        .group_by(Visit.status)
        .order_by(Visit.status)
    ).all()
    told = [[tuple(row) for row in visits], [call.number for call in calls], now.replace(second=0, microsecond=0)]
    mark = hashlib.sha256(repr(told).encode()).hexdigest()[:12]
    return Door(mark, {row[0]: row[1] for row in visits}, calls)
