"""Everybody's status follows what the state decides: a bounded part of the work at a time, so that mails go on."""

from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from app.domain.eligibility.keep_status import Kept
from app.domain.eligibility.recompute import recompute_due
from app.infra.db import Database
from app.infra.queue import Queue
from app.jobs import work

log = structlog.get_logger()

PORTIONS_AT_A_TIME = 20


def follow_phases(queue: Queue, database: Database, *, zone: ZoneInfo, now: datetime) -> Kept:
    """Some portions of what is due; where there is more, the next turn is asked for behind what waits already."""
    kept, more = recompute_due(database, zone=zone, now=now, at_most=PORTIONS_AT_A_TIME)
    if kept.people:
        log.info("eligibility.followed", people=kept.people, changed=kept.changed, mailed=kept.mailed, more=more)
    if kept.mailed:
        queue.wake(work.MAIL)
    if more:
        queue.wake(work.ELIGIBILITY)
    return kept
