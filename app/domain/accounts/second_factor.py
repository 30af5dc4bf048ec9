"""The second factor: a code from an authenticator app (RFC 6238), or one of ten recovery codes, after the password.

The secret is encrypted at rest. A code works once: the step of the last accepted one is kept, and only a later step
is taken. Recovery codes can be read for a quarter of an hour after they were made; after that only hashes are left.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission, Role
from app.domain.accounts.models import Account, RecoveryCode, SecondFactor
from app.domain.accounts.sessions import end_all_sessions, hash_token, load_account
from app.domain.errors import NotFound, Refusal
from app.infra import audit, outbox
from app.infra.db import Database

STEP_SECONDS = 30
CLOCKS_DIFFER_BY = 1
CODES = 10
SHOWN_FOR = timedelta(minutes=15)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"

Waits = Literal["", "code", "set_up"]
Change = Literal["on", "off", "codes", "reset", "reused"]


class WrongCode(Refusal):
    """Neither the app's code of this half minute nor an unused recovery code."""


class CodeUsed(WrongCode):
    """A right code that was taken already: perhaps somebody read it over a shoulder."""


class FactorRequired(Refusal):
    """A role of this account demands a second factor: it can be moved to another phone, not turned off."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What an account's owner sees. `fresh` are recovery codes that can still be read."""

    confirmed_at: datetime | None
    codes_left: int
    fresh: tuple[str, ...]


def what_sign_in_waits_for(session: Session, account: Account, *, demanding: frozenset[Role], now: datetime) -> Waits:
    """What must follow the password: a code, setting one up (where a role demands it), or nothing."""
    if _confirmed(session, account) is not None:
        return "code"
    roles = {Role(grant.role) for grant in account.grants if grant.ended_at is None and _holds(grant.until, now)}
    return "set_up" if roles & demanding else ""


def prepare(session: Session, account: Account, *, now: datetime) -> None:
    """Make a secret to be confirmed, unless one is waiting already: what was scanned a minute ago still fits.

    One that waits for long is forgotten: a browser that is found later shows nobody's secret. Whoever comes back to it
    before that has the whole time once more.
    """
    waiting = _waiting(session, account, now)
    if waiting is not None:
        waiting.begun_at = now
    else:
        session.execute(
            delete(SecondFactor).where(SecondFactor.account_id == account.id, SecondFactor.confirmed_at.is_(None))
        )
        session.add(SecondFactor(account_id=account.id, secret=pyotp.random_base32(), begun_at=now, last_step=0))
        session.flush()


def address_for_app(
    session: Session, account: Account, *, name: str, issuer: str, now: datetime
) -> tuple[str, str] | None:
    """The `otpauth:` address for the picture and the secret for typing; None where nothing is being set up."""
    waiting = _waiting(session, account, now)
    if waiting is None:
        return None
    return pyotp.TOTP(waiting.secret).provisioning_uri(name=name, issuer_name=issuer), waiting.secret


def confirm(session: Session, account: Account, code: str, *, now: datetime) -> None:
    """The app shows the right code: from now on it is asked for. Raises WrongCode.

    An earlier app stops working. New recovery codes are made, other sessions end, the owner is told by mail.
    """
    waiting = _waiting(session, account, now)
    if waiting is None or (step := _step_of(waiting.secret, code, now)) is None:
        raise WrongCode
    session.execute(
        delete(SecondFactor).where(SecondFactor.account_id == account.id, SecondFactor.confirmed_at.is_not(None))
    )
    waiting.confirmed_at, waiting.last_step = now, step
    _make_codes(session, account, waiting, now=now)
    end_all_sessions(session, account.id, now=now)
    _tell(session, account, "on", now=now)


def check(session: Session, account: Account, code: str, *, now: datetime) -> None:
    """Take a code of the app or a recovery code; each works once. Raises WrongCode, or CodeUsed of the app's code of this minute."""
    factor = _confirmed(session, account)
    if factor is None:
        raise WrongCode
    step = _step_of(factor.secret, code, now)
    if step is not None:
        later = update(SecondFactor).where(SecondFactor.id == factor.id, SecondFactor.last_step < step)
        taken = session.execute(later.values(last_step=step).returning(SecondFactor.id))
    else:
        unused = update(RecoveryCode).where(
            RecoveryCode.account_id == account.id, RecoveryCode.code_hash == _hashed(code), RecoveryCode.used_at.is_(None)
        )
        taken = session.execute(unused.values(used_at=now).returning(RecoveryCode.id))
    if taken.first() is None:
        raise WrongCode if step is None else CodeUsed
    if step is None:
        _tell(session, account, "codes", now=now)


def tell_of_reuse(database: Database, account_id: UUID, *, now: datetime) -> None:
    """Log and mail that a used code was tried again, in a transaction of its own: the page that was refused is rolled back (ASVS 2.8.5)."""
    with database.transaction() as session:
        account = load_account(session, account_id)
        if account is not None:
            _tell(session, account, "reused", now=now)


