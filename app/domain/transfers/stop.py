"""Use cases: the sender cancels, or the receiver refuses. What was shipped already goes back to the sender."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.transfers.errors import BadTransfer
from app.domain.transfers.journal import move, refuse_unless_now
from app.domain.transfers.models import Transfer
from app.domain.transfers.queries import get_transfer


@dataclass(frozen=True, slots=True)
class Stop:
    """At one's own location; `why` is asked of both."""

    location_id: UUID
    transfer_id: UUID
    why: str


def cancel(session: Session, actor: Actor, command: Stop, *, now: datetime) -> Transfer:
    """The sender wants it no more. Raises BadTransfer, NotNow, NotFound."""
    return _stop(session, actor, command, "cancel", now)


def refuse(session: Session, actor: Actor, command: Stop, *, now: datetime) -> Transfer:
    """The receiver does not want it. Raises BadTransfer, NotNow, NotFound."""
    return _stop(session, actor, command, "refuse", now)


def _stop(session: Session, actor: Actor, command: Stop, act: str, now: datetime) -> Transfer:
    transfer = held_at(session, actor, command.location_id, command.transfer_id, act)
    refuse_unless_now(transfer, act)
    if not command.why.strip():
        raise BadTransfer("why", "missing")
    move(session, actor, transfer, act, now=now, why=command.why)
    return transfer


def held_at(session: Session, actor: Actor, location_id: UUID, transfer_id: UUID, act: str) -> Transfer:
    """The transfer, held, for an act of the side that the location is on. Raises NotFound for the other side."""
    actor.require(Permission.MANAGE_TRANSFERS, at=location_id)
    transfer = get_transfer(session, actor, transfer_id, at=location_id, to_change=True)
    own = transfer.to_location_id if act in {"refuse", "receive"} else transfer.from_location_id
    actor.require(Permission.MANAGE_TRANSFERS, at=own)
    if own != location_id:
        raise BadTransfer("location_id", "unknown")
    return transfer
