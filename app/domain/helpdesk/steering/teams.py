"""Teams and who answers in them: invited by mail, ended at once."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from app.domain.accounts import invitations
from app.domain.accounts.access import Actor, Role
from app.domain.accounts.models import Account, Grant, Invitation, MailLink
from app.domain.accounts.names import is_taken
from app.domain.accounts.sessions import end_all_sessions
from app.domain.errors import Conflict, NotAllowed, NotFound
from app.domain.helpdesk import states
from app.domain.helpdesk.errors import BadRequest
from app.domain.helpdesk.models import Case, Team
from app.domain.helpdesk.open_case import check_names
from app.domain.helpdesk.register_requester import REALM
from app.domain.helpdesk.steering.history import (
    checked_line,
    hold,
    keep,
    one_by_one,
    require_at_team,
    require_supervisor,
)
from app.infra.search import fold

NOUN = "team"
LONGEST_NAME, LONGEST_USER_NAME = 80, 60
ROLES = (Role.HELP_DESK_AGENT, Role.HELP_DESK_SUPERVISOR)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a team, or invited to it (`account_id` None). `id` is that of the grant or of the invitation."""

    id: UUID
    account_id: UUID | None
    name: str
    email: str
    role: Role
    since: datetime

    @property
    def is_invited(self) -> bool:
        """True before the invitation is accepted."""
        return self.account_id is None


@dataclass(frozen=True, slots=True)
class InviteAgent:
    """Who is to answer in a team. The user name is what they sign in with."""

    first_name: str
    last_name: str
    email: str
    user_name: str
    is_supervisor: bool = False


def get_team(session: Session, actor: Actor, team_id: UUID) -> Team:
    """One team, for those who may steer it. Raises NotFound, NotAllowed for another team's supervisor."""
    require_supervisor(actor)
    found = session.get(Team, team_id)
    if found is None:
        raise NotFound
    require_at_team(actor, team_id)
    return found


def save_team(
    session: Session, actor: Actor, team_id: UUID | None, name: str, seen: str, *, now: datetime
) -> Team:
    """Name a team, or make a new one (staff of the whole program only).

    Raises NotFound, NotAllowed, BadRequest, DataChanged.
    """
    require_supervisor(actor)
    if team_id is None and not actor.is_state:
        raise NotAllowed
    one_by_one(session, NOUN)
    kept = get_team(session, actor, team_id) if team_id else None
    if kept is not None:
        hold(session, kept.id, seen)
    name = checked_line("name", name, longest=LONGEST_NAME)
    same = session.scalar(select(Team).where(Team.name == name))
    if same is not None and same is not kept:
        raise BadRequest("name", "taken")
    before = {"name": kept.name} if kept else {}
    if kept is None:
        kept = Team(code=f"{fold(name).replace(' ', '_')[:20] or 'team'}_{secrets.token_hex(3)}", name=name)
        session.add(kept)
    kept.name = name
    session.flush()
    keep(session, actor, NOUN, kept.id, before, {"name": name}, now=now)
    return kept


def members_of(session: Session, actor: Actor, team_id: UUID) -> list[Member]:
    """Who answers in a team, by name, then who is invited. Raises NotFound, NotAllowed."""
    get_team(session, actor, team_id)
    rows = session.execute(
        select(Grant, Account)
        .join(Account, Account.id == Grant.account_id)
        .where(Grant.scope_id == team_id, Grant.role.in_(ROLES), Grant.ended_at.is_(None), Account.closed_at.is_(None))
        .order_by(Account.last_name, Account.first_name, Grant.id)
    )
    here = [
        Member(grant.id, who.id, who.full_name, who.email or "", Role(grant.role), grant.given_at)
        for grant, who in rows
    ]
    invited = session.scalars(_open_invitations(team_id).order_by(Invitation.last_name, Invitation.id))
    return here + [
        Member(one.id, None, f"{one.first_name} {one.last_name}", one.email, Role(one.role), one.created_at)
        for one in invited
    ]


def may_end(actor: Actor, member: Member) -> bool:
    """Agents are ended by their supervisors, supervisors by staff of the whole program, nobody by oneself."""
    own = member.account_id is not None and member.account_id == actor.id
    return not own and (actor.is_state or member.role is Role.HELP_DESK_AGENT)


