"""The one way into the ledger: an entry is booked, the trigger moves the lot's balance, and nobody goes below 0."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.errors import NotFound
from app.domain.inventory.errors import NoDosesLeft
from app.domain.inventory.models import Lot, StockEntry
from app.infra import audit

KINDS = (
    *("received", "damaged", "administered", "given_back", "wasted", "expired", "returned", "voided"),
    *("total_changed", "counted", "transfer_out", "transfer_in", "transfer_back"),
    *(
        "expiry_changed",
        "quarantined",
        "released",
        "recalled",
        "recall_lifted",
        "stopped",
        "stop_lifted",
        "vial_opened",
    ),
)
"""Every kind of entry. Those of the last line move no doses."""

LONGEST_REASON = 255
_CHECK = "balance_not_negative"


def book(
    session: Session, actor: Actor, lot: Lot, kind: str, doses: int, *, now: datetime, reason: str = "",
    subject_id: UUID | None = None,
) -> StockEntry:  # fmt: skip
    """Add an entry of so many doses (signed) to a lot that is held, and read the new balance. Raises NoDosesLeft below 0.

    The check of the table stands behind it: whoever did not hold the lot gets the same refusal, with the transaction lost.
    """
    if lot.balance + doses < 0:
        raise NoDosesLeft
    entry = StockEntry(
        lot_id=lot.id, location_id=lot.location_id, product_id=lot.product_id, kind=kind, doses=doses,
        reason=reason[:LONGEST_REASON], subject_id=subject_id, made_at=now, made_by_id=actor.id,
    )  # fmt: skip
    session.add(entry)
    try:
        session.flush()
    except IntegrityError as error:
        if _CHECK in str(error.orig):
            raise NoDosesLeft from error
        raise
    session.refresh(lot, ["balance"])
    return entry


def hold_lots(session: Session, location_id: UUID, lot_ids: Iterable[UUID]) -> dict[UUID, Lot]:
    """The lots of a location, read anew and held until the transaction ends; others wait. Raises NotFound.

    Always in the same order, so that two who hold several lots never wait for each other. Not against those who only
    refer to the lot (`key_share`): whoever gives a dose has referred to it before, and two of them would be stuck.
    """
    wanted = set(lot_ids)
    statement = (
        select(Lot)
        .where(Lot.id.in_(wanted), Lot.location_id == location_id)
        .order_by(Lot.id)
        .with_for_update(of=Lot, key_share=True)
        .execution_options(populate_existing=True)
    )
    held = {lot.id: lot for lot in session.scalars(statement)}
    if len(held) < len(wanted):
        raise NotFound
    return held


def hold_lot(session: Session, location_id: UUID, lot_id: UUID) -> Lot:
    """One lot of a location, read anew and held until the transaction ends. Raises NotFound."""
    return hold_lots(session, location_id, [lot_id])[lot_id]


def note(session: Session, actor: Actor, lot: Lot, act: str, *, now: datetime, **facts: Any) -> None:
    """Leave the audit entry of an act on a lot. `facts` are numbers, days and codes."""
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act=f"inventory.{act}", subject_kind="lot",
        subject_id=lot.id, place_id=lot.location_id, now=now, **facts,
    )  # fmt: skip
