"""The clocks of the help desk: remind those who were asked, close what nobody answered. Each case for itself."""

from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from app.domain.helpdesk.clocks import cases_due, run_clock
from app.infra import clock
from app.infra.db import Database

log = structlog.get_logger()

EARLIEST_HOUR = 7
AT_ONCE = 200


def run_clocks(database: Database, *, zone: ZoneInfo, now: datetime) -> int:
    """Do what is due today, each case in a transaction of its own; returns how many acts. Nothing before 7 am."""
    if now.astimezone(zone).hour < EARLIEST_HOUR:
        return 0
    today, done, after = clock.local_date(now, zone), 0, None
    while True:
        with database.reading() as session:
            due = cases_due(session, today=today, after=after, limit=AT_ONCE)
        for case_id in due:
            with database.transaction() as session:
                done += bool(run_clock(session, case_id, now=now, today=today))
        if len(due) < AT_ONCE:
            break
        after = due[-1]
    if done:
        log.info("helpdesk.clocks_ran", day=today.isoformat(), acts=done)
    return done
