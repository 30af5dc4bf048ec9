"""Find out where people stand and keep it, with the figures that follow, for one person or for a portion of the state.

Facts from encrypted answers are kept sealed beside the status, so that a look at everybody opens one short text a
person instead of all answers; they are read anew when the record has another version.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Row, Select, Table, bindparam, delete, insert, select, text, update
from sqlalchemy.orm import Session
from sqlalchemy.types import Uuid

from app.domain.eligibility.evaluate import Phases, matches_of
from app.domain.eligibility.facts import Told, facts_on, told_by
from app.domain.eligibility.models import EligibilityStatus
from app.domain.eligibility.phases import load_phases
from app.domain.recipients.ages import birthday
from app.domain.recipients.closing.close_record import closed_among
from app.domain.recipients.models import Recipient
from app.domain.recipients.registration import ADULT
from app.infra import outbox

Person = Row[Any]
Known = Row[Any]
_NOTHING: Mapping[str, Any] = {"o": "", "t": []}
_statuses = cast(Table, EligibilityStatus.__table__)
_UPDATE = (
    update(_statuses)
    .where(_statuses.c.id == bindparam("row"))
    .values({name: bindparam(name) for name in ("plan_id", "version", "due_on", "computed_at", "sealed")})
)
_TALLY = text(
    "INSERT INTO eligibility_tally (plan_id, county_fips, matches, people) VALUES (:plan, :county, :matches, :people) "
    "ON CONFLICT (plan_id, county_fips, matches) DO UPDATE SET people = eligibility_tally.people + excluded.people"
).bindparams(bindparam("plan", type_=Uuid()))


@dataclass(frozen=True, slots=True)
class Kept:
    """How many people were looked at, changed, and are to be written to."""

    people: int = 0
    changed: int = 0
    mailed: int = 0


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found out about one person: the row to keep, and whether a mail is due."""

    values: dict[str, Any]
    matches: str
    mail: bool


def everybody() -> Select[*tuple[Any, ...]]:
    """All records, with what a status needs. Answers are not among it: they are long, and rarely needed."""
    return select(
        Recipient.id, Recipient.birth_date, Recipient.county_fips, Recipient.industry, Recipient.email,
        Recipient.version, Recipient.merged_into_id, Recipient.registered_at,
    )  # fmt: skip


def keep_own_status(session: Session, recipient_id: UUID, *, today: date, now: datetime) -> None:
    """After somebody's answers changed, or the record was closed by death or opened again, in the same transaction.

    They see it on the page, so no mail is sent.
    """
    phases = load_phases(session, today)
    if phases is None:
        return
    session.flush()
    people = session.execute(everybody().where(Recipient.id == recipient_id)).all()
    keep_statuses(session, phases, people, now=now, due_at=None)


def keep_statuses(
    session: Session, phases: Phases, people: Sequence[Person], *, now: datetime, due_at: datetime | None
) -> Kept:
    """Keep where these people stand; writes nothing where nothing changed. The caller holds their records.

    `due_at`: when those who became eligible are mailed; None: nobody is. Whoever is looked at for the first time is not
    mailed either: it is no news that they registered. Who was joined with another record or has died counts no more, nor
    who is not registered any more, because the answers were those of a record that was separated again.
    """
    known = _known(session, [person.id for person in people])
    closed = closed_among(session, [person.id for person in people])
    told = _told(session, [person.id for person in people if _version(known, person) != person.version])
    there = [
        person
        for person in people
        if person.registered_at is not None and person.merged_into_id is None and person.id not in closed
    ]
    gone = [known[id_] for id_ in {person.id for person in people} - {person.id for person in there} if id_ in known]
    moved: Counter[tuple[UUID, str, str]] = Counter()
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    mailed: list[UUID] = []
    for person in there:
        before = known.get(person.id)
        found = _look_at(phases, person, before, told.get(person.id), now, mails=due_at is not None)
        if found is None:
            continue
        (changed if before else new).append(found.values)
        moved[(phases.plan_id, person.county_fips, found.matches)] += 1
        _leave(moved, before)
        if found.mail:
            mailed.append(person.id)
    for status in gone:
        _leave(moved, status)
    _write(session, new, changed, [status.id for status in gone])
    _count(session, moved)
    if due_at is not None:
        payloads = [{"recipient_id": str(id_)} for id_ in mailed]
        outbox.publish_many(session, "eligibility.opened", payloads, now=due_at, abouts=mailed)
    return Kept(len(people), len(new) + len(changed) + len(gone), len(mailed))


