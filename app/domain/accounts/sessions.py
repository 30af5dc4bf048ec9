"""Signing in, and the sessions that expire and can be ended everywhere."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session, joinedload

from app.domain.accounts import attempts, passwords
from app.domain.accounts.access import Actor, GrantedRole, Role
from app.domain.accounts.models import Account, SignInName, SignInSession
from app.domain.accounts.names import fold_name
from app.domain.errors import Refusal
from app.infra.db import Database

PER_NAME = 8
PER_ADDRESS = 60
WINDOW = timedelta(minutes=15)
SEEN_EVERY = timedelta(minutes=2)
WAITS_AT_MOST = timedelta(minutes=10)


class WrongNameOrPassword(Refusal):
    """One of the two is wrong; which one is not told."""


class AccountAsleep(Refusal):
    """The password is right, but the account was not used for long: a new password or a manager wakes it."""


class TooManyAttempts(Refusal):
    """Wait a quarter of an hour."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What was typed into the sign-in form, and from which network address."""

    realm: str
    name: str
    password: str
    address: str


def authenticate(session: Session, database: Database, typed: Credentials, *, now: datetime) -> Account:
    """The account behind a name and password.

    Raises TooManyAttempts, WrongNameOrPassword or AccountAsleep. Failures are counted by name and by address, whatever the caller
    does with its transaction.
    """
    name_key = f"{typed.realm}:{fold_name(typed.name)}"
    if attempts.blocked(session, "sign-in", name_key, limit=PER_NAME, within=WINDOW, now=now) or attempts.blocked(
        session, "sign-in-address", typed.address, limit=PER_ADDRESS, within=WINDOW, now=now
    ):
        raise TooManyAttempts
    account = find_by_name(session, typed.realm, typed.name)
    if not passwords.verify(account.password_hash if account else None, typed.password) or account is None:
        raise WrongNameOrPassword
    if account.slept_at is not None:
        raise AccountAsleep
    return account


def note_failure(database: Database, *typed: Credentials, now: datetime) -> None:
    """Count a failed sign-in: once for the address, and for the name in every realm in which it was tried.

    Called after the page's transaction was let go.
    """
    attempts.note(database, "sign-in", *(f"{each.realm}:{fold_name(each.name)}" for each in typed), now=now)
    attempts.note(database, "sign-in-address", typed[0].address, now=now)


def find_by_name(session: Session, realm: str, name: str) -> Account | None:
    """The open account with this name in the realm."""
    return session.scalar(
        select(Account)
        .join(SignInName)
        .where(SignInName.realm == realm, SignInName.name_folded == fold_name(name), Account.closed_at.is_(None))
    )


def start_session(session: Session, account_id: UUID, *, device: str, now: datetime, waits_for: str = "") -> str:
    """Begin a session; returns the token for the cookie. Only its hash is kept.

    With `waits_for` (code or set_up) it opens nothing until the second factor was shown, and then another one begins.
    """
    token = secrets.token_urlsafe(32)
    session.add(
        SignInSession(
            account_id=account_id, token_hash=hash_token(token), started_at=now, seen_at=now, device=device[:200],
            waits_for=waits_for,
        )
    )  # fmt: skip
    session.flush()
    return token


_BEHIND_COOKIE = (
    select(SignInSession, Account)
    .join(Account, Account.id == SignInSession.account_id)
    .options(joinedload(Account.names), joinedload(Account.grants))
    .where(SignInSession.token_hash == bindparam("token_hash"), SignInSession.ended_at.is_(None))
    .where(Account.closed_at.is_(None))
)
"""Made once and one query: every request of whoever is signed in asks it."""


def find_session(
    session: Session, token: str, *, idle: timedelta, longest: timedelta, now: datetime
) -> tuple[SignInSession, Account] | None:
    """The live session behind a cookie with its open account: not ended, not idle too long, not older than the longest allowed.

    It may still wait for a second factor: then it opens nothing yet.
    """
    behind = session.execute(_BEHIND_COOKIE, {"token_hash": hash_token(token)}).unique().one_or_none()
    if behind is None:
        return None
    found = behind[0]
    age = abs(now - found.started_at)  # one from a day to come is of a clock that has been put right since
    if now - found.seen_at > idle or age > (WAITS_AT_MOST if found.waits_for else longest):
        return None
    return found, behind[1]


def touch_session(database: Database, session_id: UUID, seen_at: datetime, *, now: datetime) -> None:
    """Remember that the session is in use, at most every two minutes, in a transaction of its own.

    Takes plain values: the page's transaction may be over, and its rows with it.
    """
    if abs(now - seen_at) < SEEN_EVERY:
        return
    with database.transaction() as session:
        session.execute(update(SignInSession).where(SignInSession.id == session_id).values(seen_at=now))


def end_session(session: Session, token: str, *, now: datetime) -> None:
    """Sign out here."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.token_hash == hash_token(token), SignInSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_all_sessions(session: Session, account_id: UUID, *, now: datetime) -> None:
    """Sign out everywhere."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.account_id == account_id, SignInSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def open_sessions(session: Session, account_id: UUID, *, since: datetime) -> list[SignInSession]:
    """Sessions that are not ended and were seen since the moment, newest first."""
    return list(
        session.scalars(
            select(SignInSession)
            .where(SignInSession.account_id == account_id, SignInSession.ended_at.is_(None))
            .where(SignInSession.seen_at > since, SignInSession.waits_for == "")
            .order_by(SignInSession.seen_at.desc(), SignInSession.id)
        )
    )


def load_account(session: Session, account_id: UUID) -> Account | None:
    """An open account with its names and grants."""
    return (
        session.scalars(
            select(Account)
            .options(joinedload(Account.names), joinedload(Account.grants))
            .where(Account.id == account_id, Account.closed_at.is_(None))
        )
        .unique()
        .one_or_none()
    )


def actor_of(account: Account, *, now: datetime) -> Actor:
    """The account as somebody who acts, with the grants that hold at this moment."""
    grants = tuple(
        GrantedRole(Role(grant.role), grant.scope_kind, grant.scope_id)  # type: ignore[arg-type]
        for grant in account.grants
        if grant.ended_at is None and (grant.until is None or now < grant.until)
    )
    return Actor(kind="person", id=account.id, grants=grants)


def hash_token(token: str) -> str:
    """SHA-256 in hex: tokens are random, so no salt or stretching is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def nobody_has_an_account(session: Session) -> bool:
    """True for an installation that was never used."""
    return session.scalars(select(Account.id).limit(1)).first() is None
