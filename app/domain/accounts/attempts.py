"""Throttling that holds across processes: each try is a row. Keys are kept hashed."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, insert, select
from sqlalchemy.orm import Session

from app.domain.accounts.models import Attempt
from app.infra.db import Database

KEPT = timedelta(days=1)


def blocked(session: Session, what: str, key: str, *, limit: int, within: timedelta, now: datetime) -> bool:
    """True when `key` has `limit` attempts or more at `what` within the time before now."""
    count = session.scalar(
        select(func.count()).where(Attempt.what == what, Attempt.key == _hashed(key), _lately(within, now))
    )
    return (count or 0) >= limit


def any_blocked(session: Session, tries: Sequence[tuple[str, str, int]], *, within: timedelta, now: datetime) -> bool:
    """True when any of several is `blocked`: what was tried, its key, its limit. One query."""
    since = _lately(within, now)
    counted = (
        select(func.count()).where(Attempt.what == what, Attempt.key == _hashed(key), since).scalar_subquery()
        for what, key, _limit in tries
    )
    found = session.execute(select(*counted)).one()
    return any(count >= limit for count, (_what, _key, limit) in zip(found, tries, strict=True))


def free_at(
    session: Session, what: str, key: str, *, limit: int, within: timedelta, now: datetime
) -> datetime | None:  # fmt: skip
    """When `key` may do `what` again; None where it may now, with fewer than `limit` attempts in the time before now."""
    latest = (
        select(Attempt.at)
        .where(Attempt.what == what, Attempt.key == _hashed(key), _lately(within, now))
        .order_by(Attempt.at.desc())
    )
    found = session.scalar(latest.offset(limit - 1).limit(1))
    return found + within if found else None


def note(database: Database, what: str, *keys: str, now: datetime) -> None:
    """Count one attempt under each key, in a transaction of its own: it survives the page's rollback."""
    with database.transaction() as session:
        session.add_all([Attempt(what=what, key=_hashed(key), at=now) for key in keys])


def note_with(session: Session, *tries: tuple[str, str], now: datetime) -> None:
    """Count attempts where they count only if this transaction does: something that was sent, not tried.

    Each is what was done and its key; one statement for all.
    """
    session.execute(insert(Attempt), [{"what": what, "key": _hashed(key), "at": now} for what, key in tries])


def forget(database: Database, what: str, key: str) -> None:
    """A success: earlier tries of this key no longer count."""
    with database.transaction() as session:
        session.execute(delete(Attempt).where(Attempt.what == what, Attempt.key == _hashed(key)))


def forget_with(session: Session, tries: Iterable[tuple[str, str]]) -> None:
    """Earlier tries no longer count, if this transaction does: pairs of what was tried and its key."""
    for what, key in tries:
        session.execute(delete(Attempt).where(Attempt.what == what, Attempt.key == _hashed(key)))


def counts(session: Session, what: str, keys: list[str], *, within: timedelta, now: datetime) -> dict[str, int]:
    """How many attempts each key has within the time before now; keys without any are missing. One query."""
    hashed = {_hashed(key): key for key in keys}
    rows = session.execute(
        select(Attempt.key, func.count())
        .where(Attempt.what == what, Attempt.key.in_(hashed), _lately(within, now))
        .group_by(Attempt.key)
    )
    return {hashed[key]: count for key, count in rows}


def sweep(database: Database, *, now: datetime) -> None:
    """Delete attempts older than a day."""
    with database.transaction() as session:
        session.execute(delete(Attempt).where(Attempt.at < now - KEPT))


def _lately(within: timedelta, now: datetime) -> ColumnElement[bool]:
    """A try of a day to come was made before the clock was put right: it shall lock nobody out until that day."""
    return and_(Attempt.at > now - within, Attempt.at <= now + within)


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
