"""Somebody who was asked did not get the mail: it is sent again, with a fresh link."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts import invitations
from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.models import Invitation
from app.domain.enrollment.access import require_at
from app.domain.enrollment.errors import NotNow
from app.domain.enrollment.journal import note
from app.domain.enrollment.queries import get_enrolled_location, get_enrollment


@dataclass(frozen=True, slots=True)
class InviteAgain:
    """`who`: administrator, ceo, cmo, or coordinator (then with the location)."""

    enrollment_id: UUID
    who: str
    enrolled_location_id: UUID | None = None


def invite_again(session: Session, actor: Actor, command: InviteAgain, *, now: datetime) -> Invitation:
    """Send an open invitation again; links sent before stop working.

    The administrator may, and the state. Raises NotNow when there is none, or it was accepted.
    """
    if not actor.may(Permission.REVIEW_ENROLLMENTS, at=None):
        require_at(session, actor, Permission.EDIT_SECTION_A, enrollment_id=command.enrollment_id)
    enrollment = get_enrollment(session, actor, command.enrollment_id, to_change=True)
    location = None
    if command.who == "coordinator" and command.enrolled_location_id:
        location = get_enrolled_location(session, actor, command.enrolled_location_id, enrollment_id=enrollment.id)
        invitation_id = location.coordinator_invitation_id
    elif command.who in {"administrator", "ceo", "cmo"}:
        invitation_id = getattr(enrollment, f"{command.who}_invitation_id")
    else:
        invitation_id = None
    invitation = session.get(Invitation, invitation_id) if invitation_id else None
    if invitation is None or invitation.accepted_at is not None or invitation.withdrawn_at is not None:
        raise NotNow("invite_again", enrollment.status)
    invitations.send_invitation_again(session, invitation, now=now)
    note(session, actor, enrollment, location, "invite_again", now=now, who=command.who)
    session.flush()
    return invitation
