"""Whose names a list showed: an entry of the access log for each person, so that they can read of it.

For lists of people of the whole state. The lists of a place name those whom the place works with, day in, day out: an
entry for each look would drown the log, and what is opened from them is logged.
"""

from collections.abc import Iterable
from uuid import UUID

from app.web import context


def note_shown(act: str, record_ids: Iterable[UUID]) -> None:
    """Log what was shown of these records, each once, in one statement; nothing where nobody was shown."""
    subjects = [("recipient", record_id) for record_id in dict.fromkeys(record_ids)]
    if subjects:
        context.note_reads(act, subjects)
