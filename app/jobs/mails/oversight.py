"""Mails about somebody's account: what the state changed, and that it sleeps; and that health answers were opened."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.accounts.access import Role
from app.domain.accounts.break_glass import find_opening
from app.domain.accounts.invitations import sign_in_name_of
from app.domain.accounts.sessions import load_account
from app.domain.oversight.mailbox import account_even_closed
from app.domain.recipients.closing.close_record import accounts_of_the_dead
from app.infra import clock
from app.jobs.mails.registry import Letter, Post, composes
from app.web.role_words import ROLE_WORDS

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.accounts.models import Account

_OWN = {Role.RECIPIENT.value, Role.GUARDIAN.value}


@composes("accounts.changed")
def changed(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """What the state did with somebody's account. `what`: role_given, role_ended, closed, opened_again, signed_out,
    unlocked or woken. It names no colleague and no record.
    """
    account = account_even_closed(session, UUID(payload["account_id"]))
    if account is None or not account.email or accounts_of_the_dead(session, [account.id]):
        return None
    role = payload.get("role")
    return _letter(
        account, "emails/account_changed.txt", post, what=payload["what"], place=payload.get("place", ""),
        role=str(ROLE_WORDS[Role(role)]) if role else "", own=role in _OWN, name=payload.get("name", ""),
    )  # fmt: skip


@composes("accounts.sleep_near")
def sleep_near(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """On which day an unused account goes to sleep. None where it was used meanwhile."""
    account = load_account(session, UUID(payload["account_id"]))
    if account is None or not account.email or account.slept_at or account.sleep_warned_at is None:
        return None
    day = clock.local_date(datetime.fromisoformat(payload["sleeps_at"]), post.settings.zone)
    return _letter(account, "emails/account_sleep_near.txt", post, day=day, names=_names(account))


@composes("accounts.asleep")
def asleep(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """That it sleeps, and how to wake it."""
    account = load_account(session, UUID(payload["account_id"]))
    if account is None or not account.email or account.slept_at is None:
        return None
    return _letter(account, "emails/account_asleep.txt", post, names=_names(account))


@composes("accounts.glass_broken")
def glass_broken(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """To those who watch over privacy: somebody opened health answers. No names, no reason: the page has both."""
    account, opening = load_account(session, UUID(payload["account_id"])), find_opening(session, UUID(payload["opening_id"]))
    if account is None or not account.email or opening is None or opening.reviewed_at is not None:
        return None
    return _letter(
        account, "emails/health_answers_opened.txt", post, review=post.url(f"/state/health-answers/{opening.id}")
    )


def _letter(account: "Account", template: str, post: Post, **facts: object) -> Letter:
    realm = account.names[-1].realm if account.names else ""
    return Letter(
        to=account.email or "", to_name=account.full_name, template=template, language=account.language,
        context={"link": post.url(f"/account/sign-in/{realm}" if realm else "/"), **facts},
    )  # fmt: skip


def _names(account: "Account") -> list[str]:
    return [sign_in_name_of(account, realm) for realm in dict.fromkeys(name.realm for name in account.names)]
