"""Mails of the help desk: that there is something to read, and the link to it. Never what was asked or answered."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.domain.accounts.invitations import sign_in_name_of
from app.domain.accounts.sessions import load_account
from app.domain.helpdesk.desk import rule_on
from app.domain.helpdesk.links import make_link
from app.domain.helpdesk.queries import case_for_mail
from app.domain.helpdesk.register_requester import REALM, issue_temporary_password
from app.infra import clock
from app.jobs.mails.registry import Letter, Post, composes

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_ACTS = ("opened", "commented", "asked", "proposed", "merged", "closed", "link_renewed", "reminder")


def _about_case(act: str) -> None:
    @composes(f"helpdesk.{act}")
    def about_case(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
        """One mail about a case, with a fresh link to it."""
        case = case_for_mail(session, UUID(payload["case_id"]))
        if case is None or (act == "reminder" and case.clock_on is None):
            return None
        today = clock.local_date(post.now, post.settings.zone)
        token = make_link(session, case, now=post.now, today=today)
        facts: dict[str, Any] = {
            "act": act,
            "number": case.number,
            "first_name": case.first_name,
            "link": post.url(f"/help/cases/{case.number}/{token}"),
            "days": rule_on(session, today).link_days,
            "closes_on": date.fromisoformat(payload["closes_on"]) if act == "reminder" else None,
            "by_reply": bool(post.settings.help_address),
        }
        return Letter(
            to=case.email, to_name=case.full_name, template="emails/help_case.txt", context=facts,
            language=case.language, headers=_reply_to(post.settings.help_address, case.reply_token),
        )  # fmt: skip


for _act in _ACTS:
    _about_case(_act)


@composes("helpdesk.registered")
def registered(session: "Session", payload: dict[str, str], post: Post) -> Letter | None:
    """User id and temporary password. Made now, so that they stand nowhere but in this mail."""
    account = load_account(session, UUID(payload["account_id"]))
    if account is None or not account.email:
        return None
    if account.password_hash is not None and not account.password_is_temporary:
        return None
    return Letter(
        to=account.email, to_name=account.full_name, template="emails/help_registered.txt",
        context={
            "name": sign_in_name_of(account, REALM), "password": issue_temporary_password(session, account),
            "link": post.url(f"/account/sign-in/{REALM}"),
        },
        language=account.language,
    )  # fmt: skip


def _reply_to(address: str, token: str) -> dict[str, str]:
    """`help@example.org` becomes `help+<token>@example.org`: an answer by mail finds its case."""
    if not address:
        return {}
    name, _, domain = address.partition("@")
    return {"Reply-To": f"{name}+{token}@{domain}"}
