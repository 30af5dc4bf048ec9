"""Who got doses that were recalled: the list for the state and for the locations that gave them, and who was told.

A mail says that there is an important message, never which vaccine. People without an address are on the list as
not mailed: somebody has to call them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.accounts.access import Actor, Permission
from app.domain.inventory.models import Lot, Recall, RecallNotice
from app.domain.inventory.recall import is_of
from app.domain.providers.models import Location
from app.domain.recipients.models import Recipient
from app.domain.recipients.records import kept_record, one_person
from app.domain.vaccinations.models import Administration
from app.infra import outbox
from app.infra.db import Database
from app.infra.paging import Slice, pack, unpack

CHUNK = 500
PAGE = 50


@dataclass(frozen=True, slots=True)
class RecalledDose:
    """A dose of a recalled lot and whom it was given to. `mailed`: None while not told yet, False without address."""

    administration_id: UUID
    recipient_id: UUID
    name: str
    birth_date: date
    phone: str
    given_on: date
    lot_number: str
    location_id: UUID
    location_name: str
    mailed: bool | None


@dataclass(frozen=True, slots=True)
class RecallCounts:
    """Doses given of a recall, people told, and those of them to call because there is no address."""

    doses_given: int
    people_told: int
    to_call: int


def people_of_recall(
    session: Session, actor: Actor, recall: Recall, *, location_id: UUID | None = None, after: str | None = None,
    size: int = PAGE,
) -> Slice[RecalledDose]:  # fmt: skip
    """Doses given and not withdrawn, in the order of their entry: all for the state, a location's own for its people.
    Whoever is to be called is told of by the record that was kept.

    Raises NotFound or NotAllowed. The page records who read the list.
    """
    _require(actor, location_id)
    entered, other = aliased(Recipient), aliased(Recipient)
    told = (
        select(RecallNotice.mailed)
        .join(other, other.id == RecallNotice.recipient_id)
        .where(RecallNotice.recall_id == recall.id, or_(other.id == Recipient.id, other.merged_into_id == Recipient.id))
        .order_by(RecallNotice.mailed.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(Administration, Recipient, Lot.number, Location.name, told)
        .join(Lot, Lot.id == Administration.lot_id)
        .join(entered, entered.id == Administration.recipient_id)
        .join(Recipient, Recipient.id == func.coalesce(entered.merged_into_id, entered.id))
        .join(Location, Location.id == Administration.location_id)
        .where(*is_of(recall), Administration.status == "completed")
    )
    if location_id is not None:
        query = query.where(Administration.location_id == location_id)
    key = unpack(after, 1)
    if key:
        query = query.where(Administration.id > UUID(key[0]))
    rows = session.execute(query.order_by(Administration.id).limit(size + 1)).all()
    people = [
        RecalledDose(
            given.id, person.id, person.full_name, person.birth_date, person.phone, given.given_on, number,
            given.location_id, place, mailed,
        )
        for given, person, number, place, mailed in rows[:size]
    ]  # fmt: skip
    return Slice(people, pack(people[-1].administration_id) if len(rows) > size else None)


def counts_of_recall(
    session: Session, actor: Actor, recall: Recall, *, location_id: UUID | None = None
) -> RecallCounts:
    """How many doses were given; for the state also how many people were told and how many must be called."""
    _require(actor, location_id)
    given = select(func.count()).select_from(Administration).join(Lot, Lot.id == Administration.lot_id)
    given = given.where(*is_of(recall), Administration.status == "completed")
    if location_id is not None:
        return RecallCounts(session.scalar(given.where(Administration.location_id == location_id)) or 0, 0, 0)
    told = select(func.count()).where(RecallNotice.recall_id == recall.id)
    return RecallCounts(
        session.scalar(given) or 0,
        session.scalar(told) or 0,
        session.scalar(told.where(RecallNotice.mailed.is_(False))) or 0,
    )


def recalls_about(session: Session, actor: Actor, recipient_id: UUID) -> list[Recall]:
    """The recalls that a person should read about: in force, of doses they got and were not withdrawn."""
    actor.require(Permission.VIEW_OWN_RECORD, at=recipient_id)
    kept = kept_record(session, recipient_id)
    records = one_person(kept.id if kept else recipient_id)
    got = (
        select(Administration.id)
        .join(Lot, Lot.id == Administration.lot_id)
        .where(Administration.recipient_id.in_(records), Administration.status == "completed")
        .where(Lot.product_id == Recall.product_id, Recall.number_folded.in_(("", Lot.number_folded)))
    )
    live = select(Recall).where(Recall.lifted_at.is_(None), got.exists())
    return list(session.scalars(live.order_by(Recall.made_at, Recall.id)))


def tell_people_of_recalls(database: Database, *, now: datetime) -> int:
    """Mail everybody who got a recalled dose, a few hundred in a transaction; returns how many were found now.

    A worker that stops goes on where it was; nobody is told of the same recall twice.
    """
    with database.reading() as session:
        due = list(session.scalars(_due()))
    found = 0
    for recall_id in due:
        more = True
        while more:
            with database.transaction() as session:
                number, more = _tell_some(session, recall_id, now)
            found += number
    return found


def _due() -> Select[UUID]:
    return select(Recall.id).where(Recall.told_at.is_(None), Recall.lifted_at.is_(None)).order_by(Recall.id)


def _tell_some(session: Session, recall_id: UUID, now: datetime) -> tuple[int, bool]:
    held = select(Recall).where(Recall.id == recall_id).with_for_update(of=Recall, key_share=True)
    recall = session.scalars(held.execution_options(populate_existing=True)).one()
    if recall.told_at is not None or recall.lifted_at is not None:
        return 0, False
    query = (
        select(Administration.id, Administration.recipient_id)
        .join(Lot, Lot.id == Administration.lot_id)
        .where(*is_of(recall), Administration.status == "completed")
        .order_by(Administration.id)
        .limit(CHUNK)
    )
    if recall.told_through is not None:
        query = query.where(Administration.id > recall.told_through)
    rows = session.execute(query).all()
    if not rows:
        recall.told_at = now
        return 0, False
    number = _notify(session, recall, {recipient_id for _id, recipient_id in rows}, now)
    recall.told_through = rows[-1][0]
    return number, True


def _notify(session: Session, recall: Recall, recipient_ids: Iterable[UUID], now: datetime) -> int:
    """One notice for each person, whatever record a dose was entered in; a mail to those who have an address."""
    people = {person.id: person for person in (_kept(session, id_) for id_ in sorted(recipient_ids)) if person}
    kept_id = func.coalesce(Recipient.merged_into_id, Recipient.id)
    told = select(kept_id).join(RecallNotice, RecallNotice.recipient_id == Recipient.id)
    same = or_(Recipient.id.in_(people), Recipient.merged_into_id.in_(people))
    known = set(session.scalars(told.where(RecallNotice.recall_id == recall.id, same)))
    fresh = [person for person in people.values() if person.id not in known]
    session.add_all(
        RecallNotice(recall_id=recall.id, recipient_id=person.id, mailed=bool(person.email), made_at=now)
        for person in fresh
    )
    mailed = [person.id for person in fresh if person.email]
    payloads = [{"recipient_id": str(id_)} for id_ in mailed]
    outbox.publish_many(session, "vaccinations.recalled", payloads, now=now, abouts=mailed)
    session.flush()
    return len(fresh)


def _kept(session: Session, recipient_id: UUID) -> Recipient | None:
    person = session.get(Recipient, recipient_id)
    while person is not None and person.merged_into_id is not None:
        person = session.get(Recipient, person.merged_into_id)
    return person


def _require(actor: Actor, location_id: UUID | None) -> None:
    if location_id is None:
        actor.require(Permission.RECALL_VACCINE, at=None)
    else:
        actor.require(Permission.VIEW_RECIPIENTS, at=location_id)


def person_to_tell(session: Session, recipient_id: UUID) -> Recipient | None:
    """Whom a mail about a recall goes to, by the record that was kept. For jobs only."""
    return _kept(session, recipient_id)
