"""The weeks of a clinic: whom its lists brought, who registered, who got which dose, and who is there right now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from app.documents.proofs.issued import proof_issuer, proof_renderer
from app.domain.accounts.access import Actor, system
from app.domain.vaccinations.issue_proof import WhichProof, issue_proof
from app.jobs.demo import people
from app.jobs.demo.places import Place, Stock
from app.jobs.demo.stage import Stage

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_FIRST_DAY, _ONE_DOSE_DAYS = 63, 10
_MORE_EACH_WEEK = 0.6
_WAIT = timedelta(minutes=14)


@dataclass(frozen=True, slots=True)
class Clinic:
    """A location with its lots, its manager and the nurse who gives the doses."""

    place: Place
    stock: Stock
    manager: Actor
    manager_name: str
    nurse: str

    @property
    def youngest(self) -> int:
        """The age from which its vaccine is given, with a year to spare for the weeks before."""
        return 17 if self.stock.product == "pfizer" else 19


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that happened at a clinic. `lot_id` None: the person registered."""

    at: datetime
    recipient_id: UUID
    lot_id: UUID | None = None


def live_through(stage: Stage, clinic: Clinic, listed: list[UUID], *, proofs: int) -> None:
    """Half of the people on the list register, three in five of these have had a dose, and a second when it was due.

    `proofs`: how many of those who have both doses take a proof home.
    """
    deeds = sorted(_deeds(stage, clinic, listed), key=lambda deed: deed.at)
    with stage.database.transaction() as session:
        seen: set[UUID] = set()
        for deed in deeds:
            if deed.lot_id is None:
                people.register(session, deed.recipient_id, now=deed.at, today=stage.today)
                continue
            give(session, stage, clinic, deed.recipient_id, deed.lot_id, deed.at)
            if deed.recipient_id in seen and proofs > 0:
                proofs -= 1
                print_proof(session, stage, deed.recipient_id, clinic.place.id, at=deed.at + timedelta(minutes=15))
            seen.add(deed.recipient_id)


def _deeds(stage: Stage, clinic: Clinic, listed: list[UUID]) -> Iterator[Deed]:
    registered = listed[: len(listed) // 2]
    for number, recipient_id in enumerate(registered):
        vaccinated = number % 5 < 3
        days = 1 + int(_FIRST_DAY * (1 - stage.chance.random() ** _MORE_EACH_WEEK))
        yield Deed(stage.open_hours(days + 2), recipient_id)
        if not vaccinated:
            continue
        if days <= _ONE_DOSE_DAYS and clinic.stock.one_dose_lot and number % 2 == 0:
            yield Deed(stage.open_hours(days), recipient_id, clinic.stock.one_dose_lot)
            continue
        yield Deed(stage.open_hours(days), recipient_id, clinic.stock.main_lot)
        again = days - clinic.stock.interval - stage.chance.randint(1, 4)
        if again > 0:
            yield Deed(stage.open_hours(again), recipient_id, clinic.stock.main_lot)


def give(
    session: "Session", stage: Stage, clinic: Clinic, recipient_id: UUID, lot_id: UUID, at: datetime
) -> None:
    """A whole visit with its dose, given at that moment."""
    visit_id = people.arrive(
        session, clinic.place.id, recipient_id, now=at - _WAIT, zone=stage.zone, screened=True
    )
    people.vaccinate(session, clinic.place.id, visit_id, lot_id, clinic.nurse, now=at, zone=stage.zone)


def print_proof(
    session: "Session", stage: Stage, recipient_id: UUID, location_id: UUID | None = None, *, at: datetime
) -> None:
    """The proof, taken home from the clinic or made by the person."""
    issue_proof(
        session, system("demo"), WhichProof(recipient_id, location_id), storage=stage.storage, now=at,
        render=proof_renderer(stage.settings, now=at), issuer=proof_issuer(stage.settings),
    )  # fmt: skip


def fill_today(stage: Stage, clinic: Clinic, coming: list[UUID]) -> None:
    """Today's queue: some have had their dose, three are screened, the others have just arrived."""
    with stage.database.transaction() as session:
        for number, recipient_id in enumerate(coming):
            arrived = stage.earlier_today(number / len(coming))
            done, screened = number < len(coming) - 9, number < len(coming) - 6
            visit_id = people.arrive(
                session, clinic.place.id, recipient_id, now=arrived, zone=stage.zone, screened=screened
            )
            if done:
                given = stage.earlier_today((number + 0.8) / len(coming))
                people.vaccinate(
                    session, clinic.place.id, visit_id, clinic.stock.main_lot, clinic.nurse, now=given, zone=stage.zone
                )
