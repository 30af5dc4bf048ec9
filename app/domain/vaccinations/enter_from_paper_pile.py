"""A pile of paper forms on somebody's desk: what holds for all of them, and what was entered from it so far."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.drafts import drafts
from app.domain.errors import NotFound
from app.domain.inventory.errors import LotUnusable
from app.domain.inventory.models import Lot
from app.domain.inventory.queries import get_lot, lots_visible_to, reasons_against
from app.domain.providers.queries import refuse_closed
from app.domain.recipients.models import Recipient
from app.domain.vaccinations.doses import REMOVED
from app.domain.vaccinations.errors import BadDose, BadDoseTime
from app.domain.vaccinations.models import Administration
from app.domain.vaccinations.remove_dose import RemoveDose, remove_dose
from app.domain.vaccinations.sites import SITES, SUFFIXES
from app.infra import clock

KIND = "pile of paper forms"
MOST_LOTS = 200
MOST_PAPERS = 500
AS_ENTERED = 1


@dataclass(frozen=True, slots=True)
class Pile:
    """What holds for every sheet. `papers` is how many there are (None: not counted); `dose_ids` in order of entry."""

    location_id: UUID
    given_on: date
    lot_id: UUID
    site: str
    clinician_name: str
    clinician_suffix: str
    papers: int | None = None
    dose_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class EnteredLine:
    """One dose of the pile as the running list shows it; `removed`: it was taken off the record again."""

    dose_id: UUID
    recipient_id: UUID
    full_name: str
    birth_date: date
    given_at: datetime
    dose_number: int
    removed: bool


def lots_for_paper(session: Session, actor: Actor, location_id: UUID) -> list[Lot]:
    """The location's lots with doses, also those of which none may be given today: on that day it may have been so."""
    actor.require(Permission.ADMINISTER_DOSES, at=location_id)
    statement = lots_visible_to(actor).where(Lot.location_id == location_id, Lot.balance > 0)
    return list(session.scalars(statement.order_by(Lot.expires_on.desc(), Lot.id).limit(MOST_LOTS)))


def lay_pile(session: Session, actor: Actor, pile: Pile, *, now: datetime, zone: ZoneInfo) -> Pile:
    """Begin a pile, or say anew what holds for the rest of it: what was entered from it stays.

    Raises BadDoseTime, LotUnusable (on that day), BadDose (site, clinician, papers), NotFound.
    """
    actor.require(Permission.ADMINISTER_DOSES, at=pile.location_id)
    refuse_closed(session, pile.location_id)
    if pile.given_on > clock.local_date(now, zone):
        raise BadDoseTime("future")
    lot = get_lot(session, actor, pile.location_id, pile.lot_id)
    against = reasons_against(lot, pile.given_on, at=clock.day_bounds(pile.given_on, zone)[0])
    if against:
        raise LotUnusable(against[0])
    wrong = {
        "site": SITES.by_code(pile.site) is None,
        "clinician_suffix": SUFFIXES.by_code(pile.clinician_suffix) is None,
        "clinician_name": not 0 < len(pile.clinician_name.strip()) <= 130,
        "papers": pile.papers is not None and not 0 < pile.papers <= MOST_PAPERS,
    }
    for name, is_wrong in wrong.items():
        if is_wrong:
            raise BadDose(name)
    held = drafts.latest_draft(session, _owner(actor), KIND, pile.location_id)
    entered = held.data["doses"] if held else []
    _keep(session, actor, pile.location_id, _facts(pile) | {"doses": entered}, now)
    return pile


def pile_of(session: Session, actor: Actor, location_id: UUID) -> Pile | None:
    """The pile that the actor is entering at a location; None when there is none."""
    actor.require(Permission.ADMINISTER_DOSES, at=location_id)
    draft = drafts.find_draft(session, _owner(actor), KIND, location_id)
    return _pile(location_id, draft.data) if draft else None


def add_to_pile(session: Session, actor: Actor, location_id: UUID, dose_id: UUID, *, now: datetime) -> None:
    """Note a dose that was just entered, in the transaction that entered it."""
    draft = drafts.latest_draft(session, _owner(actor), KIND, location_id)
    if draft is None:
        raise NotFound
    _keep(session, actor, location_id, draft.data | {"doses": [*draft.data["doses"], str(dose_id)]}, now)


def put_pile_away(session: Session, actor: Actor, location_id: UUID) -> None:
    """The pile is done; the doses stay where they are."""
    actor.require(Permission.ADMINISTER_DOSES, at=location_id)
    drafts.drop_draft(session, _owner(actor), KIND, location_id)


def entered_from(session: Session, pile: Pile) -> list[EnteredLine]:
    """The doses entered from a pile, the last one first."""
    statement = (
        select(Administration, Recipient)
        .join(Recipient, Recipient.id == Administration.recipient_id)
        .where(Administration.id.in_(pile.dose_ids), Administration.location_id == pile.location_id)
    )
    lines = {
        dose.id: EnteredLine(
            dose.id, person.id, person.full_name, person.birth_date, dose.given_at, dose.dose_number,
            dose.status == REMOVED,
        )
        for dose, person in session.execute(statement)
    }  # fmt: skip
    return [lines[dose_id] for dose_id in reversed(pile.dose_ids) if dose_id in lines]


def undo_from_pile(
    session: Session, actor: Actor, location_id: UUID, dose_id: UUID, *, reason: str, now: datetime
) -> Administration:
    """Take back a dose that was just entered: entered in error, back to stock.

    Raises NotFound for one of another pile, DoseChanged where it was corrected since, DoseRemoved.
    """
    pile = pile_of(session, actor, location_id)
    if pile is None or dose_id not in pile.dose_ids:
        raise NotFound
    return remove_dose(session, actor, RemoveDose(location_id, dose_id, AS_ENTERED, reason), now=now)


def _owner(actor: Actor) -> UUID:
    if actor.id is None:
        raise NotFound
    return actor.id


def _keep(session: Session, actor: Actor, location_id: UUID, data: dict[str, Any], now: datetime) -> None:
    drafts.save_draft(session, _owner(actor), KIND, location_id, "", data, now=now)


def _facts(pile: Pile) -> dict[str, Any]:
    return {
        "given_on": pile.given_on.isoformat(), "lot_id": str(pile.lot_id), "site": pile.site,
        "clinician_name": pile.clinician_name.strip(), "clinician_suffix": pile.clinician_suffix, "papers": pile.papers,
    }  # fmt: skip


def _pile(location_id: UUID, data: dict[str, Any]) -> Pile:
    return Pile(
        location_id, date.fromisoformat(data["given_on"]), UUID(data["lot_id"]), data["site"], data["clinician_name"],
        data["clinician_suffix"], data["papers"], tuple(UUID(text) for text in data["doses"]),
    )  # fmt: skip
