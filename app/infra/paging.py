"""Pages by key: no OFFSET, no total that must be counted."""

import base64
import json
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """Some items in order, and the key after which the next ones begin (None: there are no more)."""

    items: list[T] = field(default_factory=list)
    next_after: str | None = None


def pack(*values: Any) -> str:
    """A key as text for an address. Values are strings or numbers."""
    return base64.urlsafe_b64encode(json.dumps([str(value) for value in values]).encode()).decode().rstrip("=")


def unpack(text: str | None, parts: int) -> list[str] | None:
    """The values of a key; None when there is none or it was tampered with (the list then starts at its beginning)."""
    if not text:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, RecursionError):
        return None
    good = isinstance(values, list) and len(values) == parts and all(isinstance(value, str) for value in values)
    return values if good else None
