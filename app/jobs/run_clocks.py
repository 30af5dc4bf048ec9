"""The clocks of the help desk: remind those who were asked, close what nobody answered. Each case for itself."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from app.domain.helpdesk.clocks import cases_due, run_clock
from app.infra import clock
from app.infra.db import Database
from app.jobs.one_by_one import Round

log = structlog.get_logger()

EARLIEST_HOUR = 7
AT_ONCE = 200


def run_clocks(database: Database, *, zone: ZoneInfo, now: datetime) -> int:
    """Do what is due today, each case in a transaction of its own; returns how many acts. Nothing before 7 am.

    Raises an ExceptionGroup once all others were done.
    """
    if now.astimezone(zone).hour < EARLIEST_HOUR:
        return 0
    today, done, after, turn = clock.local_date(now, zone), 0, None, Round()

    def run(case_id: UUID) -> int:
        with database.transaction() as session:
            return bool(run_clock(session, case_id, now=now, today=today))

    while True:
        with database.reading() as session:
            due = cases_due(session, today=today, after=after, limit=AT_ONCE)
        done += turn.do(due, run)
        if len(due) < AT_ONCE:
            break
        after = due[-1]
    if done:
        log.info("helpdesk.clocks_ran", day=today.isoformat(), acts=done)
    turn.end()
    return done
