"""How many files, and how large, somebody may send in a day: enough for any office, and too little to fill a disk.

`sender` is a word that is the same for all that one person sends: the account, or an address where nobody is signed in.
Each file is a row, and so is each megabyte; they are forgotten after a day.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.domain.accounts import attempts
from app.domain.program.settings import FILES_A_DAY, MEGABYTES_A_DAY, value_of
from app.infra.db import one_at_a_time

DAY = timedelta(days=1)
_FILE, _MEGABYTE = "sent-file", "sent-megabyte"
_BYTES = 1024 * 1024


def count_files(
    session: Session, sender: str, sizes: Sequence[int], *, now: datetime, today: date
) -> datetime | None:  # fmt: skip
    """Count files that came, by their bytes; a begun megabyte counts. What passes the limit is still taken whole.

    After that none is taken and none counted, until the moment that is returned then. Two forms that are sent at the
    same time are counted one after the other.
    """
    if not sizes:
        return None
    one_at_a_time(session, f"files of {sender}")
    until = _full_until(session, sender, now=now, today=today)
    if until is None:
        megabytes = -(-sum(sizes) // _BYTES)
        attempts.note_with(session, *[(_FILE, sender)] * len(sizes), *[(_MEGABYTE, sender)] * megabytes, now=now)
    return until


def _full_until(session: Session, sender: str, *, now: datetime, today: date) -> datetime | None:
    limits = ((_FILE, FILES_A_DAY), (_MEGABYTE, MEGABYTES_A_DAY))
    ends = [
        attempts.free_at(session, what, sender, limit=value_of(session, key, today=today), within=DAY, now=now)
        for what, key in limits
    ]
    return max((end for end in ends if end is not None), default=None)
