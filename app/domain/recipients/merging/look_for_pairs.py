"""Pairs of records that may be one person are looked for among new and changed records, a portion at a time.

Each record is compared with those that an index leads to (likely.candidates), never with all. Reading is done before the
short transaction that keeps what was found, so that others wait for milliseconds only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.orm import Session

from app.domain.recipients.likely import OnRecord, candidates
from app.domain.recipients.likeness import LIKELY, likeness
from app.domain.recipients.merging.models import ClosePair, PairSearch, ToCompare
from app.domain.recipients.models import Recipient
from app.infra.db import Database, first_id_of, new_id, one_at_a_time

PORTION = 50
SETTLED = timedelta(minutes=2)
"""Records as young as that may still be followed by one with a smaller key, which a transaction keeps later."""
_FIRST, _ONLY = UUID(int=0), 1


@dataclass(frozen=True, slots=True)
class Compared(OnRecord):
    """A record to be compared, as it was read."""

    version: int = 0


@dataclass(frozen=True, slots=True)
class _Portion:
    people: list[Compared]
    changed: frozenset[UUID]
    begun: UUID
    through: UUID
    found: dict[tuple[UUID, UUID], tuple[int, dict[str, str]]] = field(default_factory=dict)


def look_again(session: Session, recipient_id: UUID, *, today: date, now: datetime) -> None:
    """After the details of a record changed, in the same transaction: it is compared once more."""
    del today, now
    if session.get(ToCompare, recipient_id) is None:
        session.add(ToCompare(recipient_id=recipient_id))
        session.flush()


def look_for_pairs(
    database: Database, *, today: date, now: datetime, at_most: int = 20, settled: timedelta = SETTLED
) -> tuple[int, bool]:
    """Up to `at_most` portions of what is due. Returns how many records were looked at, and whether there is more.

    A worker that is killed goes on where the last portion ended; two that look at once keep each pair once.
    """
    looked = 0
    for _portion in range(at_most):
        with database.reading() as session:
            portion = _read(session, before=first_id_of(now - settled))
            for person in portion.people:
                _compare(session, person, portion, today)
        if not portion.people and portion.through == portion.begun and not portion.changed:
            return looked, False
        with database.transaction() as session:
            _keep(session, portion, now)
        looked += len(portion.people)
    return looked, True


def _read(session: Session, *, before: UUID) -> _Portion:
    at = session.get(PairSearch, _ONLY)
    begun = at.through_id if at else _FIRST
    changed = set(session.scalars(select(ToCompare.recipient_id).limit(PORTION)))
    new = list(
        session.scalars(
            select(Recipient.id).where(Recipient.id > begun, Recipient.id < before).order_by(Recipient.id).limit(PORTION)
        )
    )
    through = new[-1] if new else begun
    rows = session.execute(
        select(
            Recipient.id, Recipient.first_name, Recipient.last_name, Recipient.birth_date, Recipient.name_key,
            Recipient.sound_key, Recipient.email, Recipient.phone, Recipient.zip, Recipient.merged_into_id,
            Recipient.middle_name, Recipient.suffix, Recipient.street, Recipient.city, Recipient.version,
        ).where(Recipient.id.in_([*changed, *new]))
    )  # fmt: skip
    people = [
        Compared(
            row.id, row.first_name, row.last_name, row.birth_date, row.name_key, row.sound_key, row.email or "",
            row.phone, row.zip, row.merged_into_id, row.middle_name, row.suffix, row.street, row.city, row.version,
        )
        for row in rows
    ]  # fmt: skip
    return _Portion(people, frozenset(changed), begun, through)


def _compare(session: Session, person: Compared, portion: _Portion, today: date) -> None:
    """Whom a kept record looks like; one that was joined with another is asked about no more."""
    if person.merged_into_id is not None:
        return
    for known in candidates(session, person):
        if known.id == person.id or known.merged_into_id is not None:
            continue
        left, right = sorted((person, known), key=lambda one: one.id)
        points, agreement = likeness(left, right, today=today)
        if points >= LIKELY:
            portion.found[left.id, right.id] = (points, agreement)


def _keep(session: Session, portion: _Portion, now: datetime) -> None:
    one_at_a_time(session, "pairs")
    at = session.get(PairSearch, _ONLY)
    if at is None:
        session.add(at := PairSearch(id=_ONLY, through_id=_FIRST))
    if at.through_id != portion.begun:
        return
    at.through_id = portion.through
    versions = _versions(session, [person.id for person in portion.people])
    same = {person.id for person in portion.people if versions.get(person.id) == person.version}
    done = portion.changed - {person.id for person in portion.people if person.id not in same}
    session.execute(delete(ToCompare).where(ToCompare.recipient_id.in_(done)))
    _keep_pairs(session, same, portion.found, now)


def _versions(session: Session, ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = session.execute(select(Recipient.id, Recipient.version).where(Recipient.id.in_(ids)))
    return {row.id: row.version for row in rows}


def _keep_pairs(
    session: Session, looked_at: set[UUID], found: dict[tuple[UUID, UUID], tuple[int, dict[str, str]]], now: datetime
) -> None:
    """New pairs wait; waiting ones that are alike no more go; two told apart wait again where the agreement differs."""
    known = {
        (pair.left_id, pair.right_id): pair
        for pair in session.scalars(
            select(ClosePair).where(or_(ClosePair.left_id.in_(looked_at), ClosePair.right_id.in_(looked_at)))
        )
    }
    new: list[dict[str, Any]] = []
    for key, (points, agreement) in found.items():
        pair = known.pop(key, None)
        if pair is None:
            new.append({
                "id": new_id(), "left_id": key[0], "right_id": key[1], "points": points, "agreement": agreement,
                "found_at": now, "decision": "",
            })  # fmt: skip
        elif pair.agreement != agreement:
            if pair.decision and pair.agreement:
                pair.decision, pair.decided_at, pair.decided_by_id, pair.not_before = "", None, None, None
            pair.points, pair.agreement = points, agreement
    if new:
        session.execute(insert(ClosePair), new)
    for pair in known.values():
        if not pair.decision:
            session.delete(pair)
