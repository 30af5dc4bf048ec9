"""What helps a user, or stops somebody who is not the user: sign out, unlock, wake, a link to a new password."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts import attempts
from app.domain.accounts.access import Actor
from app.domain.accounts.idle import wake
from app.domain.accounts.models import Account
from app.domain.accounts.second_factor import reset_second_factor
from app.domain.accounts.sessions import end_all_sessions
from app.domain.oversight.errors import NoMailbox
from app.domain.oversight.rights import account_to_change, refuse_above
from app.domain.oversight.tell import note, tell
from app.infra import outbox

BY_NAME, BY_ACCOUNT = ("sign-in", "reset-name"), ("own-password", "second-factor")


def sign_out_user(session: Session, actor: Actor, account_id: UUID, *, now: datetime) -> None:
    """End all of somebody's browsers: their next page asks to sign in. Raises NotOnOneself, NotFound, NotAllowed."""
    account = account_to_change(session, actor, account_id)
    end_all_sessions(session, account.id, now=now)
    note(session, actor, account, "account.signed_out", now=now)
    tell(session, account, "signed_out", now=now)


def unlock_user(session: Session, actor: Actor, account_id: UUID, *, now: datetime) -> None:
    """Failed tries no longer count: they can sign in at once. Raises NotOnOneself, NotFound, NotAllowed."""
    account = account_to_change(session, actor, account_id)
    keys = [(what, f"{name.realm}:{name.name_folded}") for name in account.names for what in BY_NAME]
    attempts.forget_with(session, keys + [(what, str(account.id)) for what in BY_ACCOUNT])
    note(session, actor, account, "account.unlocked", now=now)
    tell(session, account, "unlocked", now=now)


def reset_user_factor(session: Session, actor: Actor, account_id: UUID, *, now: datetime) -> None:
    """Take the second factor off an account whose phone and codes are lost; it is signed out, and its owner is told.

    Raises NotOnOneself, AboveOneself, NotFound, NotAllowed.
    """
    account = account_to_change(session, actor, account_id)
    refuse_above(actor, account)
    reset_second_factor(session, actor, account, now=now)


def wake_user(session: Session, actor: Actor, account_id: UUID, *, now: datetime) -> None:
    """An account that sleeps can be used again; its owner is told. Raises NotOnOneself, AboveOneself, NotFound."""
    account = account_to_change(session, actor, account_id)
    refuse_above(actor, account)
    if wake(session, account, now=now):
        note(session, actor, account, "account.woken", now=now)
        tell(session, account, "woken", now=now)


def send_password_link(session: Session, actor: Actor, account_id: UUID, *, now: datetime) -> str:
    """Mail the link to a new password, as if they had asked; returns the address.

    Raises NoMailbox, NotOnOneself, NotFound, NotAllowed.
    """
    account = account_to_change(session, actor, account_id)
    realm = account.names[-1].realm if account.names else ""
    if not account.email or not realm:
        raise NoMailbox
    _send_link(session, account, realm, now=now)
    note(session, actor, account, "account.password_link_sent", now=now)
    return account.email


def _send_link(session: Session, account: Account, realm: str, *, now: datetime) -> None:
    outbox.publish(
        session, "accounts.reset_asked", now=now, about=account.id, account_id=str(account.id), realm=realm
    )
