"""What every change of somebody's account leaves behind: a line in the log, and a mail to its owner."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.accounts.models import Account
from app.infra import audit, outbox

LONGEST_REASON = 255


def note(
    session: Session, actor: Actor, account: Account, act: str, *, now: datetime, place_id: UUID | None = None,
    **facts: Any,
) -> None:  # fmt: skip
    """The line in the log; `act` is one of `account.…`."""
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act=act, subject_kind="account", subject_id=account.id,
        place_id=place_id, now=now, **facts,
    )  # fmt: skip
    session.flush()


def tell(session: Session, account: Account, what: str, *, now: datetime, **facts: str) -> None:
    """The mail, where there is an address: `what` happened (see the composer of accounts.changed)."""
    if account.email:
        outbox.publish(
            session, "accounts.changed", now=now, about=account.id, account_id=str(account.id), what=what, **facts
        )
