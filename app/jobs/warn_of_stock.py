"""The daily round of warnings: expiring, running low, dates nobody knows, in transit too long. In decent hours."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from app.domain.accounts.access import system
from app.domain.inventory.warn import warn_location
from app.domain.inventory.warnings import finish_round, locations_to_look_at, round_is_done
from app.domain.transfers.overdue import too_long_on_the_way
from app.infra import clock
from app.infra.db import Database
from app.jobs.one_by_one import Round

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

log = structlog.get_logger()

EARLIEST_HOUR = 9
LATEST_HOUR = 20


def warn_due(database: Database, *, zone: ZoneInfo, now: datetime) -> int:
    """Look at every location once a day; returns how many were mailed. Done already today, or too early: 0.

    Each location is a transaction of its own, and what was told is kept: a round that stopped halfway is begun again
    and tells nobody twice. Raises an ExceptionGroup once all other locations were looked at; those that failed are
    looked at again tomorrow.
    """
    today = clock.local_date(now, zone)
    if not EARLIEST_HOUR <= now.astimezone(zone).hour < LATEST_HOUR:
        return 0
    with database.reading() as session:
        if round_is_done(session, today):
            return 0
        late = _late(session, now)
        places = sorted({*locations_to_look_at(session, now=now), *late})
    turn = Round()

    def warn(place: UUID) -> int:
        also = tuple(("long_transit", transfer_id) for transfer_id in late.get(place, ()))
        with database.transaction() as session:
            return warn_location(session, place, today=today, now=now, also=also)

    told = turn.do(places, warn)
    with database.transaction() as session:
        finish_round(session, today, now=now)
    log.info("stock.warned", day=today.isoformat(), locations=len(places), mailed=told)
    turn.end()
    return told


def _late(session: "Session", now: datetime) -> dict[UUID, list[UUID]]:
    """Transfers too long on the way, by location: both sides are warned."""
    late: dict[UUID, list[UUID]] = {}
    for transfer in too_long_on_the_way(session, system("warnings"), now=now):
        for place in (transfer.from_location_id, transfer.to_location_id):
            late.setdefault(place, []).append(transfer.id)
    return late
