"""Work that one process has claimed until a moment, and others after it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_


def ran_out(leased_until: Any, lease: timedelta, *, now: datetime) -> ColumnElement[bool]:
    """True where the claim is over, or ends later than any claim made now could: then the clock has been put back.

    The clocks of two machines may differ by as much as a lease lasts.
    """
    return or_(leased_until < now, leased_until > now + 2 * lease)
