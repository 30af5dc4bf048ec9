"""Use case: somebody has news in their record and no account yet: they are invited to it, at the address on record.

The invitation tells nothing of the record, and whoever answers it shows to read the mailbox and to know the birth date.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts import invitations
from app.domain.accounts.access import Actor, Role
from app.domain.accounts.models import Invitation
from app.domain.recipients.joining.accounts import account_of_recipient
from app.domain.recipients.models import Recipient

LATELY = timedelta(days=1)


def invite_to_record(session: Session, actor: Actor, recipient: Recipient, *, now: datetime) -> bool:
    """Invite, or send the invitation that waits again if it is older than a day. False where nothing was sent.

    Nothing is sent to those with an account: whose address there differs has a change of it under way.
    """
    if not recipient.email or account_of_recipient(session, recipient.id) is not None:
        return False
    waiting = session.scalars(
        select(Invitation)
        .where(Invitation.scope_id == recipient.id, Invitation.role == Role.RECIPIENT.value)
        .where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
        .order_by(Invitation.id.desc())
    ).first()
    if waiting is None:
        offer = invitations.Invite(
            Role.RECIPIENT, recipient.id, recipient.email, recipient.first_name, recipient.last_name, "recipient"
        )
        invitations.invite(session, actor, offer, now=now)
        return True
    if waiting.created_at > now - LATELY:
        return False
    invitations.send_invitation_again(session, waiting, now=now, email=recipient.email)
    return True
