"""A user of a location gets another profile, loses access or gets it again, and is sent the invitation once more.

Nobody does this to themselves, and a location keeps a Location Manager.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.accounts import invitations
from app.domain.accounts.access import Actor, Role
from app.domain.accounts.models import Account, Invitation, MailLink
from app.domain.accounts.sessions import end_all_sessions
from app.domain.errors import Conflict
from app.domain.providers.take_on_user import hold_users, tell_granted
from app.domain.providers.user_details import email_address, profile
from app.domain.providers.user_errors import AlreadySignedIn, NotDone
from app.domain.providers.users import LocationUser, get_user, live_grants
from app.infra import audit


@dataclass(frozen=True, slots=True)
class ChangeProfile:
    """`profile` is a code or label of PROFILES. For somebody who was deactivated it gives access again."""

    location_id: UUID
    user_id: UUID
    profile: str


@dataclass(frozen=True, slots=True)
class DeactivateUser:
    """`user_id` as in LocationUser: of an account or of an open invitation."""

    location_id: UUID
    user_id: UUID


@dataclass(frozen=True, slots=True)
class ResendInvitation:
    """`email` where the address was wrong; empty leaves it."""

    location_id: UUID
    user_id: UUID
    email: str = ""


def change_profile(session: Session, actor: Actor, command: ChangeProfile, *, now: datetime) -> None:
    """Give the user this profile here and no other. Who gets access again is told by mail.

    Raises NotDone, UserRefused (profile), NotFound.
    """
    hold_users(session, actor, command.location_id)
    user = get_user(session, actor, command.location_id, command.user_id)
    role = profile(command.profile)
    if user.account_id is None:
        _hold(session, user.id).role = role.value
        _note(session, actor, command.location_id, user, "location.invited_user_changed", now)
        return
    if user.status == "active" and user.role == role:
        return
    if user.status == "active":
        _refuse_loss(session, actor, command.location_id, user)
        _end_grants(session, actor, command.location_id, user, now)
    account = session.get_one(Account, user.account_id)
    if account.closed_at is not None:
        raise NotDone("account_closed")
    invitations.give_role(session, actor, account, role, command.location_id, now=now)
    if user.status == "deactivated":
        tell_granted(session, account.id, command.location_id, role.value, now=now)


def deactivate_user(session: Session, actor: Actor, command: DeactivateUser, *, now: datetime) -> None:
    """End what somebody may do here, and sign them out everywhere; withdraw an open invitation.

    Raises NotDone, NotFound. Somebody who was deactivated already stays so.
    """
    hold_users(session, actor, command.location_id, also_closed=True)
    user = get_user(session, actor, command.location_id, command.user_id)
    end_access(session, actor, command.location_id, user, now=now)


def end_access(session: Session, actor: Actor, location_id: UUID, user: LocationUser, *, now: datetime) -> None:
    """The same for a user who was looked up; the caller holds the users. Raises NotDone."""
    if user.status == "deactivated":
        return
    if user.account_id is None:
        _withdraw(session, user.id, now)
        _note(session, actor, location_id, user, "location.invitation_withdrawn", now)
        return
    _refuse_loss(session, actor, location_id, user)
    _end_grants(session, actor, location_id, user, now)
    end_all_sessions(session, user.account_id, now=now)
    session.flush()


def resend_invitation(session: Session, actor: Actor, command: ResendInvitation, *, now: datetime) -> str:
    """Send the mail again, to a corrected address where one is given; links sent before stop working.

    Returns the address. Raises AlreadySignedIn, UserRefused (email), NotFound.
    """
    hold_users(session, actor, command.location_id)
    user = get_user(session, actor, command.location_id, command.user_id)
    if user.account_id is not None:
        raise AlreadySignedIn
    email = email_address(command.email) if command.email.strip() else None
    invitation = _hold(session, user.id)
    invitations.send_invitation_again(session, invitation, now=now, email=email)
    _note(session, actor, command.location_id, user, "location.user_invited_again", now)
    return invitation.email


def _refuse_loss(session: Session, actor: Actor, location_id: UUID, user: LocationUser) -> None:
    if actor.id is not None and user.account_id == actor.id:
        raise NotDone("oneself")
    managing = [grant for grant in live_grants(session, location_id) if grant.role == Role.LOCATION_MANAGER.value]
    everybody = {grant.account_id for grant in managing}
    lasting = {grant.account_id for grant in managing if grant.until is None}  # after a last day there would be none
    if {user.account_id} in (everybody, lasting):
        raise NotDone("last_manager")


def _end_grants(session: Session, actor: Actor, location_id: UUID, user: LocationUser, now: datetime) -> None:
    for grant in live_grants(session, location_id, user.id):
        grant.ended_at = now
        audit.record(
            session, actor_kind=actor.kind, actor_id=actor.id, act="account.role_ended", subject_kind="account",
            subject_id=user.id, place_id=location_id, now=now, role=grant.role,
        )  # fmt: skip
    session.flush()


def _hold(session: Session, invitation_id: UUID) -> Invitation:
    """An open invitation to change. Raises Conflict where it was answered in this moment."""
    invitation = session.get_one(Invitation, invitation_id)
    try:
        invitations.hold_invitation(session, invitation)
    except (invitations.LinkUsed, invitations.LinkUnknown) as settled:
        raise Conflict(invitation_id) from settled
    return invitation


def _withdraw(session: Session, invitation_id: UUID, now: datetime) -> None:
    _hold(session, invitation_id).withdrawn_at = now
    session.execute(
        update(MailLink)
        .where(MailLink.invitation_id == invitation_id, MailLink.used_at.is_(None), MailLink.expires_at > now)
        .values(expires_at=now)
    )
    session.flush()


def _note(session: Session, actor: Actor, location_id: UUID, user: LocationUser, act: str, now: datetime) -> None:
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act=act, subject_kind="invitation", subject_id=user.id,
        place_id=location_id, now=now,
    )  # fmt: skip
    session.flush()
