"""What a location gave and when it was entered. Late entry cost real clinics their next delivery: unused, it seemed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.recipients.models import Recipient
from app.domain.vaccinations.models import Administration, Visit
from app.domain.vaccinations.visits import OPEN
from app.infra.db import first_id_of

LONG_DAYS, SHORT_DAYS = 30, 7
LATE_HOURS = 24
OPEN_FOR = timedelta(hours=2)
"""Who came so long ago and has no end was probably vaccinated, and the dose is still to be entered."""
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Lag:
    """Doses given in the last `days` days, hours from given to entered (None: no doses), and how many took over a day."""

    days: int
    doses: int
    median_hours: float | None
    worst_hours: float | None
    late: int


@dataclass(frozen=True, slots=True)
class OpenVisit:
    """Somebody who came two hours ago or earlier, and of whom nobody entered how it ended."""

    visit_id: UUID
    full_name: str
    day: date
    screened: bool


@dataclass(frozen=True, slots=True)
class EntryLag:
    """The last week, the last month, and who came and has no end; at most 50 of them, the oldest first."""

    week: Lag
    month: Lag
    not_entered: tuple[OpenVisit, ...]
    more: bool


def entry_lag(session: Session, actor: Actor, location_id: UUID, *, now: datetime, today: date) -> EntryLag:
    """How late doses are entered at a location. Two queries, each read from an index of the location.

    A dose is entered after it was given, so those of a month have keys of that month: older ones are not read.
    Doses given elsewhere and doses entered in error do not count. Raises NotFound or NotAllowed.
    """
    actor.require(Permission.VIEW_CLINIC, at=location_id)
    since = today - timedelta(days=LONG_DAYS)
    rows = session.execute(
        select(Administration.given_on, Administration.given_at, Administration.recorded_at).where(
            Administration.location_id == location_id, Administration.id >= first_id_of(now - timedelta(days=LONG_DAYS + 1)),
            Administration.given_on > since,
            Administration.given_on <= today, Administration.status == "completed", Administration.source == "",
        )
    )  # fmt: skip
    hours = [(day, max((entered - given) / timedelta(hours=1), 0.0)) for day, given, entered in rows]
    left = _not_entered(session, location_id, now, today)
    return EntryLag(
        _lag(SHORT_DAYS, [lag for day, lag in hours if day > today - timedelta(days=SHORT_DAYS)]),
        _lag(LONG_DAYS, [lag for _, lag in hours]), tuple(left[:MOST_SHOWN]), len(left) > MOST_SHOWN,
    )  # fmt: skip


def _lag(days: int, hours: list[float]) -> Lag:
    if not hours:
        return Lag(days, 0, None, None, 0)
    return Lag(days, len(hours), median(hours), max(hours), sum(one > LATE_HOURS for one in hours))


def _not_entered(session: Session, location_id: UUID, now: datetime, today: date) -> list[OpenVisit]:
    query = (
        select(Visit.id, Recipient.first_name, Recipient.last_name, Visit.day, Visit.status)
        .join(Recipient, Recipient.id == Visit.recipient_id)
        .where(*_left_open(location_id, now, today))
        .order_by(Visit.day, Visit.arrived_at, Visit.id)
        .limit(MOST_SHOWN + 1)
    )
    return [
        OpenVisit(visit_id, f"{first} {last}".strip(), day, status == "screened")
        for visit_id, first, last, day, status in session.execute(query)
    ]


def _left_open(location_id: UUID, now: datetime, today: date) -> list[ColumnElement[bool]]:
    return [
        Visit.location_id == location_id, Visit.day > today - timedelta(days=LONG_DAYS), Visit.day <= today,
        Visit.status.in_(OPEN), Visit.arrived_at <= now - OPEN_FOR,
    ]  # fmt: skip
