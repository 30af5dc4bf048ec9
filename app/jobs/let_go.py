"""The nightly round over what is not kept for ever."""

from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from app.domain.oversight.retention.round import let_go
from app.infra import clock
from app.infra.db import Database
from app.infra.storage import FolderStorage

log = structlog.get_logger()


def let_go_due(database: Database, storage: FolderStorage, *, zone: ZoneInfo, now: datetime) -> int:
    """Delete or blank what is past its time; returns how many pieces."""
    counts = let_go(database, storage, today=clock.local_date(now, zone), now=now)
    if counts:
        log.info("retention.let_go", **{name.replace(" ", "_").replace("-", "_"): count for name, count in counts.items()})
    return sum(counts.values())
