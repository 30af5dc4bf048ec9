"""Invite somebody without an account to work for the program or at the help desk; the open invitations."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from app.domain.accounts import invitations
from app.domain.accounts.access import SCOPE_OF_ROLE, Actor, Permission, Role
from app.domain.accounts.models import Invitation, MailLink
from app.domain.accounts.names import fold_name, is_taken
from app.domain.errors import NotFound
from app.domain.oversight.errors import AboveOneself, PlaceMissing
from app.domain.oversight.give_role import REALM_OF_SCOPE
from app.domain.oversight.one_user import OpenInvitation, mails_in_trouble
from app.domain.oversight.places import names_of_places, place_for_role
from app.domain.oversight.rights import may_give
from app.domain.providers.user_details import clean, email_address
from app.domain.providers.user_errors import UserRefused, Why
from app.infra import audit
from app.infra.db import one_at_a_time

BY_INVITATION = (
    Role.STATE_STAFF, Role.STATE_VIEWER, Role.PRIVACY_OFFICER, Role.STATE_ADMINISTRATOR, Role.HELP_DESK_AGENT,
    Role.HELP_DESK_SUPERVISOR,
)  # fmt: skip
MOST = 200


class NameTaken(UserRefused):
    """Somebody has this user name in that portal, or is invited with it."""

    def __init__(self) -> None:
        super().__init__({"user_name": Why("ncid_of_another")})


@dataclass(frozen=True, slots=True)
class InviteStaff:
    """Who is to work as what; `team_id` for the help desk."""

    first_name: str
    last_name: str
    email: str
    user_name: str
    role: Role
    team_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Invited:
    """An open invitation, and who it is for."""

    full_name: str
    user_name: str
    invitation: OpenInvitation


def invite_staff(session: Session, actor: Actor, command: InviteStaff, *, now: datetime) -> Invitation:
    """Record the invitation and send its mail. Raises UserRefused, NameTaken, PlaceMissing, AboveOneself, NotAllowed."""
    actor.require(Permission.MANAGE_STAFF, at=None)
    if command.role not in BY_INVITATION or not may_give(actor, command.role):
        raise AboveOneself
    typed = {"first_name": command.first_name, "last_name": command.last_name, "email": command.email}
    values, reasons = clean({**typed, "ncid": command.user_name})
    if reasons:
        raise UserRefused({"user_name" if name == "ncid" else name: why for name, why in reasons.items()})
    if place_for_role(session, command.role, command.team_id) is None:
        raise PlaceMissing
    realm = REALM_OF_SCOPE[SCOPE_OF_ROLE[command.role]]
    one_at_a_time(session, f"user names of {realm}")
    if is_taken(session, realm, values["ncid"]) or _is_invited(session, realm, values["ncid"]):
        raise NameTaken
    offer = invitations.Invite(
        command.role, command.team_id, values["email"], values["first_name"], values["last_name"], realm, values["ncid"]
    )
    return invitations.invite(session, actor, offer, now=now)


def open_invitations(session: Session, actor: Actor) -> list[Invited]:
    """Those to work for the program or at the help desk that nobody answered yet, newest first."""
    found = list(session.scalars(_invitations_visible_to(actor).order_by(Invitation.id.desc()).limit(MOST)))
    places = names_of_places(session, [one.scope_id for one in found])
    troubled = mails_in_trouble(session, [one.id for one in found])
    return [_invited(one, places.get(one.scope_id, "") if one.scope_id else "", one.id in troubled) for one in found]


def get_invited(session: Session, actor: Actor, invitation_id: UUID) -> Invited:
    """One open invitation. Raises NotFound, NotAllowed."""
    found = _find(session, actor, invitation_id)
    place = names_of_places(session, [found.scope_id])
    return _invited(
        found, place.get(found.scope_id, "") if found.scope_id else "", found.id in mails_in_trouble(session, [found.id])
    )


def invite_staff_again(session: Session, actor: Actor, invitation_id: UUID, email: str, *, now: datetime) -> str:
    """The mail once more, to a corrected address where one is given; returns it. Raises UserRefused, NotFound."""
    found = _find(session, actor, invitation_id, to_change=True)
    corrected = email_address(email) if email.strip() else None
    invitations.send_invitation_again(session, found, now=now, email=corrected)
    _note(session, actor, found, "account.invited_again", now)
    return found.email


def withdraw_invitation(session: Session, actor: Actor, invitation_id: UUID, *, now: datetime) -> None:
    """It can no longer be answered. Raises NotFound, NotAllowed."""
    found = _find(session, actor, invitation_id, to_change=True)
    found.withdrawn_at = now
    session.execute(
        update(MailLink).where(MailLink.invitation_id == found.id, MailLink.used_at.is_(None)).values(expires_at=now)
    )
    _note(session, actor, found, "account.invitation_withdrawn", now)


def _invitations_visible_to(actor: Actor) -> Select[Invitation]:
    actor.require(Permission.MANAGE_STAFF, at=None)
    return select(Invitation).where(
        Invitation.role.in_([role.value for role in BY_INVITATION]), Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
    )  # fmt: skip


def _find(session: Session, actor: Actor, invitation_id: UUID, *, to_change: bool = False) -> Invitation:
    query = _invitations_visible_to(actor).where(Invitation.id == invitation_id)
    if to_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound(invitation_id)
    if not may_give(actor, Role(found.role)):
        raise AboveOneself
    return found


def _is_invited(session: Session, realm: str, name: str) -> bool:
    waiting = session.scalars(
        select(Invitation.sign_in_name).where(
            Invitation.role.in_([role.value for role in BY_INVITATION]), Invitation.realm == realm,
            Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None),
        )
    )  # fmt: skip
    return any(fold_name(other or "") == fold_name(name) for other in waiting)


def _invited(found: Invitation, place: str, in_trouble: bool) -> Invited:
    shown = OpenInvitation(found.id, Role(found.role), place, found.email, found.created_at, in_trouble)
    return Invited(f"{found.first_name} {found.last_name}".strip(), found.sign_in_name or "", shown)


def _note(session: Session, actor: Actor, found: Invitation, act: str, now: datetime) -> None:
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act=act, subject_kind="invitation", subject_id=found.id,
        place_id=found.scope_id, now=now,
    )  # fmt: skip
    session.flush()
