"""Accounts of staff that nobody uses: a mail two weeks before, then they sleep until their owner or a manager wakes them.

Staff are those who open other people's records or steer the program. Everybody else is left alone: a person comes
back for a proof after a year, an officer signs once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Role
from app.domain.accounts.models import Account, Grant, SignInSession
from app.domain.accounts.sessions import end_all_sessions
from app.infra import audit, outbox

WARNED_BEFORE = timedelta(days=14)
STAFF = frozenset(
    {
        Role.LOCATION_MANAGER, Role.HEALTHCARE_PROVIDER, Role.STATE_STAFF, Role.STATE_ADMINISTRATOR, Role.STATE_VIEWER,
        Role.PRIVACY_OFFICER, Role.HELP_DESK_AGENT, Role.HELP_DESK_SUPERVISOR,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Idle:
    """An account of staff that was not used since `last_use`. `warned_at` is of this time of silence, or None."""

    account_id: UUID
    last_use: datetime
    warned_at: datetime | None


def idle_accounts(
    session: Session, *, unused_for: timedelta, now: datetime, after: UUID | None = None, limit: int = 500
) -> list[Idle]:
    """Accounts to warn or to put to sleep, by id: unused for all but the two weeks of the warning. For jobs only."""
    since = now - unused_for + WARNED_BEFORE
    seen = select(SignInSession.id).where(SignInSession.account_id == Account.id, SignInSession.seen_at > since)
    roles = Grant.role.in_([role.value for role in STAFF])
    held = select(Grant.id).where(Grant.account_id == Account.id, Grant.ended_at.is_(None), roles)
    last_seen = select(func.max(SignInSession.seen_at)).where(SignInSession.account_id == Account.id).scalar_subquery()
    last_given = select(func.max(Grant.given_at)).where(Grant.account_id == Account.id).scalar_subquery()
    query = (
        select(Account.id, Account.created_at, Account.woken_at, Account.sleep_warned_at, last_seen, last_given)
        .where(Account.closed_at.is_(None), Account.slept_at.is_(None), Account.created_at <= since)
        .where(or_(Account.woken_at.is_(None), Account.woken_at <= since), held.exists(), ~seen.exists())
        .order_by(Account.id)
        .limit(limit)
    )
    rows = session.execute(query if after is None else query.where(Account.id > after))
    return [_idle(id_, warned, created, woken, seen, given) for id_, created, woken, warned, seen, given in rows]


def due(found: Idle, *, unused_for: timedelta, now: datetime) -> str:
    """What is to be done about it now: `warn`, `sleep`, or "" for nothing."""
    if found.warned_at is None:
        return "warn" if found.last_use <= now - unused_for + WARNED_BEFORE else ""
    rested = found.last_use <= now - unused_for and found.warned_at <= now - WARNED_BEFORE
    return "sleep" if rested else ""


def warn(session: Session, found: Idle, *, unused_for: timedelta, now: datetime) -> bool:
    """Write the mail that says when the account goes to sleep. False where it was used, or another worker warned, meanwhile."""
    account = _unused(session, found)
    if account is None or (account.sleep_warned_at is not None and account.sleep_warned_at > found.last_use):
        return False
    account.sleep_warned_at = now
    if account.email:
        sleeps_at = max(found.last_use + unused_for, now + WARNED_BEFORE)
        outbox.publish(
            session, "accounts.sleep_near", now=now, about=account.id, account_id=str(account.id),
            sleeps_at=sleeps_at.isoformat(),
        )  # fmt: skip
    return True


def put_to_sleep(session: Session, found: Idle, *, now: datetime) -> bool:
    """Nobody signs in to it until it is woken. False where it was used meanwhile."""
    account = _unused(session, found)
    if account is None:
        return False
    account.slept_at = now
    end_all_sessions(session, account.id, now=now)
    audit.record(
        session, actor_kind="system", actor_id=None, act="account.put_to_sleep", subject_kind="account",
        subject_id=account.id, now=now,
    )  # fmt: skip
    if account.email:
        outbox.publish(session, "accounts.asleep", now=now, about=account.id, account_id=str(account.id))
    return True


def wake(session: Session, account: Account, *, now: datetime) -> bool:
    """It can be used again, and its time begins anew. False where it does not sleep."""
    if account.slept_at is None:
        return False
    account.slept_at, account.woken_at, account.sleep_warned_at = None, now, None
    session.flush()
    return True


def _unused(session: Session, found: Idle) -> Account | None:
    """The account, held until this transaction ends, if it was not used since it was found."""
    account = session.get(Account, found.account_id, with_for_update=True, populate_existing=True)
    if account is None or account.slept_at is not None or account.closed_at is not None:
        return None
    later = select(SignInSession.id).where(
        SignInSession.account_id == account.id, SignInSession.seen_at > found.last_use
    )
    return None if session.scalars(later.limit(1)).first() else account


def _idle(account_id: UUID, warned: datetime | None, *uses: datetime | None) -> Idle:
    last = max(use for use in uses if use is not None)
    return Idle(account_id, last, warned if warned is not None and warned > last else None)
