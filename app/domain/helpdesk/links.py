"""Links in mails that open one case without an account: random, hashed, expiring, renewed by mail only."""

import secrets
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.accounts.names import fold_name
from app.domain.accounts.sessions import hash_token
from app.domain.helpdesk.desk import rule_on
from app.domain.helpdesk.errors import LinkExpired, LinkUnknown
from app.domain.helpdesk.models import Case, CaseLink
from app.infra import outbox


def make_link(session: Session, case: Case, *, now: datetime, today: date) -> str:
    """A new link for a mail that is about to be sent; returns its token. Only the hash is kept."""
    token = secrets.token_urlsafe(24)
    lasts = timedelta(days=rule_on(session, today).link_days)
    session.add(CaseLink(case_id=case.id, token_hash=hash_token(token), created_at=now, expires_at=now + lasts))
    return token


def open_link(session: Session, number: str, token: str, *, now: datetime) -> tuple[Actor, Case]:
    """Who holds the link, as one who acts on that case only, and the case. Raises LinkUnknown, LinkExpired."""
    link = session.scalar(select(CaseLink).where(CaseLink.token_hash == hash_token(token)))
    case = session.get(Case, link.case_id) if link else None
    if link is None or case is None or case.number != number.strip().upper():
        raise LinkUnknown
    if link.expires_at <= now:
        raise LinkExpired
    return Actor(kind="link", id=case.id), case


def renew_link(session: Session, number: str, email: str, *, now: datetime) -> None:
    """Mail a fresh link where number and address belong together; where not, nothing happens and nothing is told."""
    case = session.scalar(select(Case).where(Case.number == number.strip().upper()))
    if case is not None and case.email and case.email_folded == fold_name(email):
        outbox.publish(session, "helpdesk.link_renewed", now=now, about=case.id, case_id=str(case.id))
