"""Encryption of what a stolen disk must not tell: authenticated, with a key ring, newest key first.

Fernet (AES-128-CBC with HMAC-SHA256) comes from `cryptography`; MultiFernet reads with every key of the ring and
writes with the first, so that a key is changed by adding one in front and running the rotation command.
"""

import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_ring: MultiFernet | None = None


class CannotDecrypt(Exception):
    """No key of the ring opens this text: a key is missing or the text was changed."""


def configure(keys: tuple[str, ...]) -> None:
    """Set the ring of this process, newest first."""
    global _ring
    _ring = MultiFernet([Fernet(key) for key in keys])


def ring() -> MultiFernet:
    """The ring of this process."""
    if _ring is None:
        raise RuntimeError("crypto.configure was not called")
    return _ring


def encrypt(plain: bytes) -> bytes:
    """Encrypt with the newest key."""
    return ring().encrypt(plain)


def decrypt(token: bytes) -> bytes:
    """Decrypt with whichever key fits. Raises CannotDecrypt."""
    try:
        return ring().decrypt(token)
    except InvalidToken as error:
        raise CannotDecrypt from error


def rotate(token: bytes) -> bytes:
    """The same content under the newest key. Raises CannotDecrypt."""
    try:
        return ring().rotate(token)
    except InvalidToken as error:
        raise CannotDecrypt from error


class EncryptedJson(TypeDecorator[Any]):
    """A JSON value that only the application can read. Replace the value to change it: mutation is not seen."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """Encrypt on the way in; None stays NULL."""
        return None if value is None else encrypt(json.dumps(value, ensure_ascii=False).encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        """Decrypt on the way out. Raises CannotDecrypt."""
        return None if value is None else json.loads(decrypt(bytes(value)))
