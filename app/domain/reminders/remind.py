"""Who is reminded of a dose today: once when it is due, once when it is overdue, and never after it was given.

The doses of the days in question are read by an index, a few hundred in a transaction; each transaction keeps how far it
came, so that a worker that is killed goes on there. What counts as due is asked of the schedule, with all doses of the
person, in whatever record they were entered.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.program.models import Product
from app.domain.recipients.closing.close_record import closed_among
from app.domain.recipients.models import Recipient
from app.domain.recipients.records import records_of
from app.domain.reminders.addresses import Address, addresses_of
from app.domain.reminders.choices import wants_no_contact
from app.domain.reminders.models import ReminderRound, ReminderSent, ReminderStop
from app.domain.vaccinations.history import doses_by_recipient
from app.domain.vaccinations.models import Administration
from app.domain.vaccinations.schedule import PastDose, standing
from app.infra import outbox
from app.infra.db import Database, one_at_a_time

CHUNK = 500
CATCH_UP_DAYS = 7
"""A reminder that no worker could send on its day is still sent so many days later, and then no more."""

MAIL = "reminders.dose_due"


@dataclass(frozen=True, slots=True)
class Reminder:
    """What somebody would be reminded of on a day. `step`: the place of the dose in the series; kind: due, overdue."""

    step: int
    kind: str


def reminder_for(doses: Sequence[PastDose], day: date, *, overdue_days: int) -> Reminder | None:
    """What the day asks for, by the doses so far (oldest first): due from the recommended day on, overdue
    `overdue_days` after it, each for a few days only; None otherwise.
    """
    where = standing(doses, day)
    if where.next_due is None or where.complete:
        return None
    since = (day - where.next_due.recommended).days
    for kind, after in (("overdue", overdue_days), ("due", 0)):
        if after <= since <= after + CATCH_UP_DAYS:
            return Reminder(where.counted + 1, kind)
    return None


def remind_due(database: Database, *, today: date, overdue_days: int, now: datetime) -> int:
    """Put the reminders of a local day into the outbox; returns how many. A day that was finished is not begun again."""
    with database.reading() as session:
        done = session.get(ReminderRound, today)
        if done is not None and done.finished_at is not None:
            return 0
    reminded, more = 0, True
    while more:
        with database.transaction() as session:
            number, more = _remind_some(session, today, overdue_days, now)
        reminded += number
    return reminded


def still_due(
    session: Session, recipient_id: UUID, step: int, *, today: date, now: datetime
) -> tuple[Recipient, Address] | None:
    """Whom a reminder made earlier goes to, asked when it is sent: None when the dose was given meanwhile, or reminders
    are not wanted, or there is no address any more. For jobs only.
    """
    recipient = session.get(Recipient, recipient_id)
    while recipient is not None and recipient.merged_into_id is not None:
        recipient = session.get(Recipient, recipient.merged_into_id)
    if recipient is None or recipient.id in _unwilling(session, [recipient]):
        return None
    where = standing(doses_by_recipient(session, [recipient.id])[recipient.id], today)
    address = addresses_of(session, [recipient], now=now).get(recipient.id)
    if address is None or where.complete or where.next_due is None or where.counted + 1 != step:
        return None
    return recipient, address


def _remind_some(session: Session, today: date, overdue_days: int, now: datetime) -> tuple[int, bool]:
    one_at_a_time(session, "reminders")
    at = session.get(ReminderRound, today, populate_existing=True)
    if at is None:
        at = ReminderRound(day=today)
        session.add(at)
        session.flush()
    if at.finished_at is not None:
        return 0, False
    for window in _windows(session, today, overdue_days):
        through = (at.through_on, at.through_product_id)
        if through[0] is not None and through[1] is not None and window < through:
            continue
        rows = session.execute(_doses_of(window, at)).all()
        if rows:
            at.through_on, at.through_product_id, at.through_id = window[0], window[1], rows[-1][0]
            return _remind(session, {row[1] for row in rows}, today, overdue_days, now), True
    at.finished_at = now
    return 0, False


def _windows(session: Session, today: date, overdue_days: int) -> list[tuple[date, UUID]]:
    """The days on which a dose was given that may be followed by a reminder today, by product; in order."""
    found = set()
    for product in session.scalars(select(Product)):
        interval = product.schedule().rules_on(today).interval_days
        if interval is None:
            continue
        for after in (0, overdue_days):
            days = (interval + after + late for late in range(CATCH_UP_DAYS + 1))
            found |= {(today - timedelta(days=number), product.id) for number in days}
    return sorted(found)


def _doses_of(window: tuple[date, UUID], at: ReminderRound) -> Select[UUID, UUID]:
    day, product_id = window
    query = (
        select(Administration.id, Administration.recipient_id)
        .where(Administration.product_id == product_id, Administration.given_on == day)
        .where(Administration.status == "completed")
        .order_by(Administration.id)
        .limit(CHUNK)
    )
    if at.through_id is not None and (at.through_on, at.through_product_id) == window:
        query = query.where(Administration.id > at.through_id)
    return query


def _remind(session: Session, recipient_ids: Iterable[UUID], today: date, overdue_days: int, now: datetime) -> int:
    people = {person.id: person for person in _kept(session, recipient_ids)}
    doses = doses_by_recipient(session, people)
    due = {id_: reminder_for(doses[id_], today, overdue_days=overdue_days) for id_ in people}
    waiting = [people[id_] for id_, reminder in due.items() if reminder is not None]
    unwilling, known = _unwilling(session, waiting), _known(session, waiting)
    reached = addresses_of(session, waiting, now=now)
    told: list[tuple[UUID, Reminder]] = []
    for person in waiting:
        reminder = due[person.id]
        if reminder is None or person.id in unwilling or person.id not in reached:
            continue
        if (person.id, reminder.step, reminder.kind) not in known:
            told.append((person.id, reminder))
    session.add_all(
        ReminderSent(recipient_id=id_, step=reminder.step, kind=reminder.kind, made_at=now) for id_, reminder in told
    )
    payloads = [{"recipient_id": str(id_), "step": str(reminder.step), "kind": reminder.kind} for id_, reminder in told]
    outbox.publish_many(session, MAIL, payloads, now=now, abouts=[id_ for id_, _ in told])
    session.flush()
    return len(told)


def _kept(session: Session, recipient_ids: Iterable[UUID]) -> Iterator[Recipient]:
    """The people whom the records are about, by the records that were kept."""
    wanted, seen = set(recipient_ids), set[UUID]()
    while wanted:
        seen |= wanted
        found = session.scalars(select(Recipient).where(Recipient.id.in_(sorted(wanted)))).all()
        yield from (person for person in found if person.merged_into_id is None)
        wanted = {person.merged_into_id for person in found if person.merged_into_id is not None} - seen


def _unwilling(session: Session, people: Sequence[Recipient]) -> set[UUID]:
    """Those who stopped reminders, asked not to be contacted, or have died."""
    ids = [person.id for person in people]
    owner = records_of(session, ids)
    stopped = select(ReminderStop.recipient_id).where(
        ReminderStop.recipient_id.in_(list(owner)), ReminderStop.resumed_at.is_(None)
    )
    return {
        *(owner[record] for record in session.scalars(stopped)),
        *closed_among(session, ids),
        *(person.id for person in people if wants_no_contact(person)),
    }


def _known(session: Session, people: Sequence[Recipient]) -> set[tuple[UUID, int, str]]:
    """What people were reminded of before, in whatever record of theirs that was noted."""
    owner = records_of(session, [person.id for person in people])
    sent = session.execute(
        select(ReminderSent.recipient_id, ReminderSent.step, ReminderSent.kind).where(
            ReminderSent.recipient_id.in_(list(owner))
        )
    )
    return {(owner[recipient_id], step, kind) for recipient_id, step, kind in sent}
