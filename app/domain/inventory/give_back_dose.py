"""Use case: a dose that was recorded was not given, or not from this lot. It goes back to the shelf or to waste."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.inventory.errors import AlreadyDone, BadValue
from app.domain.inventory.ledger import book, hold_lot, note
from app.domain.inventory.models import Deprecation, Lot, StockEntry, Vial
from app.domain.inventory.queries import get_lot
from app.domain.inventory.reasons import WASTE_REASONS
from app.domain.inventory.vials import vial_at


@dataclass(frozen=True, slots=True)
class GiveBackDose:
    """The dose of an administration. `to`: stock, or waste with one of WASTE_REASONS as `reason`.

    `given_at` is the moment at which it was said to be given: the vial that was open then has it again.
    """

    location_id: UUID
    lot_id: UUID
    administration_id: UUID
    to: Literal["stock", "waste"]
    reason: str = ""
    given_at: datetime | None = None


def give_back_dose(session: Session, actor: Actor, command: GiveBackDose, *, now: datetime) -> Lot:
    """Book the dose back, and out again as waste if that is where it went. Raises AlreadyDone, BadValue, NotFound."""
    actor.require(Permission.ADMINISTER_DOSES, at=command.location_id)
    get_lot(session, actor, command.location_id, command.lot_id)
    if command.to == "waste" and not WASTE_REASONS.offers(command.reason):
        raise BadValue("reason", "unknown")
    lot = hold_lot(session, command.location_id, command.lot_id)
    given = session.scalar(
        select(func.sum(StockEntry.doses)).where(
            StockEntry.subject_id == command.administration_id, StockEntry.lot_id == lot.id
        )
    )
    if not given:
        raise AlreadyDone
    book(session, actor, lot, "given_back", 1, now=now, subject_id=command.administration_id)
    if command.to == "waste":
        waste = Deprecation(
            location_id=lot.location_id, lot_id=lot.id, kind="waste", reason=command.reason, doses=1, happened_at=now,
            recorded_at=now, recorded_by_id=actor.id,
        )  # fmt: skip
        session.add(waste)
        session.flush()
        book(session, actor, lot, "wasted", -1, now=now, reason=command.reason, subject_id=waste.id)
    elif command.given_at is not None:
        _put_back_into_vial(session, lot, command.given_at)
    note(session, actor, lot, "dose_given_back", now=now, to=command.to)
    return lot


def _put_back_into_vial(session: Session, lot: Lot, given_at: datetime) -> None:
    """The vial opened first of those that were good then and gave a dose. One that is closed by now misses it instead."""
    gave = Vial.doses_left < Vial.doses
    lost_count = Vial.doses_wasted + Vial.doses_missing < Vial.doses
    vial = vial_at(session, lot, given_at, is_open=gave, is_closed=lost_count)
    if vial is None:
        return
    if vial.closed_at is None:
        vial.doses_left += 1
    else:
        vial.doses_missing += 1
    session.flush()
