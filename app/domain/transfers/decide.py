"""Use cases of the state: approve a transfer, or reject it (also after approval, until it is shipped)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.transfers.errors import BadTransfer
from app.domain.transfers.journal import move, refuse_unless_now
from app.domain.transfers.models import Transfer
from app.domain.transfers.queries import get_transfer
from app.domain.transfers.request_transfer import check_places


@dataclass(frozen=True, slots=True)
class Decide:
    """`why` may be empty when approving."""

    transfer_id: UUID
    why: str = ""


def approve(session: Session, actor: Actor, command: Decide, *, now: datetime) -> Transfer:
    """It may be shipped. Raises NotNow, NotOneOrganization, NoAgreement, BadTransfer (closed meanwhile), NotFound."""
    transfer = _held(session, actor, command)
    refuse_unless_now(transfer, "approve")
    check_places(session, transfer.kind, transfer.from_location_id, transfer.to_location_id)
    move(session, actor, transfer, "approve", now=now, why=command.why)
    transfer.decided_at = now
    return transfer


def reject(session: Session, actor: Actor, command: Decide, *, now: datetime) -> Transfer:
    """It may not. Raises BadTransfer (no reason), NotNow, NotFound."""
    transfer = _held(session, actor, command)
    refuse_unless_now(transfer, "reject")
    if not command.why.strip():
        raise BadTransfer("why", "missing")
    move(session, actor, transfer, "reject", now=now, why=command.why)
    transfer.decided_at = now
    return transfer


def _held(session: Session, actor: Actor, command: Decide) -> Transfer:
    actor.require(Permission.DECIDE_TRANSFERS, at=None)
    return get_transfer(session, actor, command.transfer_id, to_change=True)
