"""Both sides and the state read the same transfer, through one door."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.models import Account
from app.domain.errors import NotFound
from app.domain.providers.models import Location
from app.domain.transfers import states
from app.domain.transfers.models import Transfer, TransferLine, TransferStep
from app.infra.paging import Slice, pack, unpack

PAGE = 50
OFFERED = 20


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step as a page tells it."""

    step: TransferStep
    by: str


@dataclass(frozen=True, slots=True)
class DosesOnTheWay:
    """Doses of a lot that left one shelf and have not reached another."""

    transfer: Transfer
    line: TransferLine
    doses: int


def transfers_visible_to(actor: Actor) -> Select[Transfer]:
    """The one door to transfers: those from or to the actor's places, all for the state."""
    if actor.kind == "system" or actor.may(Permission.DECIDE_TRANSFERS, at=None):
        return select(Transfer)
    places = actor.places(Permission.VIEW_INVENTORY)
    return select(Transfer).where(or_(Transfer.from_location_id.in_(places), Transfer.to_location_id.in_(places)))


def get_transfer(
    session: Session, actor: Actor, transfer_id: UUID, *, at: UUID | None = None, to_change: bool = False
) -> Transfer:
    """One transfer, of the location `at` if given. Raises NotFound. `to_change`: read anew, others wait."""
    query = transfers_visible_to(actor).where(Transfer.id == transfer_id)
    if at is not None:
        query = query.where(or_(Transfer.from_location_id == at, Transfer.to_location_id == at))
    if to_change:
        query = query.with_for_update(of=Transfer).execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found


def list_transfers(
    session: Session, actor: Actor, *, location_id: UUID | None = None, statuses: Iterable[str] = (),
    after: str | None = None, size: int = PAGE,
) -> Slice[Transfer]:  # fmt: skip
    """Transfers from or to a location (None: all that the actor may see), newest first."""
    query = transfers_visible_to(actor)
    if location_id is not None:
        actor.require(Permission.VIEW_INVENTORY, at=location_id)
        query = query.where(or_(Transfer.from_location_id == location_id, Transfer.to_location_id == location_id))
    wanted = tuple(statuses)
    if wanted:
        query = query.where(Transfer.status.in_(wanted))
    key = unpack(after, 1)
    if key:
        query = query.where(Transfer.id < UUID(key[0]))
    rows = list(session.scalars(query.order_by(Transfer.id.desc()).limit(size + 1)))
    return Slice(rows[:size], pack(rows[size - 1].id) if len(rows) > size else None)


def queue_of_state(session: Session, actor: Actor, *, after: str | None = None, size: int = PAGE) -> Slice[Transfer]:
    """What waits for the state's decision, the longest waiting first."""
    actor.require(Permission.DECIDE_TRANSFERS, at=None)
    query = select(Transfer).where(Transfer.status == states.REQUESTED)
    key = unpack(after, 1)
    if key:
        query = query.where(Transfer.id > UUID(key[0]))
    rows = list(session.scalars(query.order_by(Transfer.id).limit(size + 1)))
    return Slice(rows[:size], pack(rows[size - 1].id) if len(rows) > size else None)


def steps_of(session: Session, transfer: Transfer) -> list[StepLine]:
    """Who did what when, oldest first."""
    rows = session.execute(
        select(TransferStep, Account.first_name, Account.last_name)
        .outerjoin(Account, Account.id == TransferStep.by_id)
        .where(TransferStep.transfer_id == transfer.id)
        .order_by(TransferStep.id)
    )
    return [StepLine(step, f"{first or ''} {last or ''}".strip()) for step, first, last in rows]


def acts_for(actor: Actor, transfer: Transfer) -> tuple[str, ...]:
    """What this actor can do with the transfer now: approve, reject, cancel, refuse, ship, receive, take_back."""
    found: tuple[str, ...] = ()
    if actor.may(Permission.DECIDE_TRANSFERS, at=None):
        found += states.acts(transfer.status, "state")
    if actor.may(Permission.MANAGE_TRANSFERS, at=transfer.from_location_id):
        found += states.acts(transfer.status, "sender")
    if actor.may(Permission.MANAGE_TRANSFERS, at=transfer.to_location_id):
        found += states.acts(transfer.status, "receiver")
    return found


def receivers_for(
    session: Session, actor: Actor, from_location_id: UUID, text: str = "", *, kind: str = "transfer"
) -> list[Location]:
    """Enrolled, open locations to which a location may send, by name or town, at most 20."""
    actor.require(Permission.MANAGE_TRANSFERS, at=from_location_id)
    query = select(Location).where(Location.id != from_location_id, Location.closed_at.is_(None))
    if kind == "redistribution":
        own = select(Location.provider_organization_id).where(Location.id == from_location_id).scalar_subquery()
        query = query.where(Location.provider_organization_id == own)
    for word in text.split():
        query = query.where(
            or_(Location.name.icontains(word, autoescape=True), Location.city.istartswith(word, autoescape=True))
        )
    return list(session.scalars(query.order_by(Location.name, Location.id).limit(OFFERED)))


def doses_on_the_way(session: Session, actor: Actor, location_id: UUID | None = None) -> list[DosesOnTheWay]:
    """Doses on nobody's shelf, from or to a location (None: everywhere), longest on the way first."""
    query = transfers_visible_to(actor).where(Transfer.status.in_(states.ON_THE_WAY)).order_by(Transfer.shipped_at)
    if location_id is not None:
        query = query.where(or_(Transfer.from_location_id == location_id, Transfer.to_location_id == location_id))
    return [
        DosesOnTheWay(transfer, line, line.doses_shipped or 0)
        for transfer in session.scalars(query.limit(500))
        for line in transfer.lines
        if line.doses_shipped
    ]
