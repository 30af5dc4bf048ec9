"""The daily round over accounts of staff that nobody uses: warn, and two weeks later put to sleep."""

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from app.domain.accounts.idle import due, idle_accounts, put_to_sleep, warn
from app.domain.program.settings import IDLE_ACCOUNT_DAYS, value_of
from app.infra import clock
from app.infra.db import Database

log = structlog.get_logger()

EARLIEST_HOUR = 9
AT_ONCE = 500


def rest_idle_accounts(database: Database, *, zone: ZoneInfo, now: datetime) -> int:
    """Look at every account of staff; returns how many were warned or put to sleep. Running again does nothing twice."""
    today, done, after = clock.local_date(now, zone), 0, None
    with database.reading() as session:
        unused_for = timedelta(days=value_of(session, IDLE_ACCOUNT_DAYS, today=today))
    while True:
        with database.reading() as session:
            found = idle_accounts(session, unused_for=unused_for, now=now, after=after, limit=AT_ONCE)
        for one in found:
            what = due(one, unused_for=unused_for, now=now)
            if what:
                with database.transaction() as session:
                    if what == "warn":
                        done += warn(session, one, unused_for=unused_for, now=now)
                    else:
                        done += put_to_sleep(session, one, now=now)
        if len(found) < AT_ONCE:
            break
        after = found[-1].account_id
    if done:
        log.info("accounts.rested", day=today.isoformat(), accounts=done)
    return done


def once_a_day(zone: ZoneInfo, job: Callable[[datetime], int], *, hour: int = EARLIEST_HOUR) -> Callable[[], int]:
    """The job, on the first sweep of a day after nine, or after another hour of the program's day.

    A worker that starts again runs it again, which must harm nothing. While it runs, the sweeps of the minutes after it
    pass it by: they have mails to send.
    """
    done: set[date] = set()
    turn = threading.Lock()

    def run() -> int:
        if not turn.acquire(blocking=False):
            return 0
        try:
            return _run_now()
        finally:
            turn.release()

    def _run_now() -> int:
        now = clock.now()
        local = now.astimezone(zone)
        if local.hour < hour or local.date() in done:
            return 0
        count = job(now)
        done.clear()
        done.add(local.date())
        return count

    return run
