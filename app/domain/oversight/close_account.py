"""Close an account for good, or open it again after a mistake. Its roles end and do not come back by themselves."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.accounts.models import MailLink
from app.domain.accounts.sessions import end_all_sessions
from app.domain.errors import Conflict
from app.domain.oversight.end_grant import finish, reason
from app.domain.oversight.one_user import get_user
from app.domain.oversight.rights import account_to_change, refuse_above, refuse_last_administrator
from app.domain.oversight.tell import note, tell


@dataclass(frozen=True, slots=True)
class CloseAccount:
    """Whose, and why."""

    account_id: UUID
    because: str


def close_account(session: Session, actor: Actor, command: CloseAccount, *, now: datetime) -> None:
    """Nobody can sign in to it; all roles end, all browsers are signed out, links in mails stop working.

    Raises ReasonMissing, NotOnOneself, AboveOneself, LastAdministrator, NotFound, NotAllowed.
    """
    account = account_to_change(session, actor, command.account_id)
    because = reason(command.because)
    refuse_above(actor, account)
    refuse_last_administrator(session, account)
    for grant in account.grants:
        if grant.ended_at is None:
            finish(session, actor, account, grant, because, now=now)
    account.closed_at = now
    end_all_sessions(session, account.id, now=now)
    session.execute(
        update(MailLink).where(MailLink.account_id == account.id, MailLink.used_at.is_(None)).values(used_at=now)
    )
    note(session, actor, account, "account.closed", now=now)
    tell(session, account, "closed", now=now)


def open_account_again(session: Session, actor: Actor, account_id: UUID, *, now: datetime) -> None:
    """It can be signed in to again, with no role until one is given. Raises Conflict where it is open, NotFound."""
    account = get_user(session, actor, account_id)
    if account.closed_at is None:
        raise Conflict(account_id)
    account.closed_at = None
    note(session, actor, account, "account.opened_again", now=now)
    tell(session, account, "opened_again", now=now)
