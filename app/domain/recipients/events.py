"""What areas above are told in the same transaction. Who listens is said in one place, the factory."""

from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session


class AnswersKept(Protocol):
    """Called after somebody's answers were kept, for the first time or anew; `today` is the program's day."""

    def __call__(self, session: Session, recipient_id: UUID, *, today: date, now: datetime) -> None:
        """Do what follows; an error undoes the change, too."""


_listeners: list[AnswersKept] = []


def on_answers_kept(listener: AnswersKept) -> None:
    """Have the listener called from now on; said twice, it is called once."""
    if listener not in _listeners:
        _listeners.append(listener)


def answers_kept(session: Session, recipient_id: UUID, *, today: date, now: datetime) -> None:
    """Tell everybody who listens."""
    for listener in _listeners:
        listener(session, recipient_id, today=today, now=now)
