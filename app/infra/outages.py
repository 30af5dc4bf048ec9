"""Whether an error means that the database or the disk cannot serve right now, whatever was asked of them."""

import errno
import sqlite3

import psycopg
from psycopg import errors
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

GONE, FULL, BUSY = "gone", "full", "busy"
_BUSY = (errors.LockNotAvailable, errors.QueryCanceled, errors.DeadlockDetected, errors.SerializationFailure)
_ANOTHER_SERVES = (errors.ReadOnlySqlTransaction,)
_SQLITE = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_IOERR: GONE,
    sqlite3.SQLITE_CANTOPEN: GONE,
}


def outage(error: BaseException) -> str | None:
    """GONE: there is no answer, and whether what was sent is kept is not known. FULL and BUSY: nothing was kept.

    None for an error of any other kind, as a defect of the program is one.
    """
    if isinstance(error, NoFreeConnection):
        return BUSY
    if isinstance(error, OSError):
        return FULL if error.errno in {errno.ENOSPC, errno.EDQUOT} else None
    told = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(told, sqlite3.OperationalError):
        return _SQLITE.get(told.sqlite_errorcode & 0xFF)
    if isinstance(told, errors.DiskFull):
        return FULL
    if isinstance(told, (*_BUSY, errors.TooManyConnections)):
        return BUSY
    if isinstance(told, (psycopg.OperationalError, *_ANOTHER_SERVES)):
        return GONE
    return None
