"""A user of another location gets this one too: found by exact NCID user name or e-mail, never in a list of strangers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.domain.accounts import attempts, invitations
from app.domain.accounts.access import Actor
from app.domain.accounts.models import Account, Invitation, SignInName
from app.domain.accounts.names import fold_name
from app.domain.providers.take_on_user import hold_users, tell_granted
from app.domain.providers.user_details import profile
from app.domain.providers.user_errors import NobodyFound, NotDone, SeveralFound, TooManySearches
from app.domain.providers.users import REALM, live_grants, ncids_of

MISSES = 20
MISSES_WITHIN = timedelta(minutes=15)
ATTEMPT = "find-user"


@dataclass(frozen=True, slots=True)
class GrantUser:
    """`who` is a whole NCID user name or e-mail address; `confirmed` once the name was looked at."""

    location_id: UUID
    who: str
    profile: str
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class FoundUser:
    """Enough to tell whether it is the right person."""

    full_name: str
    ncid: str


def grant_user(session: Session, actor: Actor, command: GrantUser, *, now: datetime) -> tuple[FoundUser, bool]:
    """Whom the words name, and whether the location was given: only when that was confirmed. They are told by mail.

    Raises NobodyFound (count it: `ATTEMPT`), SeveralFound, TooManySearches, NotDone (present), UserRefused (profile).
    """
    hold_users(session, actor, command.location_id)
    role = profile(command.profile)
    refuse_guessing(session, actor, now=now)
    account = _find(session, command.who)
    found = FoundUser(account.full_name, ncids_of(session, [account.id]).get(account.id, ""))
    if live_grants(session, command.location_id, account.id):
        raise NotDone("present")
    if not command.confirmed:
        return found, False
    invitations.give_role(session, actor, account, role, command.location_id, now=now)
    session.execute(
        update(Invitation)
        .where(Invitation.scope_id == command.location_id, Invitation.realm == REALM)
        .where(func.lower(Invitation.sign_in_name) == fold_name(found.ncid), Invitation.accepted_at.is_(None))
        .where(Invitation.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )
    tell_granted(session, account.id, command.location_id, role.value, now=now)
    session.flush()
    return found, True


def refuse_guessing(session: Session, actor: Actor, *, now: datetime) -> None:
    """Raise TooManySearches for somebody who has asked for too many people whom nobody knows."""
    if attempts.blocked(session, ATTEMPT, str(actor.id), limit=MISSES, within=MISSES_WITHIN, now=now):
        raise TooManySearches


def _find(session: Session, who: str) -> Account:
    words = fold_name(who)
    users = (
        select(Account)
        .join(SignInName, SignInName.account_id == Account.id)
        .where(SignInName.realm == REALM, Account.closed_at.is_(None))
    )
    column = Account.email_folded if "@" in words else SignInName.name_folded
    found = list(session.scalars(users.where(column == words).distinct().limit(2)))
    if not found:
        raise NobodyFound
    if len(found) > 1:
        raise SeveralFound
    return found[0]
