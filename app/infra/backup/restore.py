"""Puts a backup back, whole or not at all.

Files are added first: their names are random and their content never changes, so that more of them than the database
names harm nobody. Then the database changes at once. Files that it does not name are removed last. Whoever is
interrupted has the old installation or the new one, and runs the command again.
"""

import os
from pathlib import Path

from app.infra import crypto, migrations
from app.infra.backup import postgresql, sqlite
from app.infra.backup.manifest import FILES, BadBackup, Manifest, check, copy, read_manifest
from app.infra.backup.take import SEALED
from app.infra.db import Database


def restore(database: Database, storage_dir: Path, folder: Path, *, replace: bool) -> Manifest:
    """Check the backup against its manifest, then put it in the place of what is there.

    Raises BadBackup when the backup is damaged, is of another kind of database or of a later version, needs other
    keys, or when there is something already and `replace` does not say that it may go.
    """
    manifest = read_manifest(folder)
    _check_that_it_fits(database, manifest)
    if not (replace or _is_empty(database, storage_dir)):
        raise BadBackup("There are data in this installation. Say --replace if they may be replaced by the backup.")
    check(folder, manifest)
    before = _files(storage_dir)
    restored = {storage_dir / path.removeprefix(f"{FILES}/") for path in manifest.entries if path != manifest.database}
    try:
        for path in restored:
            _put_file(folder / FILES / path.relative_to(storage_dir), path)
        os.sync()
        _put_database(database, storage_dir, folder / manifest.database)
    except BadBackup:
        _remove(restored - before)
        raise
    _remove(_files(storage_dir) - restored)
    os.sync()
    return manifest


def _put_database(database: Database, storage_dir: Path, source: Path) -> None:
    if database.is_sqlite:
        sqlite.put_back(database, source)
        return
    storage_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    postgresql.put_back(database, source, script=storage_dir / "restoring.partial")


def _remove(files: set[Path]) -> None:
    for path in files:
        path.unlink()


def _put_file(source: Path, target: Path) -> None:
    partial = target.with_suffix(".partial")
    copy(source, partial)
    partial.rename(target)


def _check_that_it_fits(database: Database, manifest: Manifest) -> None:
    kind = "sqlite" if database.is_sqlite else "postgresql"
    if manifest.kind != kind:
        raise BadBackup(f"This backup is of {manifest.kind}; this installation uses {kind}.")
    if not migrations.knows(manifest.revision):
        raise BadBackup(f"This backup is of a later version ({manifest.revision}). Install that version first.")
    try:
        fits = crypto.decrypt(manifest.sealed.encode()) == SEALED
    except crypto.CannotDecrypt:
        fits = False
    if not fits:
        raise BadBackup("ENCRYPTION_KEYS (or SECRET_KEY) are not those of the backup: nobody could read its answers.")


def _is_empty(database: Database, storage_dir: Path) -> bool:
    empty = sqlite.is_empty(database) if database.is_sqlite else postgresql.is_empty(database)
    return empty and not _files(storage_dir)


def _files(storage_dir: Path) -> set[Path]:
    return {path for path in storage_dir.rglob("*") if path.is_file()}
