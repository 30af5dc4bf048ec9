"""What was given or offered at a place ends."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import true, update
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Role
from app.domain.accounts.models import Grant, Invitation
from app.infra import audit


def end_role(session: Session, actor: Actor, role: Role, scope_id: UUID, *, now: datetime) -> None:
    """Nobody has the role at the place any more: its grants end, its open invitations are withdrawn."""
    ended = session.scalars(
        update(Grant)
        .where(Grant.role == role.value, Grant.scope_id == scope_id, Grant.ended_at.is_(None))
        .values(ended_at=now)
        .returning(Grant.account_id)
    ).all()
    withdraw_all(session, scope_id, role, now=now)
    for account_id in ended:
        audit.record(
            session, actor_kind=actor.kind, actor_id=actor.id, act="account.role_ended", subject_kind="account",
            subject_id=account_id, place_id=scope_id, now=now, role=role.value,
        )  # fmt: skip


def withdraw_all(session: Session, scope_id: UUID, role: Role | None = None, *, now: datetime) -> None:
    """Nobody accepts what was offered at a place any more; `role` None: whatever the role."""
    offered = update(Invitation).where(Invitation.scope_id == scope_id, Invitation.role == role.value if role else true())
    is_open = Invitation.accepted_at.is_(None) & Invitation.withdrawn_at.is_(None)
    session.execute(offered.where(is_open).values(withdrawn_at=now))
