"""Look at everybody when what is open has changed, and every day at those who have a birthday that matters.

No one has to say that something changed: what is decided for the day is compared with what the latest run was for. So a day
that was set long ago, a new plan, an edited rule or a product for younger people all lead to a run. Portions are short transactions; a
worker that is killed leaves whole ones behind, and the next goes on after them.
"""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.eligibility.evaluate import Phases
from app.domain.eligibility.keep_status import Kept, everybody, keep_statuses
from app.domain.eligibility.models import EligibilityRun, EligibilityStatus
from app.domain.eligibility.phases import load_phases
from app.domain.recipients.models import Recipient
from app.infra import clock
from app.infra.db import Database, one_at_a_time

PORTION = 1_000
FIRST_HOUR, LAST_HOUR = 9, 20
_TURN = "eligibility"


def recompute_due(
    database: Database, *, zone: ZoneInfo, now: datetime, portion: int = PORTION, at_most: int | None = None
) -> tuple[Kept, bool]:
    """Bring up to date whoever is not. Returns what was done, and whether there is more after `at_most` portions."""
    day, due_at = clock.local_date(now, zone), clock.decent_hour(now, zone, first=FIRST_HOUR, last=LAST_HOUR)
    people = changed = mailed = portions = 0
    while at_most is None or portions < at_most:
        with database.transaction() as session:
            kept = _one_portion(session, day, now, due_at, portion)
        if kept is None:
            return Kept(people, changed, mailed), False
        portions, people = portions + 1, people + kept.people
        changed, mailed = changed + kept.changed, mailed + kept.mailed
    return Kept(people, changed, mailed), True


def latest_run(session: Session) -> EligibilityRun | None:
    """The run that is under way or was the last."""
    return session.scalar(select(EligibilityRun).order_by(EligibilityRun.id.desc()).limit(1))


def look_again(session: Session, *, now: datetime) -> None:
    """Have everybody looked at anew, whether anything changed or not."""
    run = latest_run(session)
    if run is not None:
        run.finished_at = run.finished_at or now
        session.add(EligibilityRun(day=run.day, digest="", started_at=now, finished_at=now))
        session.flush()


def _one_portion(session: Session, day: date, now: datetime, due_at: datetime, portion: int) -> Kept | None:
    """The next people of the run, or those with a birthday; None when everything is up to date."""
    one_at_a_time(session, _TURN)
    phases = load_phases(session, day)
    if phases is None:
        return None
    run = _run_of(session, phases, now)
    if run.finished_at is None:
        return _go_on(session, run, phases, now, due_at, portion)
    return _birthdays(session, phases, now, due_at, portion)


def _run_of(session: Session, phases: Phases, now: datetime) -> EligibilityRun:
    """The run for what is decided now, begun where there is none; one for what was decided before is over."""
    run = latest_run(session)
    if run is not None and run.digest == phases.digest:
        return run
    if run is not None and run.finished_at is None:
        run.finished_at = now
    begun = EligibilityRun(day=phases.day, digest=phases.digest, started_at=now, people=0, changed=0, mailed=0)
    session.add(begun)
    session.flush()
    return begun


def _go_on(
    session: Session, run: EligibilityRun, phases: Phases, now: datetime, due_at: datetime, portion: int
) -> Kept:
    query = everybody().where(Recipient.registered_at.is_not(None)).order_by(Recipient.id).limit(portion)
    if run.through is not None:
        query = query.where(Recipient.id > run.through)
    people = session.execute(query.with_for_update(of=Recipient, key_share=True)).all()
    kept = keep_statuses(session, phases, people, now=now, due_at=due_at)
    run.people, run.changed, run.mailed = run.people + kept.people, run.changed + kept.changed, run.mailed + kept.mailed
    if len(people) < portion:
        run.finished_at = now
    if people:
        run.through = people[-1].id
    return kept


def _birthdays(session: Session, phases: Phases, now: datetime, due_at: datetime, portion: int) -> Kept | None:
    due: list[UUID] = list(
        session.scalars(select(EligibilityStatus.id).where(EligibilityStatus.due_on <= phases.day).limit(portion))
    )
    if not due:
        return None
    query = everybody().where(Recipient.id.in_(due)).order_by(Recipient.id)
    people = session.execute(query.with_for_update(of=Recipient, key_share=True)).all()
    return keep_statuses(session, phases, people, now=now, due_at=due_at)
