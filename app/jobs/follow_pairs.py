"""New and changed records are compared with those they look like: a bounded part of the work at a time."""

from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from app.domain.recipients.merging.look_for_pairs import look_for_pairs
from app.infra import clock
from app.infra.db import Database
from app.infra.queue import Queue
from app.jobs import work

log = structlog.get_logger()


def follow_pairs(queue: Queue, database: Database, *, zone: ZoneInfo, now: datetime) -> int:
    """Some portions of what is due; where there is more, the next turn is asked for behind what waits already."""
    looked, more = look_for_pairs(database, today=clock.local_date(now, zone), now=now)
    if looked:
        log.info("pairs.looked_for", people=looked, more=more)
    if more:
        queue.wake(work.PAIRS)
    return looked
