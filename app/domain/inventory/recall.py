"""Use cases: the program takes a lot, or a whole product, out of use everywhere and at once, and lifts that again.

Lots of it are held before they are marked: a dose that is being drawn is either on record before the recall or
refused after it. Lots that arrive later obey, too (`lots.py`). Managers and recipients are told by a job.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, insert, select, update
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission, Role
from app.domain.accounts.models import Grant
from app.domain.errors import NotAllowed, NotFound
from app.domain.inventory.errors import AlreadyDone, AlreadyRecalled, BadValue
from app.domain.inventory.ledger import LONGEST_REASON
from app.domain.inventory.lots import fold_lot_number, recalls_of_product
from app.domain.inventory.models import Lot, Recall, StockEntry
from app.domain.program.products import product_by_code
from app.infra import audit, outbox
from app.infra.db import new_id, one_at_a_time

LONGEST_NUMBER = 30
CHUNK = 500


@dataclass(frozen=True, slots=True)
class MakeRecall:
    """`lot_number` empty: the whole product is stopped."""

    product_code: str
    lot_number: str
    reason: str


@dataclass(frozen=True, slots=True)
class LiftRecall:
    """It is in use again; `because` says why."""

    recall_id: UUID
    because: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """Doses of a recalled lot at one location, still there."""

    lot: Lot
    location_id: UUID
    doses: int


def recall(session: Session, actor: Actor, command: MakeRecall, *, now: datetime) -> Recall:
    """Take it out of use. A lot number nobody has yet may be recalled, too: it is refused on arrival.

    Raises BadValue, AlreadyRecalled, NotFound (no such product).
    """
    actor.require(Permission.RECALL_VACCINE, at=None)
    product = product_by_code(session, command.product_code)
    folded = fold_lot_number(command.lot_number)
    if command.lot_number.strip() and not folded:
        raise BadValue("lot_number", "unknown")
    if len(command.lot_number.strip()) > LONGEST_NUMBER:
        raise BadValue("lot_number", "too_many", limit=LONGEST_NUMBER)
    if not command.reason.strip():
        raise BadValue("reason", "missing")
    one_at_a_time(session, recalls_of_product(product.id))
    if _live(session, product.id, folded):
        raise AlreadyRecalled
    made = Recall(
        product_id=product.id, product=product, number=command.lot_number.strip().upper(), number_folded=folded,
        reason=command.reason.strip()[:LONGEST_REASON], made_at=now, made_by_id=actor.id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    lots = _mark(session, actor, made, now, now=now, reason=made.reason)
    made.lots, made.doses = len(lots), sum(doses for _id, _location, doses in lots)
    _tell_managers(session, made, {location_id for _id, location_id, _doses in lots}, now)
    _note(session, actor, made, "made", now, lots=made.lots, doses=made.doses)
    session.flush()
    return made


def lift_recall(session: Session, actor: Actor, command: LiftRecall, *, now: datetime) -> Recall:
    """Bring it back into use; what a location set apart by itself stays so. Raises BadValue, AlreadyDone, NotFound."""
    actor.require(Permission.RECALL_VACCINE, at=None)
    if not command.because.strip():
        raise BadValue("because", "missing")
    found = get_recall(session, actor, command.recall_id)
    one_at_a_time(session, recalls_of_product(found.product_id))
    session.refresh(found)
    if found.lifted_at is not None:
        raise AlreadyDone
    because = command.because.strip()[:LONGEST_REASON]
    _mark(session, actor, found, None, now=now, reason=because)
    found.lifted_at, found.lifted_by_id, found.lifted_because = now, actor.id, because
    session.flush()
    _note(session, actor, found, "lifted", now)
    return found


def recalls_visible_to(actor: Actor) -> Select[Recall]:
    """The one door to recalls: everybody who sees inventory anywhere, or decides about them, sees all of them."""
    if not (actor.anywhere(Permission.VIEW_INVENTORY) or actor.anywhere(Permission.RECALL_VACCINE)):
        raise NotAllowed
    return select(Recall)


def get_recall(session: Session, actor: Actor, recall_id: UUID) -> Recall:
    """One recall. Raises NotFound."""
    found = session.scalar(recalls_visible_to(actor).where(Recall.id == recall_id))
    if found is None:
        raise NotFound
    return found


def list_recalls(session: Session, actor: Actor, *, live: bool | None = None, limit: int = 200) -> list[Recall]:
    """Recalls, newest first; `live`: those in force, or those lifted."""
    statement = recalls_visible_to(actor).order_by(Recall.id.desc()).limit(limit)
    if live is not None:
        statement = statement.where(Recall.lifted_at.is_(None) if live else Recall.lifted_at.is_not(None))
    return list(session.scalars(statement))


def stock_of_recall(session: Session, actor: Actor, found: Recall, *, location_id: UUID | None = None) -> list[Shelf]:
    """Where doses of it still are: everywhere for the state, at one location for those who work there."""
    if location_id is None:
        actor.require(Permission.RECALL_VACCINE, at=None)
    else:
        actor.require(Permission.VIEW_INVENTORY, at=location_id)
    statement = select(Lot).where(*is_of(found), Lot.balance > 0)
    if location_id is not None:
        statement = statement.where(Lot.location_id == location_id)
    lots = session.scalars(statement.order_by(Lot.balance.desc(), Lot.id).limit(1000))
    return [Shelf(lot, lot.location_id, lot.balance) for lot in lots]


def is_of(found: Recall) -> tuple[ColumnElement[bool], ...]:
    """What makes a lot one of the recall's."""
    own: tuple[ColumnElement[bool], ...] = (Lot.product_id == found.product_id,)
    return own if found.of_product else (*own, Lot.number_folded == found.number_folded)


