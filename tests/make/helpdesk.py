"""Makers of the help desk's things."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Role
from app.domain.accounts.models import Account
from app.domain.accounts.sessions import actor_of
from app.domain.helpdesk.models import Case, Requester, Team
from app.domain.helpdesk.open_case import OpenCase, open_case
from app.domain.helpdesk.register_requester import TERMS
from app.infra import clock
from app.infra.storage import FolderStorage
from tests.make.accounts import account


def team(session: Session, code: str = "provider") -> Team:
    """One of the installed teams."""
    return session.scalars(select(Team).where(Team.code == code)).one()


def agent(session: Session, team_code: str = "provider", *, supervisor: bool = False, **names: Any) -> Account:
    """Somebody who answers in a team."""
    role = Role.HELP_DESK_SUPERVISOR if supervisor else Role.HELP_DESK_AGENT
    return account(session, role, team(session, team_code).id, realm="helpdesk", **names)


def requester(session: Session, **names: Any) -> Account:
    """A vaccine provider who registered with the help desk."""
    made = account(session, Role.HELP_DESK_REQUESTER, realm="helpdesk", **names)
    made.grants[0].scope_id = made.id
    session.add(Requester(account_id=made.id, terms=TERMS, registered_at=clock.now()))
    session.commit()
    return made


def opened(
    session: Session, storage: FolderStorage, *, by: Account | None = None, request_type: str | None = None,
    audience: str | None = None, recipient_id: UUID | None = None, **other: Any,
) -> Case:  # fmt: skip
    """A case. By somebody signed in it is a provider's, else a recipient's, unless said otherwise."""
    audience = audience or ("provider" if by else "recipient")
    fallback = {"provider": "training", "organization": "org_upload", "recipient": "proof"}[audience]
    now = clock.now()
    facts = {
        "first_name": by.first_name if by else "Maria", "last_name": by.last_name if by else "Lopez",
        "email": (by.email if by else None) or "maria@example.org", "description": "Where is it?",
        "organization_name": "Acme" if audience == "organization" else "",
    }  # fmt: skip
    command = OpenCase(
        audience=audience, request_type=request_type or fallback, recipient_id=recipient_id, **{**facts, **other}
    )
    made = open_case(
        session, actor_of(by, now=now) if by else None, command, storage=storage, now=now,
        today=(now - timedelta(hours=5)).date(),
    )  # fmt: skip
    session.commit()
    return made
