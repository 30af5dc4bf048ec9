"""The visits of one person to any clinic, and where a proof belongs, for staff of the state."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.providers.models import Location
from app.domain.recipients.models import Recipient
from app.domain.recipients.records import kept_record, one_person
from app.domain.vaccinations.models import Proof, Visit
from app.domain.vaccinations.proof_codes import read_code

MOST = 50


@dataclass(frozen=True, slots=True)
class VisitThere:
    """One visit and the clinic's name."""

    visit: Visit
    location_name: str


def visits_of_person(session: Session, actor: Actor, recipient_id: UUID) -> list[VisitThere]:
    """By any record of the person, latest first; at most MOST. Raises NotFound, NotAllowed."""
    actor.require(Permission.FIND_PEOPLE, at=None)
    rows = session.execute(
        select(Visit, Location.name)
        .join(Location, Location.id == Visit.location_id)
        .where(Visit.recipient_id.in_(one_person(recipient_id)))
        .order_by(Visit.day.desc(), Visit.id.desc())
        .limit(MOST)
    )
    return [VisitThere(visit, name) for visit, name in rows]


def person_of_proof(session: Session, actor: Actor, typed: str) -> Recipient | None:
    """Whose proof has this code, as the record was kept, also where the proof is replaced; None for no such code."""
    actor.require(Permission.FIND_PEOPLE, at=None)
    code = read_code(typed)
    owner = session.scalar(select(Proof.recipient_id).where(Proof.code == code)) if code else None
    return kept_record(session, owner)
