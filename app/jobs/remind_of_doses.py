"""Remind people of a dose that is due or overdue: once a day, in decent hours."""

from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from app.domain.reminders.remind import remind_due
from app.infra import clock
from app.infra.db import Database

log = structlog.get_logger()

EARLIEST_HOUR = 9
LATEST_HOUR = 19


def remind_of_doses(database: Database, *, zone: ZoneInfo, overdue_days: int, now: datetime) -> int:
    """Put the day's reminders into the outbox, or what is left of them; returns how many. At night: 0."""
    if clock.decent_hour(now, zone, first=EARLIEST_HOUR, last=LATEST_HOUR) != now:
        return 0
    today = clock.local_date(now, zone)
    reminded = remind_due(database, today=today, overdue_days=overdue_days, now=now)
    if reminded:
        log.info("doses.reminded", day=today.isoformat(), people=reminded)
    return reminded
