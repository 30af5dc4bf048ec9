"""Use case: one dose is taken from a lot to be given. Two people cannot take the last one."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.inventory.errors import LotUnusable, NoDosesLeft
from app.domain.inventory.models import Lot, StockEntry
from app.domain.inventory.queries import get_lot, why_unusable

_CHECK = "balance_not_negative"


@dataclass(frozen=True, slots=True)
class DrawDose:
    """A dose for an administration (`administration_id`), given on `given_on`, a local calendar day."""

    location_id: UUID
    lot_id: UUID
    administration_id: UUID
    given_on: date


def draw_dose(session: Session, actor: Actor, command: DrawDose, *, now: datetime) -> Lot:
    """Take one dose: the ledger's trigger moves the balance and its check refuses to go below 0.

    Raises NoDosesLeft, LotUnusable (expired or not in use on that day), NotFound.
    """
    actor.require(Permission.ADMINISTER_DOSES, at=command.location_id)
    lot = get_lot(session, actor, command.location_id, command.lot_id)
    why = why_unusable(lot, command.given_on, balance=1)
    if why:
        raise LotUnusable(why)
    entry = StockEntry(
        lot_id=lot.id,
        location_id=lot.location_id,
        kind="administered",
        doses=-1,
        subject_id=command.administration_id,
        made_at=now,
        made_by_id=actor.id,
    )
    try:
        with session.begin_nested():
            session.add(entry)
    except IntegrityError as error:
        if _CHECK in str(error.orig):
            raise NoDosesLeft from error
        raise
    session.refresh(lot, ["balance"])
    return lot
