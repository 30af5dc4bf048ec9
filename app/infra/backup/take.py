"""Takes a backup while everything runs: the database as of one moment, then the files, so that every row's file is there."""

import os
import platform
import shutil
import sqlite3
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, create_engine, select

from app.infra import crypto, migrations
from app.infra.backup import postgresql, sqlite
from app.infra.backup.manifest import FILES, BadBackup, Manifest, copy, hash_of
from app.infra.db import Base, Database

KEYS = frozenset({"storage_key", "inside_key", "outside_key"})
"""The columns that name a file of the storage."""
SEALED = b"the keys of this backup"


def take(database: Database, storage_dir: Path, folder: Path, *, now: datetime) -> Manifest:
    """Make a new folder with everything but the keys. It has its name once it is complete.

    Raises BadBackup when the folder is there already, when a file that a row names is missing, or when the database's
    program fails; then there is no folder of that name.
    """
    revision = migrations.current(database)
    if folder.exists():
        raise BadBackup(f"{folder} is there already. Name a folder that is not.")
    if revision is None:
        raise BadBackup("There are no tables to back up. Is this the right installation?")
    partial = folder.with_name(f"{folder.name}.unfinished")
    try:
        partial.mkdir(mode=0o700, parents=True)
    except FileExistsError as error:
        raise BadBackup(f"{partial} is there: another backup runs, or one was killed. Then remove it.") from error
    try:
        manifest = _fill(partial, database, storage_dir, revision, now)
        os.sync()
        partial.rename(folder)
    except BaseException:
        shutil.rmtree(partial)
        raise
    return manifest


def _fill(folder: Path, database: Database, storage_dir: Path, revision: str, now: datetime) -> Manifest:
    name = sqlite.FILE if database.is_sqlite else postgresql.FILE
    named, versions = _take_database(database, folder / name)
    entries = {name: ((folder / name).stat().st_size, hash_of(folder / name))} | _take_files(storage_dir, folder)
    if lost := sorted(key for key in named if f"{FILES}/{key}" not in entries):
        raise BadBackup(f"{len(lost)} files that rows name are missing from {storage_dir}; the first is {lost[0]}.")
    kind = "sqlite" if database.is_sqlite else "postgresql"
    made_by = {"python": platform.python_version()} | versions
    sealed = crypto.encrypt(SEALED).decode()
    manifest = Manifest(now.isoformat(), kind, name, revision, made_by, sealed, entries)
    manifest.write(folder)
    return manifest


def _take_database(database: Database, target: Path) -> tuple[set[str], dict[str, str]]:
    """Copy the database. Returns the keys of all files that the copied rows name, and versions."""
    if database.is_sqlite:
        sqlite.snapshot(database, target)
        engine = create_engine(f"sqlite:///{target}")
        with engine.connect() as connection:
            named = _named(connection)
        engine.dispose()
        return named, {"sqlite": sqlite3.sqlite_version}
    with postgresql.moment(database) as seen:
        postgresql.snapshot(database, seen, target)
        return _named(seen), {"postgresql": postgresql.server_version(seen)}


def _named(connection: Connection) -> set[str]:
    return {
        key
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name in KEYS
        for key in connection.scalars(select(column).where(column.is_not(None), column != ""))
    }


def _take_files(storage_dir: Path, folder: Path) -> dict[str, tuple[int, str]]:
    entries: dict[str, tuple[int, str]] = {}
    for source in sorted(storage_dir.rglob("*")):
        key = f"{FILES}/{source.relative_to(storage_dir)}"
        if source.suffix == ".partial" or not source.is_file():
            continue
        try:
            entries[key] = copy(source, folder / key)
        except FileNotFoundError:  # thrown away meanwhile; whether a row names it is asked afterwards
            continue
    return entries
