"""Remind whoever an enrollment waits for: after three and after seven days, once each."""

from datetime import datetime

from app.domain.enrollment.remind import remind_due
from app.infra.db import Database


def remind_enrollments(database: Database, *, now: datetime) -> int:
    """Put the reminders that are due into the outbox; returns how many."""
    return remind_due(database, now=now)
