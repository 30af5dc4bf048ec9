"""Whether an error means that the database or the disk cannot serve right now, whatever was asked of them."""

import errno
import sqlite3

import psycopg
from psycopg import errors
from sqlalchemy.exc import DBAPIError, InvalidatePoolError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

GONE, FULL, BUSY = "gone", "full", "busy"
_BUSY = (errors.LockNotAvailable, errors.QueryCanceled, errors.DeadlockDetected, errors.SerializationFailure)
_SQLITE = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_IOERR: GONE,
    sqlite3.SQLITE_CANTOPEN: GONE,
}
_LONGEST_CHAIN = 10


def outage(error: BaseException) -> str | None:
    """GONE: there is no answer, and whether what was sent is kept is not known. FULL and BUSY: nothing was kept.

    None for an error of any other kind, as a defect of the program is one. What an outage led to counts as one.
    """
    found: BaseException | None = error
    for _ in range(_LONGEST_CHAIN):
        if found is None:
            return None
        if why := _by_itself(found):
            return why
        found = found.__cause__ or found.__context__
    return None


def _by_itself(error: BaseException) -> str | None:
    if isinstance(error, NoFreeConnection):
        return BUSY
    if isinstance(error, (InvalidatePoolError, PendingRollbackError)):
        return GONE
    if isinstance(error, OSError):
        return FULL if error.errno in {errno.ENOSPC, errno.EDQUOT} else None
    told = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(told, sqlite3.OperationalError):
        return _SQLITE.get(told.sqlite_errorcode & 0xFF)
    if isinstance(told, errors.DiskFull):
        return FULL
    if isinstance(told, (*_BUSY, errors.TooManyConnections)):
        return BUSY
    if isinstance(told, (psycopg.OperationalError, psycopg.InterfaceError, errors.ReadOnlySqlTransaction)):
        return GONE
    return GONE if isinstance(error, DBAPIError) and error.connection_invalidated else None
