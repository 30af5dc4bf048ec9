"""Use case: one dose is taken from a lot to be given. Two people cannot take the last one."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.inventory.errors import LotUnusable
from app.domain.inventory.ledger import book, hold_lot
from app.domain.inventory.models import Lot, Recall, Vial
from app.domain.inventory.queries import why_unusable
from app.domain.inventory.vials import vial_at


@dataclass(frozen=True, slots=True)
class DrawDose:
    """A dose for an administration (`administration_id`), given on `given_on`, a local calendar day.

    `given_at` is the moment, where it is known: a dose that was given before a recall may still be entered after it.
    """

    location_id: UUID
    lot_id: UUID
    administration_id: UUID
    given_on: date
    given_at: datetime | None = None


def draw_dose(session: Session, actor: Actor, command: DrawDose, *, now: datetime) -> Lot:
    """Take one dose, from the opened vial where there is one.

    The lot is held and read anew, so that a recall is either seen here or waits for this dose. The ledger's trigger
    moves the balance and its check refuses to go below 0. Raises NoDosesLeft, LotUnusable, NotFound.
    """
    actor.require(Permission.ADMINISTER_DOSES, at=command.location_id)
    lot = hold_lot(session, command.location_id, command.lot_id)
    why = why_unusable(lot, command.given_on, balance=1, at=command.given_at)
    if why:
        raise LotUnusable(why)
    book(session, actor, lot, "administered", -1, now=now, subject_id=command.administration_id)
    _take_from_vial(session, lot, command.given_at or now)
    if lot.recalled_at or lot.stopped_at:
        _tell_this_one_too(session, lot)
    return lot


def _take_from_vial(session: Session, lot: Lot, given_at: datetime) -> None:
    """The vial that was opened first and was good then; a lot without an opened vial is fine.

    Of one that is closed by now, the dose was missing: entered late, it is accounted for.
    """
    vial = vial_at(session, lot, given_at, is_open=Vial.doses_left > 0, is_closed=Vial.doses_missing > 0)
    if vial is None:
        return
    if vial.closed_at is None:
        vial.doses_left -= 1
    else:
        vial.doses_missing -= 1
    session.flush()


def _tell_this_one_too(session: Session, lot: Lot) -> None:
    """A dose entered after a recall: its recipient has not been told, so the telling begins anew (nobody is told twice)."""
    held = (
        select(Recall)
        .where(Recall.product_id == lot.product_id, Recall.number_folded.in_(("", lot.number_folded)))
        .where(Recall.lifted_at.is_(None))
        .order_by(Recall.id)
        .with_for_update(of=Recall, key_share=True)
    )
    for recall in session.scalars(held):
        recall.told_at = recall.told_through = None
    session.flush()