def _live(session: Session, product_id: UUID, folded: str) -> Recall | None:
    return session.scalar(
        select(Recall).where(
            Recall.product_id == product_id, Recall.number_folded == folded, Recall.lifted_at.is_(None)
        )
    )


def _mark(
    session: Session, actor: Actor, found: Recall, since: datetime | None, *, now: datetime, reason: str
) -> list[tuple[UUID, UUID, int]]:
    """Hold the lots, set or clear the mark, and leave an entry in each lot's story; returns (lot, location, doses there).

    Whoever draws a dose holds its lot before the recall's row, so the lots come first here, too.
    """
    column, kind = ("stopped_at", "stopped") if found.of_product else ("recalled_at", "recalled")
    if since is None:
        kind = {"stopped": "stop_lifted", "recalled": "recall_lifted"}[kind]
    held = session.execute(
        select(Lot.id, Lot.location_id, Lot.balance)
        .where(*is_of(found))
        .order_by(Lot.id)
        .with_for_update(of=Lot, key_share=True)
    ).all()
    session.execute(
        update(Lot).where(*is_of(found)).values({column: since}).execution_options(synchronize_session=False)
    )
    session.expire_all()
    entries = [
        {
            "id": new_id(), "lot_id": lot_id, "location_id": location_id, "product_id": found.product_id, "kind": kind,
            "doses": 0, "reason": reason, "subject_id": found.id, "made_at": now, "made_by_id": actor.id,
        }
        for lot_id, location_id, _doses in held
    ]  # fmt: skip
    for start in range(0, len(entries), CHUNK):
        session.execute(insert(StockEntry), entries[start : start + CHUNK])
    return [(lot_id, location_id, doses) for lot_id, location_id, doses in held]


def _tell_managers(session: Session, made: Recall, locations: set[UUID], now: datetime) -> None:
    """The Location Managers of every place that has the lot or had it; whoever manages several is told once."""
    places = sorted(locations)
    managed: dict[UUID, UUID] = {}
    for start in range(0, len(places), CHUNK):
        grants = select(Grant.account_id, Grant.scope_id).where(
            Grant.role == Role.LOCATION_MANAGER.value,
            Grant.scope_id.in_(places[start : start + CHUNK]),
            Grant.ended_at.is_(None),
        )
        for account_id, place_id in session.execute(grants.order_by(Grant.id)):
            if place_id is not None:
                managed.setdefault(account_id, place_id)
    payloads = [
        {"recall_id": str(made.id), "account_id": str(account_id), "place_id": str(place_id)}
        for account_id, place_id in managed.items()
    ]
    outbox.publish_many(session, "inventory.recalled", payloads, now=now, abouts=[made.id] * len(payloads))


def _note(session: Session, actor: Actor, found: Recall, act: str, now: datetime, **facts: Any) -> None:
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act=f"recall.{act}", subject_kind="recall",
        subject_id=found.id, now=now, **facts,
    )  # fmt: skip
