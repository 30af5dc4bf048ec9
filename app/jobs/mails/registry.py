"""Which function writes which mail. Mails are written when they are sent, from ids."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.config import Settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to write: to whom, from which template, with what facts. Never health data.

    `audience`: whose telephone, hours and sender it has; empty where its kind tells.
    """

    to: str
    to_name: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    language: str = "en"
    headers: dict[str, str] = field(default_factory=dict)
    audience: str = ""


class NotAtThisHour(Exception):
    """A mail that can wait is not written at night; `until` is when it may be."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


@dataclass(frozen=True, slots=True)
class Post:
    """What a composer may need besides its ids."""

    settings: Settings
    now: datetime

    def url(self, path: str) -> str:
        """The full address of a page, for a mail."""
        return self.settings.public_url + path


Composer = Callable[["Session", dict[str, str], Post], "Letter | None"]
_composers: dict[str, Composer] = {}


def composes(kind: str) -> Callable[[Composer], Composer]:
    """Declare the composer of a kind of message."""

    def declare(composer: Composer) -> Composer:
        _composers[kind] = composer
        return composer

    return declare


def composer_of(kind: str) -> Composer | None:
    """The composer of a kind, if there is one."""
    return _composers.get(kind)


def kinds() -> list[str]:
    """All kinds that can be sent."""
    return sorted(_composers)
