"""How many files, and how large, somebody may send in a day: enough for any office, and too little to fill a disk.

`sender` is a word that is the same for all that one person sends: the account, or an address where nobody is signed in.
Each file is a row, and so is each megabyte; they are forgotten after a day.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.domain.accounts import attempts
from app.domain.program.settings import FILES_A_DAY, MEGABYTES_A_DAY, value_of

DAY = timedelta(days=1)
_FILE, _MEGABYTE = "sent-file", "sent-megabyte"
_BYTES = 1024 * 1024


def full_until(session: Session, sender: str, *, now: datetime, today: date) -> datetime | None:
    """When the sender may send files again; None where they may now. What passes the limit is still taken whole."""
    limits = ((_FILE, FILES_A_DAY), (_MEGABYTE, MEGABYTES_A_DAY))
    ends = [
        attempts.free_at(session, what, sender, limit=value_of(session, key, today=today), within=DAY, now=now)
        for what, key in limits
    ]
    return max((end for end in ends if end is not None), default=None)


def count_files(session: Session, sender: str, sizes: Sequence[int], *, now: datetime) -> None:
    """Count files that came, by their bytes; a begun megabyte counts."""
    megabytes = -(-sum(sizes) // _BYTES)
    tries = [(_FILE, sender)] * len(sizes) + [(_MEGABYTE, sender)] * megabytes
    if tries:
        attempts.note_with(session, *tries, now=now)
