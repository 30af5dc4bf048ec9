"""The state's lists for a job: those of its day, read in a transaction of their own when the first is asked for."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from app.domain.program.decide_list import decisions_on
from app.domain.program.living import Decision, lists_in_force
from app.infra import clock
from app.infra.db import Database


def with_lists(database: Database, zone: ZoneInfo, job: Callable[[], object]) -> Callable[[], None]:
    """The job, to be run with the lists of its day."""

    def load() -> list[Decision]:
        with database.reading() as session:
            return decisions_on(session, clock.local_date(clock.now(), zone))

    def run() -> None:
        with lists_in_force(load):
            job()

    return run
