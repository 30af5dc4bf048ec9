"""Use case: a location asks to send vaccine to another one. Nothing moves until the state has approved."""

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.enrollment.redistribution import may_redistribute
from app.domain.inventory.ledger import hold_lots
from app.domain.inventory.models import Lot
from app.domain.inventory.queries import reasons_against
from app.domain.providers.models import Location
from app.domain.transfers.errors import BadTransfer, LineUnusable, NoAgreement, NotEnough, NotOneOrganization
from app.domain.transfers.journal import leave_row
from app.domain.transfers.lists import KINDS, TRANSPORTS
from app.domain.transfers.models import Transfer, TransferLine

MOST_LINES = 50
LONGEST_REASON = 500
FARTHEST = timedelta(days=92)
BARS_SENDING = frozenset({"recalled", "stopped", "quarantined", "expired"})
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many doses of a lot of the sender."""

    lot_id: UUID
    doses: int


@dataclass(frozen=True, slots=True)
class RequestTransfer:
    """`kind`: transfer or redistribution; `transport` is of TRANSPORTS; `contact_phone` ten digits.

    `cold_chain`: somebody answers for the temperature on the way.
    """

    from_location_id: UUID
    to_location_id: UUID
    kind: str
    reason: str
    planned_on: date
    transport: str
    cold_chain: bool
    contact_name: str
    contact_phone: str
    lines: tuple[Wanted, ...]


def request_transfer(
    session: Session, actor: Actor, command: RequestTransfer, *, now: datetime, today: date
) -> Transfer:
    """Ask the state. Raises BadTransfer, NotOneOrganization, NoAgreement, LineUnusable, NotEnough, NotFound."""
    actor.require(Permission.MANAGE_TRANSFERS, at=command.from_location_id)
    _check(command, today)
    check_places(session, command.kind, command.from_location_id, command.to_location_id)
    lots = hold_lots(session, command.from_location_id, [line.lot_id for line in command.lines])
    for line in command.lines:
        check_lot(lots[line.lot_id], line.doses, today)
    transfer = Transfer(
        code=_new_code(), kind=command.kind, from_location_id=command.from_location_id,
        to_location_id=command.to_location_id, reason=command.reason.strip(), planned_on=command.planned_on,
        transport=command.transport, contact_name=command.contact_name.strip(), contact_phone=command.contact_phone,
        requested_at=now, requested_by_id=actor.id,
        lines=[_line(lots[line.lot_id], line.doses) for line in command.lines],
    )  # fmt: skip
    session.add(transfer)
    session.flush()
    leave_row(session, actor, transfer, "request", "", now=now, why=command.reason)
    return transfer


def check_places(session: Session, kind: str, from_id: UUID, to_id: UUID) -> None:
    """Both are open; redistribution stays within one organization that signed. Asked again at every stage."""
    sender, receiver = session.get(Location, from_id), session.get(Location, to_id)
    if receiver is None or sender is None:
        raise BadTransfer("to_location_id", "unknown")
    if sender is receiver:
        raise BadTransfer("to_location_id", "same")
    if receiver.closed_at is not None or sender.closed_at is not None:
        raise BadTransfer("to_location_id", "closed")
    if kind == "redistribution":
        if sender.provider_organization_id != receiver.provider_organization_id:
            raise NotOneOrganization
        if not may_redistribute(session, sender.provider_organization_id):
            raise NoAgreement


def check_lot(lot: Lot, doses: int, today: date) -> None:
    """The lot may be sent and has so many doses. Raises LineUnusable, NotEnough."""
    why = next((why for why in reasons_against(lot, today) if why in BARS_SENDING), None)
    if why:
        raise LineUnusable(lot.id, why)
    if doses > lot.balance:
        raise NotEnough(lot.id, lot.balance)


def _check(command: RequestTransfer, today: date) -> None:
    texts = {"reason": (command.reason, LONGEST_REASON), "contact_name": (command.contact_name, 130)}
    for field, (text, longest) in texts.items():
        if not text.strip():
            raise BadTransfer(field, "missing")
        if len(text.strip()) > longest:
            raise BadTransfer(field, "too_many", limit=longest)
    if command.kind not in KINDS:
        raise BadTransfer("kind", "unknown")
    if TRANSPORTS.by_code(command.transport) is None:
        raise BadTransfer("transport", "unknown" if command.transport else "missing")
    if not command.cold_chain:
        raise BadTransfer("cold_chain", "missing")
    if not re.fullmatch("[0-9]{10}", command.contact_phone):
        raise BadTransfer("contact_phone", "bad_phone")
    if command.planned_on < today:
        raise BadTransfer("planned_on", "past")
    if command.planned_on > today + FARTHEST:
        raise BadTransfer("planned_on", "too_far")
    _check_lines(command.lines)


def _check_lines(lines: tuple[Wanted, ...]) -> None:
    if not lines:
        raise BadTransfer("lines", "missing")
    if len(lines) > MOST_LINES:
        raise BadTransfer("lines", "too_many", limit=MOST_LINES)
    seen: set[UUID] = set()
    for line in lines:
        if line.lot_id in seen:
            raise BadTransfer("lines", "twice", lot_id=line.lot_id)
        seen.add(line.lot_id)
        if line.doses <= 0:
            raise BadTransfer("doses", "not_positive", lot_id=line.lot_id)


def _line(lot: Lot, doses: int) -> TransferLine:
    return TransferLine(
        lot_id=lot.id, product_id=lot.product_id, product=lot.product, lot_number=lot.number, expires_on=lot.expires_on,
        doses=doses,
    )  # fmt: skip


def _new_code() -> str:
    return "T" + "".join(secrets.choice(_ALPHABET) for _ in range(8))
