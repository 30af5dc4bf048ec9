"""The day's list for paper forms: who waits at the location today, and whose next dose is due on that day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.domain.accounts.access import Actor, Permission
from app.domain.program.models import Product
from app.domain.recipients.models import Recipient
from app.domain.vaccinations.history import doses_by_recipient, is_complete
from app.domain.vaccinations.models import Administration, Visit
from app.domain.vaccinations.visits import OPEN, person_at, visits_visible_to
from app.infra import audit

MOST = 600


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """One line of the day's list."""

    recipient_id: UUID
    last_name: str
    first_name: str
    birth_date: date


def waiting_on(session: Session, actor: Actor, location_id: UUID, *, day: date) -> list[ListedPerson]:
    """Who was checked in on a local day and waits, in order of arrival."""
    actor.require(Permission.VIEW_CLINIC, at=location_id)
    visits = visits_visible_to(actor).where(Visit.location_id == location_id, Visit.day == day, Visit.status.in_(OPEN))
    return [
        _line(person_at(session, visit))
        for visit in session.scalars(visits.order_by(Visit.arrived_at, Visit.id).limit(MOST))
    ]


def due_on(session: Session, actor: Actor, location_id: UUID, *, day: date) -> list[ListedPerson]:
    """Who got a dose here exactly one interval before a day, and whose series is not complete, by name."""
    actor.require(Permission.VIEW_RECIPIENTS, at=location_id)
    products = [(product.id, product.rules_on(day).interval_days) for product in session.scalars(select(Product))]
    found: dict[UUID, Recipient] = {}
    own = aliased(Recipient)
    for product_id, interval in products:
        if interval is None:
            continue
        given = (
            select(Recipient)
            .join(own, Recipient.id == func.coalesce(own.merged_into_id, own.id))
            .join(Administration, Administration.recipient_id == own.id)
            .where(
                Administration.location_id == location_id,
                Administration.product_id == product_id,
                Administration.given_on == day - timedelta(days=interval),
                Administration.status == "completed",
            )
            .limit(MOST)
        )
        found |= {person.id: person for person in session.scalars(given)}
    doses = doses_by_recipient(session, found)
    due = [person for person in found.values() if not is_complete(doses[person.id])]
    return [_line(one) for one in sorted(due, key=lambda one: (one.last_folded, one.first_folded, one.id))][:MOST]


def note_printed(
    session: Session, actor: Actor, location_id: UUID, people: Sequence[ListedPerson], *, form: str, now: datetime
) -> None:
    """Log that a list left the system on paper, and for each person that their name did."""
    actor.require(Permission.VIEW_RECIPIENTS, at=location_id)
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="location.day_list_printed", subject_kind="location",
        subject_id=location_id, place_id=location_id, now=now, form=form, people=len(people),
    )  # fmt: skip
    for one in people:
        audit.record(
            session, actor_kind=actor.kind, actor_id=actor.id, act="recipient.printed_on_paper",
            subject_kind="recipient", subject_id=one.recipient_id, place_id=location_id, now=now, form=form,
        )  # fmt: skip


def _line(person: Recipient) -> ListedPerson:
    return ListedPerson(person.id, person.last_name, person.first_name, person.birth_date)