def _known(session: Session, ids: list[UUID]) -> dict[UUID, Known]:
    """What is kept of these people. Not joined to them: PostgreSQL would read all statuses for every portion."""
    kept = EligibilityStatus
    rows = session.execute(
        select(kept.id, kept.plan_id, kept.version, kept.due_on, kept.sealed).where(kept.id.in_(ids))
    )
    return {row.id: row for row in rows}


def _version(known: Mapping[UUID, Known], person: Person) -> int | None:
    """The version of the record whose answers are kept; None where none are."""
    return known[person.id].version if person.id in known else None


def _told(session: Session, ids: list[UUID]) -> dict[UUID, Told]:
    """The facts from the answers of those whose record has changed."""
    if not ids:
        return {}
    rows = session.execute(select(Recipient.id, Recipient.answers).where(Recipient.id.in_(ids)))
    return {row.id: told_by(row.answers) for row in rows}


def _look_at(
    phases: Phases, person: Person, known: Known | None, told: Told | None, now: datetime, *, mails: bool
) -> _Found | None:
    """What there is to keep about a person; None where it is what is kept already."""
    kept: Mapping[str, Any] = known.sealed if known else _NOTHING
    told = told or Told.unpacked(kept["f"])
    facts = facts_on(phases.day, person.birth_date, person.industry, told)
    matches = matches_of(phases, facts)
    opened = phases.first_open(matches, person.county_fips)
    key = f"{phases.plan_code}:{opened[0]}" if opened else ""
    is_news = mails and known is not None and kept["o"] not in kept["t"]
    waits = bool(opened and is_news and opened[1].mail_held)
    knows = sorted({*kept["t"], key}) if key and not waits else kept["t"]
    sealed = {"f": told.packed(), "c": person.county_fips, "m": ",".join(matches), "o": key, "t": knows}
    due_on = next((birthday(person.birth_date, age) for age in phases.ages if age > facts.age), None)
    if known and (known.plan_id, known.version, known.due_on, kept) == (phases.plan_id, person.version, due_on, sealed):
        return None
    values = {
        "id": person.id, "plan_id": phases.plan_id, "version": person.version, "due_on": due_on,
        "computed_at": now, "sealed": sealed,
    }  # fmt: skip
    reached = bool(person.email) or facts.age < ADULT  # a guardian's address is found when the mail is written
    mail = is_news and knows != kept["t"] and reached and not told.silent
    return _Found(values, sealed["m"], mail)


def _leave(moved: Counter[tuple[UUID, str, str]], known: Known | None) -> None:
    """Take a person out of the figures where they were counted before."""
    if known is not None:
        moved[(known.plan_id, known.sealed["c"], known.sealed["m"])] -= 1


def _write(session: Session, new: list[dict[str, Any]], changed: list[dict[str, Any]], gone: list[UUID]) -> None:
    if new:
        session.connection().execute(insert(_statuses), new)
    if changed:
        rows = [
            {**{name: value for name, value in values.items() if name != "id"}, "row": values["id"]}
            for values in changed
        ]
        session.connection().execute(_UPDATE, rows)
    if gone:
        session.execute(delete(EligibilityStatus).where(EligibilityStatus.id.in_(gone)))


def _count(session: Session, moved: Counter[tuple[UUID, str, str]]) -> None:
    """Move the figures; in one order everywhere, so that two transactions never wait for each other in a circle."""
    rows = [
        {"plan": plan, "county": county, "matches": matches, "people": people}
        for (plan, county, matches), people in sorted(moved.items(), key=lambda item: item[0])
        if people
    ]
    if rows:
        session.execute(_TALLY, rows)
