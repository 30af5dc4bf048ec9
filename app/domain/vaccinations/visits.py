"""Visits of a location: the day's queue and one visit. A visit is what opens a record to the clinic."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import NotFound
from app.domain.recipients.models import Listing, Recipient
from app.domain.recipients.records import kept_record
from app.domain.vaccinations.models import Visit
from app.domain.vaccinations.questionnaires import Screening, assess, questionnaire_of

OPEN = ("arrived", "screened")
DONE = ("vaccinated", "left")
LONGEST_QUEUE = 200
LAST_DONE = 10


@dataclass(frozen=True, slots=True)
class DayQueue:
    """Who is at a clinic: waiting in order of arrival, the latest done first."""

    waiting: list[Visit]
    done: list[Visit]


def visits_visible_to(actor: Actor) -> Select[Visit]:
    """The one door to visits: those of the places whose clinic the actor may see."""
    if actor.kind == "system":
        return select(Visit)
    return select(Visit).where(Visit.location_id.in_(actor.places(Permission.VIEW_CLINIC)))


def get_visit(session: Session, actor: Actor, location_id: UUID, visit_id: UUID, *, anew: bool = False) -> Visit:
    """One visit to a location. Raises NotFound, also for another location's.

    `anew`: as it is now, whatever was read before, and others who change it wait.
    """
    query = visits_visible_to(actor).where(Visit.id == visit_id, Visit.location_id == location_id)
    if anew:
        query = query.with_for_update(of=Visit).execution_options(populate_existing=True)
    visit = session.scalar(query)
    if visit is None:
        raise NotFound
    return visit


def person_at(session: Session, visit: Visit) -> Recipient:
    """Who came, by the record that was kept: the one that the visit was opened for may have been joined with it since."""
    return kept_record(session, visit.recipient_id) or visit.recipient


def day_queue(session: Session, actor: Actor, location_id: UUID, *, day: date) -> DayQueue:
    """The queue of a location on a local day."""
    actor.require(Permission.VIEW_CLINIC, at=location_id)
    ours = visits_visible_to(actor).where(Visit.location_id == location_id, Visit.day == day)
    waiting = ours.where(Visit.status.in_(OPEN)).order_by(Visit.arrived_at, Visit.id).limit(LONGEST_QUEUE)
    done = ours.where(Visit.status.in_(DONE)).order_by(Visit.ended_at.desc(), Visit.id).limit(LAST_DONE)
    return DayQueue(list(session.scalars(waiting)), list(session.scalars(done)))


def screening_of(visit: Visit) -> Screening | None:
    """What the answers of a visit mean; None when there are none."""
    questionnaire = questionnaire_of(visit.questionnaire or "")
    if questionnaire is None or visit.answers is None:
        return None
    return assess(questionnaire, visit.answers)


def listed_recipient(session: Session, actor: Actor, location_id: UUID, recipient_id: UUID) -> Recipient:
    """A recipient whom the location knows, as the record that was kept. Raises NotFound otherwise."""
    actor.require(Permission.VIEW_RECIPIENTS, at=location_id)
    recipient = kept_record(session, recipient_id)
    listed = recipient and session.scalar(
        select(Listing.id).where(Listing.scope_id == location_id, Listing.recipient_id == recipient.id).limit(1)
    )
    if recipient is None or listed is None:
        raise NotFound
    return recipient
