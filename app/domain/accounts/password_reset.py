"""Forgotten and changed passwords. The answer is the same whether or not the account exists."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.accounts import passwords
from app.domain.accounts.idle import wake
from app.domain.accounts.invitations import LinkUnknown, WeakPassword, open_link, take_link
from app.domain.accounts.models import Account, MailLink
from app.domain.accounts.sessions import end_all_sessions, find_by_name, load_account
from app.infra import audit, outbox

LINK_LASTS = timedelta(hours=2)


def ask_for_reset(session: Session, realm: str, name: str, *, now: datetime) -> None:
    """Mail a reset link to the account's address, when there is such an account and it has one."""
    account = find_by_name(session, realm, name)
    if account is not None and account.email and account.password_hash:
        outbox.publish(
            session, "accounts.reset_asked", now=now, about=account.id, account_id=str(account.id), realm=realm
        )


def open_reset(session: Session, token: str, *, now: datetime) -> tuple[Account, MailLink]:
    """The account behind a reset link. Raises LinkUnknown, LinkUsed or LinkExpired."""
    link = open_link(session, "reset", token, now=now)
    account = load_account(session, link.account_id) if link.account_id else None
    if account is None:
        raise LinkUnknown
    return account, link


def reset_password(session: Session, account: Account, link: MailLink, password: str, *, now: datetime) -> None:
    """Set the new password and sign the account out everywhere; one that sleeps is awake again.

    Raises WeakPassword, or LinkUsed by somebody faster.
    """
    take_link(session, link, now=now)
    wake(session, account, now=now)
    set_password(session, account, password, now=now)


def set_password(session: Session, account: Account, password: str, *, now: datetime) -> None:
    """Set a password, end all sessions and links to a new one, and tell the owner by mail. Raises WeakPassword."""
    unmet = passwords.unmet_criteria(password, (account.first_name, account.last_name, account.email))
    if unmet:
        raise WeakPassword(unmet)
    account.password_hash = passwords.hash_password(password)
    account.password_is_temporary = False
    end_all_sessions(session, account.id, now=now)
    session.execute(
        update(MailLink)
        .where(MailLink.account_id == account.id, MailLink.purpose == "reset", MailLink.used_at.is_(None))
        .values(used_at=now)
    )
    if account.email:
        outbox.publish(session, "accounts.password_changed", now=now, about=account.id, account_id=str(account.id))
    audit.record(
        session, actor_kind="person", actor_id=account.id, act="account.password_changed", subject_kind="account",
        subject_id=account.id, now=now,
    )  # fmt: skip
