"""What areas above are told when a record is closed by death or opened again, in the same transaction."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.recipients.events import AnswersKept

_listeners: list[AnswersKept] = []


def on_closure_changed(listener: AnswersKept) -> None:
    """Have the listener called from now on; said twice, it is called once. Who listens is said in the factory."""
    if listener not in _listeners:
        _listeners.append(listener)


def closure_changed(session: Session, recipient_id: UUID, *, today: date, now: datetime) -> None:
    """Tell everybody who listens."""
    for listener in _listeners:
        listener(session, recipient_id, today=today, now=now)
