"""What a backup holds: the versions it was made by, and of each file its size and SHA-256."""

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

NAME = "manifest.json"
FILES = "files"
FORMAT = 1
_PORTION = 1 << 20
_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
_PATH = re.compile(r"(database\.(sqlite|dump)|files/[a-z0-9-]+/[a-f0-9]{2}/[a-f0-9]{32})")


class BadBackup(Exception):
    """This cannot be backed up, or not be restored; the text says why, to the operator. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """`database` is the file in the folder, `revision` its migration, `made_by` versions by name.

    `sealed` is a known text under the encryption keys of then: it shows which keys a restored installation needs.
    `entries` holds of each path its size in bytes and its SHA-256.
    """

    taken_at: str
    kind: str
    database: str
    revision: str
    made_by: dict[str, str]
    sealed: str
    entries: dict[str, tuple[int, str]]
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Put it into the folder, last of all: a folder without it is no backup."""
        with (folder / NAME).open("x", encoding="utf-8") as file:
            json.dump(asdict(self), file, indent=1)
            file.flush()
            os.fsync(file.fileno())


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup. Raises BadBackup."""
    try:
        found: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if found["format"] != FORMAT:
            raise BadBackup(f"This backup has the format {found['format']}; this version reads {FORMAT}.")
        entries = {path: (int(size), str(digest)) for path, (size, digest) in found.pop("entries").items()}
        manifest = Manifest(**found, entries=entries)
    except FileNotFoundError as error:
        raise BadBackup(f"There is no {NAME} in {folder}: this is no backup, or one that was not finished.") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadBackup(f"{NAME} cannot be read.") from error
    if manifest.database not in entries or not all(_PATH.fullmatch(path) for path in entries):
        raise BadBackup(f"{NAME} names files that no backup holds.")
    return manifest


def check(folder: Path, manifest: Manifest) -> None:
    """Compare every file with the manifest. Raises BadBackup for the first that is missing, changed or too many."""
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.name != NAME}
    for path in sorted(manifest.entries.keys() - there):
        raise BadBackup(f"{path} is missing from the backup.")
    for path in sorted(there - manifest.entries.keys()):
        raise BadBackup(f"{path} is in the folder but was not backed up.")
    for path, (size, digest) in manifest.entries.items():
        if (folder / path).stat().st_size != size or hash_of(folder / path) != digest:
            raise BadBackup(f"{path} is not as it was backed up.")


def hash_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy(source: Path, target: Path) -> tuple[int, str]:
    """Copy a file, readable by its owner only. Returns the size and the SHA-256 of what was written."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as read, os.fdopen(os.open(target, _NEW, 0o600), "wb") as write:
        while portion := read.read(_PORTION):
            write.write(portion)
            digest.update(portion)
            size += len(portion)
    return size, digest.hexdigest()
