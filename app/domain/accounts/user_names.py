"""Find your user name: a mailbox is told the names of everybody who uses it, and the page tells nothing."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.accounts.models import Account, SignInName
from app.domain.accounts.names import fold_name
from app.domain.accounts.sessions import load_account
from app.infra import outbox
from app.infra.db import new_id

MOST = 20


@dataclass(frozen=True, slots=True)
class FoundName:
    """One user name; `initial` is the first letter of the owner's first name: families share mailboxes."""

    initial: str
    name: str
    account_id: UUID


@dataclass(frozen=True, slots=True)
class NamesOfMailbox:
    """To whom to write, in which language, and the names in the order in which they were made."""

    email: str
    language: str
    names: list[FoundName]


def ask_for_user_names(session: Session, realm: str, email: str, *, now: datetime) -> None:
    """Mail the user names in the realm of everybody with this mailbox, if there is anybody.

    As much work is done for a mailbox that nobody has: how long it takes tells nothing.
    """
    found = session.scalars(_with_names(realm, fold_name(email)).limit(1)).first() or new_id()
    outbox.publish(session, "accounts.names_asked", now=now, about=found, account_id=str(found), realm=realm)


def names_of_mailbox(session: Session, account_id: UUID, realm: str) -> NamesOfMailbox | None:
    """All names in the realm behind the mailbox of this account; None where there is no such account. For jobs."""
    account = load_account(session, account_id)
    if account is None or not account.email or not account.email_folded:
        return None
    names = []
    for one in session.scalars(_with_names(realm, account.email_folded).limit(MOST)):
        owner = load_account(session, one)
        if owner is not None:
            names += [FoundName(owner.first_name[:1].upper(), own.name, one) for own in owner.names if own.realm == realm]
    return NamesOfMailbox(account.email, account.language, names)


def _with_names(realm: str, email_folded: str) -> Select[UUID]:
    return (
        select(Account.id)
        .join(SignInName, SignInName.account_id == Account.id)
        .where(Account.email_folded == email_folded, SignInName.realm == realm)
        .where(Account.closed_at.is_(None), Account.password_hash.is_not(None))
        .order_by(Account.id)
    )
