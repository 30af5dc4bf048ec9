"""Use case: a dose was recorded on the wrong person. It moves to the right one, who is found as at the door."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import NotFound
from app.domain.providers.queries import refuse_closed
from app.domain.recipients.models import Recipient
from app.domain.vaccinations.check_in import list_at
from app.domain.vaccinations.doses import (
    dose_at,
    hold_dose,
    keep_change,
    leave_without_dose,
    person_of,
    said,
    settle_person,
)
from app.domain.vaccinations.errors import BadDoseTime, SamePerson
from app.domain.vaccinations.find_for_visit import FoundPerson, describe, read_ticket
from app.domain.vaccinations.models import Administration, Visit
from app.domain.vaccinations.visits import OPEN


@dataclass(frozen=True, slots=True)
class MoveDose:
    """`ticket`: of the search that found the right person."""

    location_id: UUID
    dose_id: UUID
    version: int
    reason: str
    ticket: str


def right_person(session: Session, actor: Actor, location_id: UUID, ticket: str, *, now: datetime) -> FoundPerson:
    """Few facts about whom a ticket stands for, to look at before the dose is moved. Raises TicketExpired, NotFound."""
    actor.require(Permission.ADMINISTER_DOSES, at=location_id)
    (found,) = describe(session, actor, location_id, [_read(session, actor, location_id, ticket, now)], now=now)
    return found


def move_dose(session: Session, actor: Actor, command: MoveDose, *, now: datetime) -> Administration:
    """Move a dose. Stock does not move. An open visit of the right person on that day ends with it.

    The answers why it was given all the same were the other person's: they stay in the history only.
    Raises BadDose, BadDoseTime, SamePerson, TicketExpired, DoseChanged, DoseRemoved, NotFound, NotAllowed.
    """
    reason = said(command.reason)
    actor.require(Permission.ADMINISTER_DOSES, at=command.location_id)
    refuse_closed(session, command.location_id)
    to = _read(session, actor, command.location_id, command.ticket, now)
    wrong_id = dose_at(session, actor, command.location_id, command.dose_id).recipient_id
    wrong = person_of(session, wrong_id)
    if wrong.id == to.id:
        raise SamePerson
    dose = hold_dose(session, actor, command.location_id, command.dose_id, command.version, also=(to.id,))
    if dose.given_on < to.birth_date:
        raise BadDoseTime("before_birth")
    facts = {"overrides": dose.overrides} if dose.overrides else {}
    with session.begin_nested():
        leave_without_dose(session, dose, "dose_moved", now)
        dose.recipient_id, dose.visit_id, dose.overrides = to.id, _end_visit_of(session, dose, to, now), None
        list_at(session, command.location_id, to, now)
        for person in (wrong, to):
            settle_person(session, person.id, now=now)
    keep_change(
        session,
        actor,
        dose,
        "moved",
        whose=wrong.id,
        now=now,
        reason=reason,
        before=_who(wrong) | facts,
        after=_who(to),
    )
    return dose


def _read(session: Session, actor: Actor, location_id: UUID, ticket: str, now: datetime) -> Recipient:
    recipient_id = read_ticket(ticket, actor, location_id, now=now)
    if session.get(Recipient, recipient_id) is None:
        raise NotFound
    return person_of(session, recipient_id)


def _end_visit_of(session: Session, dose: Administration, to: Recipient, now: datetime) -> UUID | None:
    visit = session.scalar(
        select(Visit).where(
            Visit.location_id == dose.location_id, Visit.recipient_id == to.id, Visit.day == dose.given_on,
            Visit.status.in_(OPEN),
        )
    )  # fmt: skip
    if visit is None:
        return None
    visit.status, visit.ended_at = "vaccinated", now
    session.flush()
    return visit.id


def _who(person: Recipient) -> dict[str, object]:
    return {"person": person.full_name, "code": person.code}