def standing(session: Session, account: Account, *, now: datetime) -> Standing:
    """Whether a second factor is on, and how many recovery codes are left."""
    factor = _confirmed(session, account)
    if factor is None:
        return Standing(None, 0, ())
    left = session.scalar(
        select(func.count()).where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
    )
    readable = factor.codes_until is not None and now < factor.codes_until
    return Standing(factor.confirmed_at, left or 0, tuple(factor.fresh_codes or ()) if readable else ())


def new_codes(session: Session, account: Account, *, now: datetime) -> None:
    """Ten new recovery codes; the old ones stop working. Call after `check`. Raises WrongCode where nothing is on."""
    factor = _confirmed(session, account)
    if factor is None:
        raise WrongCode
    _make_codes(session, account, factor, now=now)


def codes_are_kept(session: Session, account: Account) -> None:
    """The owner has written the codes down: from now on nobody can read them here."""
    session.execute(
        update(SecondFactor).where(SecondFactor.account_id == account.id).values(fresh_codes=None, codes_until=None)
    )


def sweep(database: Database, *, now: datetime) -> None:
    """Codes that were not acknowledged in time are kept as hashes only."""
    stale = update(SecondFactor).where(SecondFactor.codes_until <= now).values(fresh_codes=None, codes_until=None)
    with database.transaction() as session:
        session.execute(stale)


def turn_off(session: Session, account: Account, *, demanding: frozenset[Role], now: datetime) -> None:
    """Back to the password alone. Call after `check`. Raises FactorRequired."""
    roles = {Role(grant.role) for grant in account.grants if grant.ended_at is None and _holds(grant.until, now)}
    if roles & demanding:
        raise FactorRequired
    _remove(session, account)
    _tell(session, account, "off", now=now)


def reset_second_factor(session: Session, actor: Actor, account: Account, *, now: datetime) -> None:
    """Staff take the factor off an account whose phone and codes are lost, and sign it out everywhere.

    Nobody resets their own. Raises NotAllowed, NotFound.
    """
    actor.require(Permission.MANAGE_STAFF, at=None)
    if load_account(session, account.id) is None or actor.id == account.id:
        raise NotFound
    _remove(session, account)
    end_all_sessions(session, account.id, now=now)
    _tell(session, account, "reset", now=now, actor=actor)


def _holds(until: datetime | None, now: datetime) -> bool:
    return until is None or now < until


def _find(session: Session, account: Account, *, confirmed: bool) -> SecondFactor | None:
    at = SecondFactor.confirmed_at
    return session.scalar(
        select(SecondFactor).where(
            SecondFactor.account_id == account.id, at.is_not(None) if confirmed else at.is_(None)
        )
    )


def _confirmed(session: Session, account: Account) -> SecondFactor | None:
    return _find(session, account, confirmed=True)


def _waiting(session: Session, account: Account, now: datetime) -> SecondFactor | None:
    found = _find(session, account, confirmed=False)
    return found if found is not None and now - found.begun_at < SHOWN_FOR else None


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """The half minute to which a code of six digits belongs: this one, or a neighbour where clocks differ."""
    digits = "".join(code.split())
    if not (len(digits) == 6 and digits.isascii() and digits.isdigit()):
        return None
    counter, this = pyotp.TOTP(secret), int(now.timestamp()) // STEP_SECONDS
    for step in range(this - CLOCKS_DIFFER_BY, this + CLOCKS_DIFFER_BY + 1):
        if secrets.compare_digest(counter.generate_otp(step), digits):
            return step
    return None


def _make_codes(session: Session, account: Account, factor: SecondFactor, *, now: datetime) -> None:
    made = ["".join(secrets.choice(_LETTERS) for _ in range(10)) for _ in range(CODES)]
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    session.add_all([RecoveryCode(account_id=account.id, code_hash=_hashed(code)) for code in made])
    factor.fresh_codes = [f"{code[:5]}-{code[5:]}" for code in made]
    factor.codes_until = now + SHOWN_FOR
    session.flush()


def _hashed(code: str) -> str:
    return hash_token("".join(letter for letter in code.casefold() if letter.isalnum()))


def _remove(session: Session, account: Account) -> None:
    session.execute(delete(SecondFactor).where(SecondFactor.account_id == account.id))
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))


def _tell(session: Session, account: Account, change: Change, *, now: datetime, actor: Actor | None = None) -> None:
    """Log it, and mail the owner, who may not have been the one."""
    if account.email:
        outbox.publish(
            session, "accounts.second_factor", now=now, about=account.id, account_id=str(account.id), change=change
        )
    audit.record(
        session, actor_kind=actor.kind if actor else "person", actor_id=actor.id if actor else account.id,
        act="account.second_factor", subject_kind="account", subject_id=account.id, now=now, change=change,
    )  # fmt: skip
