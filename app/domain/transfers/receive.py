"""Use case: the receiver takes what arrived, in full or with a discrepancy that is explained. Once only."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.inventory.ledger import LONGEST_REASON, book
from app.domain.inventory.lots import expiry_is_known, hold_known, lot_for, prepare_lots, set_expiry
from app.domain.inventory.receive_shipment import MOST_DOSES
from app.domain.transfers.errors import BadTransfer, NeedsDiscrepancy
from app.domain.transfers.journal import move, refuse_unless_now
from app.domain.transfers.lists import DISCREPANCIES, OTHER
from app.domain.transfers.models import Transfer, TransferLine
from app.domain.transfers.stop import held_at


@dataclass(frozen=True, slots=True)
class Arrived:
    """One line, in doses: `arrived` is all that came (0: nothing), `damaged` those of them that cannot be used.

    Where that differs from what was shipped, `discrepancy` is of DISCREPANCIES.
    """

    line_id: UUID
    arrived: int
    damaged: int = 0
    discrepancy: str = ""
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Receive:
    """Lines that are not named arrived in full."""

    location_id: UUID
    transfer_id: UUID
    lines: tuple[Arrived, ...] = ()
    note: str = ""


def receive(session: Session, actor: Actor, command: Receive, *, now: datetime, today: date) -> Transfer:
    """Put the doses on the receiver's shelf. Raises NotNow (received before), NeedsDiscrepancy, BadTransfer, NotFound.

    A lot that was recalled on the way arrives and stays recalled.
    """
    transfer = held_at(session, actor, command.location_id, command.transfer_id, "receive")
    refuse_unless_now(transfer, "receive")
    arrivals = settle(transfer, command.lines)
    prepare_lots(session, command.location_id, [line.product_id for line, _arrived in arrivals])
    hold_known(session, command.location_id, [(line.product_id, line.lot_number) for line, _arrived in arrivals])
    move(session, actor, transfer, "receive", now=now, why=command.note)
    for line, arrived in arrivals:
        write_down(line, arrived)
        _put_on_shelf(session, actor, transfer, line, now=now, today=today)
    session.flush()
    return transfer


def settle(transfer: Transfer, said: tuple[Arrived, ...]) -> list[tuple[TransferLine, Arrived]]:
    """What arrived of each shipped line. Changes nothing. Raises BadTransfer, NeedsDiscrepancy."""
    told = {arrived.line_id: arrived for arrived in said}
    shipped = [line for line in transfer.lines if line.doses_shipped]
    if len(told) != len(said) or not told.keys() <= {line.id for line in shipped}:
        raise BadTransfer("lines", "unknown")
    pairs = [(line, told.get(line.id) or Arrived(line.id, line.doses_shipped or 0)) for line in shipped]
    for _line, arrived in pairs:
        _check(arrived)
    silent = tuple(line.id for line, arrived in pairs if _differs(line, arrived) and not _is_explained(arrived))
    if silent:
        raise NeedsDiscrepancy(silent)
    return pairs


def write_down(line: TransferLine, arrived: Arrived) -> None:
    """Keep on the line what arrived of it. A reason is kept only where something differs."""
    line.doses_arrived, line.doses_damaged = arrived.arrived, arrived.damaged
    if _differs(line, arrived):
        line.discrepancy, line.explanation = arrived.discrepancy, arrived.explanation.strip()[:LONGEST_REASON]


def _differs(line: TransferLine, arrived: Arrived) -> bool:
    return arrived.arrived != line.doses_shipped or arrived.damaged > 0


def _check(arrived: Arrived) -> None:
    for field, doses in (("arrived", arrived.arrived), ("damaged", arrived.damaged)):
        if doses < 0:
            raise BadTransfer(field, "not_positive", line_id=arrived.line_id)
        if doses > MOST_DOSES:
            raise BadTransfer(field, "too_many", line_id=arrived.line_id, limit=MOST_DOSES)
    if arrived.damaged > arrived.arrived:
        raise BadTransfer("damaged", "too_many", line_id=arrived.line_id, limit=arrived.arrived)
    if arrived.discrepancy and DISCREPANCIES.by_code(arrived.discrepancy) is None:
        raise BadTransfer("discrepancy", "unknown", line_id=arrived.line_id)


def _is_explained(arrived: Arrived) -> bool:
    return bool(arrived.discrepancy) and (arrived.discrepancy != OTHER or bool(arrived.explanation.strip()))


def _put_on_shelf(
    session: Session, actor: Actor, transfer: Transfer, line: TransferLine, *, now: datetime, today: date
) -> None:
    lot = lot_for(
        session, transfer.to_location_id, line.product, line.lot_number, line.expires_on, arrived_on=today, now=now
    )
    if not expiry_is_known(lot) and line.expires_on != lot.expires_on:
        set_expiry(session, actor, lot, line.expires_on, reason="transfer", now=now)
    line.received_lot_id = lot.id
    reason = f"{transfer.code}: {transfer.from_location.name}"
    if line.doses_arrived:
        book(session, actor, lot, "transfer_in", line.doses_arrived, now=now, reason=reason, subject_id=transfer.id)
    if line.doses_damaged:
        why = line.explanation or line.discrepancy
        book(session, actor, lot, "damaged", -line.doses_damaged, now=now, reason=why, subject_id=line.id)
