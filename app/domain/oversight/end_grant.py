"""Take a role away, with a reason that stays."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Role
from app.domain.accounts.models import Account, Grant
from app.domain.accounts.sessions import end_all_sessions
from app.domain.errors import NotFound
from app.domain.helpdesk.steering.teams import let_go_of_cases
from app.domain.oversight.errors import AboveOneself, ReasonMissing
from app.domain.oversight.places import names_of_places
from app.domain.oversight.rights import account_to_change, may_take, refuse_last_administrator
from app.domain.oversight.tell import LONGEST_REASON, note, tell


@dataclass(frozen=True, slots=True)
class EndGrant:
    """Which role of whom, and why."""

    account_id: UUID
    grant_id: UUID
    because: str


def end_grant(session: Session, actor: Actor, command: EndGrant, *, now: datetime) -> None:
    """The role is over at once, in every browser: they are signed out, and told by mail. One that ended stays so.

    Raises ReasonMissing, NotOnOneself, AboveOneself, LastAdministrator, NotFound, NotAllowed.
    """
    account = account_to_change(session, actor, command.account_id)
    grant = next((one for one in account.grants if one.id == command.grant_id), None)
    if grant is None:
        raise NotFound(command.grant_id)
    because = reason(command.because)
    if grant.ended_at is not None:
        return
    if not may_take(actor, Role(grant.role)):
        raise AboveOneself
    if grant.role == Role.STATE_ADMINISTRATOR:
        refuse_last_administrator(session, account)
    finish(session, actor, account, grant, because, now=now)
    end_all_sessions(session, account.id, now=now)
    place = names_of_places(session, [grant.scope_id])
    tell(
        session, account, "role_ended", now=now, role=grant.role, place=place.get(grant.scope_id, "") if grant.scope_id else ""
    )  # fmt: skip


def finish(session: Session, actor: Actor, account: Account, grant: Grant, because: str, *, now: datetime) -> None:
    """End one role and log it; unfinished cases of a team are nobody's then."""
    grant.ended_at, grant.ended_by_id, grant.ended_because = now, actor.id, because
    if grant.scope_kind == "team" and grant.scope_id is not None:
        let_go_of_cases(session, account.id, grant.scope_id)
    note(session, actor, account, "account.role_ended", now=now, place_id=grant.scope_id, role=grant.role)


def reason(typed: str) -> str:
    """The reason as it is kept. Raises ReasonMissing."""
    text = " ".join(typed.split())[:LONGEST_REASON]
    if not text:
        raise ReasonMissing
    return text
