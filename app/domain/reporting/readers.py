"""Every reader of figures by its name: pages and downloads go through this one table."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.domain.reporting.tables import Asked, Figures

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.accounts.access import Actor

Reader = Callable[["Session", "Actor", Asked], Figures]

READERS: dict[str, Reader] = {}
