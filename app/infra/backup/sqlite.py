"""The embedded database: copied by its own backup interface, put back by a rename."""

import sqlite3
from contextlib import closing
from pathlib import Path

from app.infra.backup.manifest import BadBackup, copy
from app.infra.db import Database

FILE = "database.sqlite"


def path_of(database: Database) -> Path:
    """The file of the database."""
    return Path(database.url.removeprefix("sqlite:///"))


def snapshot(database: Database, target: Path) -> None:
    """Copy the database as it is at one moment, while others write. Raises BadBackup when the copy is not sound."""
    target.touch(mode=0o600)
    with closing(sqlite3.connect(path_of(database))) as source, closing(sqlite3.connect(target)) as copied:
        source.backup(copied)
        copied.execute("PRAGMA journal_mode=DELETE")
        if (said := copied.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
            raise BadBackup(f"The database is damaged: {said}")


def is_empty(database: Database) -> bool:
    """True where there is no database yet, or one without tables."""
    if not path_of(database).exists():
        return True
    with closing(sqlite3.connect(path_of(database))) as connection:
        return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None


def put_back(database: Database, source: Path) -> None:
    """Put the copy in the place of the database, at once and whole.

    Raises BadBackup while anybody else has the database open: its log would be applied to the copy.
    """
    target = path_of(database)
    database.dispose()
    if target.exists():
        with closing(sqlite3.connect(target, timeout=2)) as old:
            try:
                old.execute("PRAGMA journal_mode=DELETE")
            except sqlite3.OperationalError as error:
                raise BadBackup("The database is in use. Stop the web and the worker first.") from error
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    staged = target.with_name(f"{target.name}.restoring")
    copy(source, staged)
    staged.replace(target)