def invite_agent(session: Session, actor: Actor, team_id: UUID, command: InviteAgent, *, now: datetime) -> None:
    """Mail an invitation. Supervisors are invited by staff of the whole program only.

    Raises NotFound, NotAllowed, BadRequest.
    """
    team = get_team(session, actor, team_id)
    if command.is_supervisor and not actor.is_state:
        raise NotAllowed
    one_by_one(session, NOUN)
    _check(session, team_id, command)
    role = Role.HELP_DESK_SUPERVISOR if command.is_supervisor else Role.HELP_DESK_AGENT
    offer = invitations.Invite(
        role, team_id, command.email.strip(), command.first_name.strip(), command.last_name.strip(), REALM,
        command.user_name.strip(),
    )  # fmt: skip
    invitations.invite(session, actor, offer, now=now)
    keep(session, actor, NOUN, team.id, {}, {"invited": f"{offer.first_name} {offer.last_name}"}, now=now)


def let_go_of_cases(session: Session, account_id: UUID, team_id: UUID) -> None:
    """What somebody had not finished in a team is nobody's, so that the others see it."""
    session.execute(
        update(Case)
        .where(Case.assigned_to_id == account_id, Case.team_id == team_id)
        .where(Case.status.in_(states.UNFINISHED))
        .values(assigned_to_id=None, version=Case.version + 1)
    )


def end_agent(session: Session, actor: Actor, team_id: UUID, member_id: UUID, *, now: datetime) -> Member:
    """End what somebody does in a team, at once; an invitation is withdrawn. Their unfinished cases of the team are
    nobody's then, so that the others see them. Raises NotFound, NotAllowed, Conflict (an invitation that was answered in
    this moment); nobody ends oneself.
    """
    team = get_team(session, actor, team_id)
    member = next((one for one in members_of(session, actor, team_id) if one.id == member_id), None)
    if member is None:
        raise NotFound
    if not may_end(actor, member):
        raise NotAllowed
    if member.is_invited:
        invitation = session.get_one(Invitation, member.id)
        try:
            invitations.hold_invitation(session, invitation)
        except (invitations.LinkUsed, invitations.LinkUnknown) as settled:
            raise Conflict(member.id) from settled
        invitation.withdrawn_at = now
        session.execute(
            update(MailLink)
            .where(MailLink.invitation_id == member.id, MailLink.used_at.is_(None), MailLink.expires_at > now)
            .values(expires_at=now)
        )
    else:
        grant = session.get_one(Grant, member.id)
        grant.ended_at = now
        end_all_sessions(session, grant.account_id, now=now)
        let_go_of_cases(session, grant.account_id, team_id)
    keep(session, actor, NOUN, team.id, {}, {"ended": member.name}, now=now)
    return member


def _check(session: Session, team_id: UUID, command: InviteAgent) -> None:
    check_names(command)
    for field, longest in (("first_name", 40), ("last_name", 80), ("email", 254), ("user_name", LONGEST_USER_NAME)):
        checked_line(field, getattr(command, field), longest=longest)
    try:
        validate_email(command.email.strip(), check_deliverability=False)
    except EmailNotValidError as error:
        raise BadRequest("email", "bad_email") from error
    user_name = command.user_name.strip()
    if not user_name.isprintable() or any(sign.isspace() for sign in user_name):
        raise BadRequest("user_name", "bad_user_name")
    invited = session.scalar(_open_invitations(None).where(Invitation.sign_in_name == user_name).limit(1))
    if is_taken(session, REALM, user_name) or invited is not None:
        raise BadRequest("user_name", "taken")
    folded = command.email.strip().casefold()
    if session.scalar(_open_invitations(team_id).where(Invitation.email_folded == folded).limit(1)) is not None:
        raise BadRequest("email", "invited")


def _open_invitations(team_id: UUID | None) -> Select[Invitation]:
    query = select(Invitation).where(
        Invitation.role.in_(ROLES), Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None)
    )
    return query if team_id is None else query.where(Invitation.scope_id == team_id)
