"""Demonstration data: a small state with its places, people and doses, all invented."""

from dataclasses import dataclass
from datetime import datetime

from app.config import Settings
from app.infra.db import Database
from app.infra.storage import FolderStorage


@dataclass(frozen=True, slots=True)
class DemoUser:
    """One sign-in to be shown to whoever starts the demonstration."""

    role: str
    portal: str
    username: str
    password: str


def build_demo(database: Database, storage: FolderStorage, settings: Settings, *, now: datetime) -> list[DemoUser]:
    """Fill an empty database; the answer is who may sign in."""
    return []
