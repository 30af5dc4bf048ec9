"""What is announced, asked at every page and read from the database every two seconds at most.

Another process learns of a change with that lag; the one that made it knows at once.
"""

import time
from datetime import datetime, timedelta

from app.domain.program.notices.current import Standing, load_standing
from app.infra.db import Database
from app.infra.queue import SILENCE_SECONDS, last_beat

SECONDS = 2.0
SILENCE = timedelta(seconds=SILENCE_SECONDS)


class Announcements:
    """What this process knows. Two threads that ask at the same moment may both read: it does no harm."""

    def __init__(self, lasts: float = SECONDS) -> None:
        self._lasts = lasts
        self._known: tuple[float, Standing] | None = None
        self._beat: datetime | None = None

    def standing(self, database: Database, *, now: datetime) -> Standing:
        """All that is announced; read anew, by a connection of its own, where it is older than two seconds."""
        known, moment = self._known, time.monotonic()
        if known is not None and 0 <= moment - known[0] < self._lasts:
            return known[1]
        with database.reading() as session:
            found = load_standing(session, now=now)
        self._known = (moment, found)
        return found

    def worker_is_silent(self, database: Database, *, now: datetime) -> bool:
        """True when no worker gave a sign of life lately. Asks the database only where the last sign known here is too old."""
        seen = self._beat
        if seen is None or not timedelta() <= now - seen <= SILENCE:
            with database.reading() as session:
                seen = self._beat = last_beat(session, until=now + SILENCE)
        return seen is None or now - seen > SILENCE

    def forget(self) -> None:
        """Something was changed here: the next page reads it anew."""
        self._known = None
