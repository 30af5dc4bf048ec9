"""What areas above are told in the same transaction. Who listens is said in one place, the factory."""

from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session


class AnswersKept(Protocol):
    """Called after somebody's answers were kept, for the first time or anew; `today` is the program's day."""

    def __call__(self, session: Session, recipient_id: UUID, *, today: date, now: datetime) -> None:
        """Do what follows; an error undoes the change, too."""


class RecordsJoined(Protocol):
    """Called after two records were joined (`merge_id` names it), and after that was undone (`joined` False).

    While they are joined, `other_id` reads as `kept_id`.
    """

    def __call__(
        self, session: Session, merge_id: UUID, kept_id: UUID, other_id: UUID, *, joined: bool, today: date, now: datetime
    ) -> None:
        """Do what follows; an error undoes the joining, too."""


_listeners: list[AnswersKept] = []
_of_joining: list[RecordsJoined] = []


def on_answers_kept(listener: AnswersKept) -> None:
    """Have the listener called from now on; said twice, it is called once."""
    if listener not in _listeners:
        _listeners.append(listener)


def answers_kept(session: Session, recipient_id: UUID, *, today: date, now: datetime) -> None:
    """Tell everybody who listens."""
    for listener in _listeners:
        listener(session, recipient_id, today=today, now=now)


def on_records_joined(listener: RecordsJoined) -> None:
    """Have the listener called from now on; said twice, it is called once."""
    if listener not in _of_joining:
        _of_joining.append(listener)


def records_joined(
    session: Session, merge_id: UUID, kept_id: UUID, other_id: UUID, *, joined: bool, today: date, now: datetime
) -> None:
    """Tell everybody who listens, and then those who follow the answers of either record."""
    for listener in _of_joining:
        listener(session, merge_id, kept_id, other_id, joined=joined, today=today, now=now)
    for recipient_id in (kept_id, other_id):
        answers_kept(session, recipient_id, today=today, now=now)
