"""Work that writes people's data waits while the program rests; the sweep of every minute goes on with it afterwards."""

from collections.abc import Callable

import structlog

from app.domain.program.notices.current import is_at_rest
from app.infra import clock
from app.infra.db import Database
from app.jobs import work

log = structlog.get_logger()

GOES_ON = frozenset({work.MAIL, work.NOTICES, "clean-up"})
"""What was decided before is still told, and nothing of anybody changes by it."""


def unless_resting(database: Database, name: str, job: Callable[[], object]) -> Callable[[], object]:
    """The job, which does nothing while the program rests. What it began before that it ends."""
    if name in GOES_ON:
        return job

    def run_or_wait() -> object:
        with database.reading() as session:
            if is_at_rest(session, now=clock.now()):
                log.info("job.waits", job=name)
                return None
        return job()

    return run_or_wait
