"""Files outside the web root, encrypted, under names that we make. A folder here; other stores fit the same three calls."""

import os
import re
import secrets
import tempfile
from pathlib import Path

from app.infra import crypto

_KEY = re.compile(r"[a-z0-9-]+/[a-f0-9]{2}/[a-f0-9]{32}")


class MissingFile(Exception):
    """Nothing is kept under this key."""


class FolderStorage:
    """Encrypted files in a folder tree. Keys look like `uploads/3f/3f…`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, kind: str, data: bytes) -> str:
        """Keep the bytes; returns the key. The file is complete on disk before its name exists."""
        name = secrets.token_hex(16)
        key = f"{kind}/{name[:2]}/{name}"
        path = self._path(key)
        partial = path.with_suffix(".partial")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with partial.open("wb") as file:
                file.write(crypto.encrypt(data))
                file.flush()
                os.fsync(file.fileno())
            partial.rename(path)
        except OSError:
            partial.unlink(missing_ok=True)
            raise
        for folder in (path.parent, path.parent.parent, self.root):
            _keep_names(folder)
        return key

    def get(self, key: str) -> bytes:
        """The bytes kept under a key. Raises MissingFile, or crypto.CannotDecrypt when they were changed."""
        try:
            return crypto.decrypt(self._path(key).read_bytes())
        except FileNotFoundError as error:
            raise MissingFile(key) from error

    def can_be_written(self) -> bool:
        """True; raises OSError where nothing can be kept, as on a full disk."""
        self.root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=self.root) as file:
            file.write(b"\0" * 4096)
            file.flush()
        return True

    def delete(self, key: str) -> None:
        """Forget a file; no error when it is gone already."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise MissingFile(key)
        return self.root / key


def _keep_names(folder: Path) -> None:
    """A power cut shall not lose what a folder names: the database will name it too."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
