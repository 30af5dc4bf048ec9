"""What several figures of one page ask for, asked once: kept with the transaction in which it was read, and gone with it."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

_KEY = "reporting.once"
Answer = TypeVar("Answer")


def once(session: Session, name: str, ask: Callable[[], Answer]) -> Answer:
    """The answer of this transaction, which begins with the first question where none is under way."""
    session.connection()
    under_way, known = session.info.get(_KEY, (None, {}))
    if under_way is not session.get_transaction():
        known = {}
        session.info[_KEY] = (session.get_transaction(), known)
    if name not in known:
        known[name] = ask()
    answer: Answer = known[name]
    return answer


def forget(session: Session) -> None:
    """It was changed in this transaction: the next question asks anew."""
    session.info.pop(_KEY, None)
