"""Use case: the sender ships. The doses leave its shelf and are on the way: on nobody's shelf, and on record."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.inventory.ledger import book, hold_lots
from app.domain.transfers.errors import BadTransfer
from app.domain.transfers.journal import move, refuse_unless_now
from app.domain.transfers.models import Transfer, TransferLine
from app.domain.transfers.request_transfer import check_lot, check_places
from app.domain.transfers.stop import held_at


@dataclass(frozen=True, slots=True)
class Ship:
    """`doses` by id of line, where fewer are shipped than were approved (0: none of that lot)."""

    location_id: UUID
    transfer_id: UUID
    doses: dict[UUID, int]
    note: str = ""


def ship(session: Session, actor: Actor, command: Ship, *, now: datetime, today: date) -> Transfer:
    """Take the doses off the shelf. Raises BadTransfer, NotNow, LineUnusable, NotEnough, NoAgreement, NotFound."""
    transfer = held_at(session, actor, command.location_id, command.transfer_id, "ship")
    refuse_unless_now(transfer, "ship")
    check_places(session, transfer.kind, transfer.from_location_id, transfer.to_location_id)
    shipped = _doses(transfer, command)
    lots = hold_lots(session, transfer.from_location_id, [line.lot_id for line in transfer.lines])
    for line, doses in shipped.items():
        if doses:
            check_lot(lots[line.lot_id], doses, today)
    move(session, actor, transfer, "ship", now=now, why=command.note)
    transfer.shipped_at = now
    for line, doses in shipped.items():
        lot = lots[line.lot_id]
        line.doses_shipped, line.expires_on = doses, lot.expires_on
        if doses:
            reason = f"{transfer.code}: {transfer.to_location.name}"
            book(session, actor, lot, "transfer_out", -doses, now=now, reason=reason, subject_id=transfer.id)
    session.flush()
    return transfer


def _doses(transfer: Transfer, command: Ship) -> dict[TransferLine, int]:
    """How much of each line is shipped; all that was approved where nothing else is said."""
    if not command.doses.keys() <= {line.id for line in transfer.lines}:
        raise BadTransfer("lines", "unknown")
    shipped = {line: command.doses.get(line.id, line.doses) for line in transfer.lines}
    for line, doses in shipped.items():
        if doses < 0:
            raise BadTransfer("doses", "not_positive", line_id=line.id)
        if doses > line.doses:
            raise BadTransfer("doses", "too_many", line_id=line.id, limit=line.doses)
    if not any(shipped.values()):
        raise BadTransfer("doses", "missing")
    return shipped
