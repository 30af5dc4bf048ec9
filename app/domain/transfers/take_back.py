"""Use case: what was refused or cancelled on the way is back with its sender, in full or with a discrepancy."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.inventory.ledger import book, hold_lots
from app.domain.transfers.journal import move, refuse_unless_now
from app.domain.transfers.models import Transfer
from app.domain.transfers.receive import Arrived, settle, write_down
from app.domain.transfers.stop import held_at


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Lines that are not named came back in full."""

    location_id: UUID
    transfer_id: UUID
    lines: tuple[Arrived, ...] = ()
    note: str = ""


def take_back(session: Session, actor: Actor, command: TakeBack, *, now: datetime) -> Transfer:
    """Put the doses back into the lots they came from. Raises NotNow, NeedsDiscrepancy, BadTransfer, NotFound."""
    transfer = held_at(session, actor, command.location_id, command.transfer_id, "take_back")
    refuse_unless_now(transfer, "take_back")
    came = settle(transfer, command.lines)
    lots = hold_lots(session, transfer.from_location_id, [line.lot_id for line, _arrived in came])
    move(session, actor, transfer, "take_back", now=now, why=command.note)
    for line, arrived in came:
        lot = lots[line.lot_id]
        write_down(line, arrived)
        line.received_lot_id = lot.id
        if line.doses_arrived:
            book(
                session, actor, lot, "transfer_back", line.doses_arrived, now=now, reason=transfer.code,
                subject_id=transfer.id,
            )  # fmt: skip
        if line.doses_damaged:
            why = line.explanation or line.discrepancy
            book(session, actor, lot, "damaged", -line.doses_damaged, now=now, reason=why, subject_id=line.id)
    session.flush()
    return transfer
