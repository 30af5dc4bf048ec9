"""Bring the counters up to date: those who were noted as changed; or everybody, when the rules of counting changed.

Portions are short transactions: a worker that is killed leaves whole ones behind, and the next goes on after them. Each
takes away just the notes that it read, in the transaction that counted, so that a change made meanwhile is counted next.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.domain.recipients.models import Recipient
from app.domain.reporting.count import Schedules, count_people, schedules_of
from app.domain.reporting.models import DoseTally, FigureDue, FigurePerson, FigureState, LagTally, PeopleTally
from app.infra.db import Database, one_at_a_time

PORTION = 500
COUNTING = 1
"""Higher when what is counted changes in the code: everybody is counted anew after such an update."""
_TURN = "figures"


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What was done: records looked at, people whose part changed, and whether more waits."""

    looked_at: int
    changed: int
    more: bool


def refresh(database: Database, *, now: datetime, portion: int = PORTION, at_most: int | None = None) -> Refreshed:
    """Count whoever is due, in at most so many portions."""
    looked_at = changed = portions = 0
    while at_most is None or portions < at_most:
        with database.transaction() as session:
            done = _one_portion(session, now, portion)
        looked_at, changed, portions = looked_at + done.looked_at, changed + done.changed, portions + 1
        if not done.more:
            return Refreshed(looked_at, changed, False)
    return Refreshed(looked_at, changed, True)


def count_everybody_anew(session: Session, *, now: datetime) -> None:
    """Have a new generation built from nothing; the figures shown stay as they are until it is complete."""
    one_at_a_time(session, _TURN)
    _begin(_state(session), _digest(schedules_of(session)), now)


def progress(session: Session) -> tuple[int, int]:
    """How many notes wait, and how many people the generation under way has; 0 where none is."""
    state = session.get(FigureState, 1)
    waiting = session.scalar(select(func.count()).select_from(FigureDue)) or 0
    if state is None or state.building is None:
        return waiting, 0
    built = select(func.count()).select_from(FigurePerson).where(FigurePerson.generation == state.building)
    return waiting, session.scalar(built) or 0


def _one_portion(session: Session, now: datetime, portion: int) -> Refreshed:
    one_at_a_time(session, _TURN)
    state, schedules = _state(session), schedules_of(session)
    rules = _digest(schedules)
    if rules != state.rules:
        _begin(state, rules, now)
    if state.building is not None:
        return _build(session, state, state.building, schedules, portion)
    if _forget_old(session, state.shown):
        return Refreshed(0, 0, True)
    return _follow(session, state, schedules, now, portion)


def _follow(session: Session, state: FigureState, schedules: Schedules, now: datetime, portion: int) -> Refreshed:
    """Count those who are noted; what was recorded until now is in the figures when no note is left."""
    notes = session.execute(select(FigureDue.id, FigureDue.recipient_id).order_by(FigureDue.id).limit(portion)).all()
    changed = count_people(session, [note.recipient_id for note in notes], state.shown, schedules)
    if notes:
        session.execute(delete(FigureDue).where(FigureDue.id.in_([note.id for note in notes])))
    if len(notes) < portion:
        state.as_of = now
    return Refreshed(len(notes), changed, len(notes) == portion)


def _build(session: Session, state: FigureState, generation: int, schedules: Schedules, portion: int) -> Refreshed:
    """Count the next records in order of their keys; behind the last one the generation is shown."""
    query = select(Recipient.id).order_by(Recipient.id).limit(portion)
    if state.through is not None:
        query = query.where(Recipient.id > state.through)
    records: list[UUID] = list(session.scalars(query))
    changed = count_people(session, records, generation, schedules)
    if records:
        state.through = records[-1]
    if len(records) < portion:
        state.shown, state.building, state.through, state.as_of = generation, None, None, state.began_at
    return Refreshed(len(records), changed, True)


def _begin(state: FigureState, rules: str, now: datetime) -> None:
    """A generation that is left unfinished is forgotten with the others."""
    state.building = max(state.shown, state.building or 0) + 1
    state.rules, state.through, state.began_at = rules, None, now


def _state(session: Session) -> FigureState:
    state = session.get(FigureState, 1)
    if state is None:
        state = FigureState(id=1)
        session.add(state)
        session.flush()
    return state


def _forget_old(session: Session, shown: int) -> bool:
    """Delete some counters of older generations, a county or a week at a time. True when there were any.

    What people added to them is not looked for: it was replaced when they were counted for a newer one.
    """
    for table, part in (
        (DoseTally, DoseTally.county_fips),
        (PeopleTally, PeopleTally.county_fips),
        (LagTally, LagTally.week),
    ):
        generation = table.__table__.c.generation
        old = session.execute(select(generation, part).where(generation < shown).limit(1)).first()
        if old is not None:
            session.execute(delete(table).where(generation == old[0], part == old[1]))
            return True
    return False


def _digest(schedules: Schedules) -> str:
    """What the figures go by; another one means that everybody has to be counted anew."""
    rules = sorted((code, asdict(schedule)) for code, schedule in schedules.values())
    return hashlib.sha256(json.dumps([COUNTING, rules], default=str, sort_keys=True).encode()).hexdigest()
