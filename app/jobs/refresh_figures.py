"""The figures follow what was recorded: a bounded part of the work at a time, so that mails go on."""

from datetime import datetime

import structlog

from app.domain.reporting.refresh import Refreshed, refresh
from app.infra.db import Database
from app.infra.queue import Queue
from app.jobs import work

log = structlog.get_logger()

PORTIONS_AT_A_TIME = 20


def refresh_figures(queue: Queue, database: Database, *, now: datetime) -> Refreshed:
    """Some portions of what is due; where there is more, the next turn is asked for behind what waits already."""
    done = refresh(database, now=now, at_most=PORTIONS_AT_A_TIME)
    if done.looked_at:
        log.info("figures.refreshed", looked_at=done.looked_at, changed=done.changed, more=done.more)
    if done.more:
        queue.wake(work.FIGURES)
    return done
