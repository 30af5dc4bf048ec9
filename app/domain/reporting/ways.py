"""How long things take, and how many get how far: entry of doses, uploads, enrollments."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.enrollment import states
from app.domain.enrollment.models import Enrollment
from app.domain.providers.models import Location
from app.domain.reporting.contribution import WITHIN, monday
from app.domain.reporting.counted import as_of, entered_within, place
from app.domain.reporting.tables import Asked, Figures, Row
from app.domain.uploads.models import Upload
from app.infra import clock

LAG_WEEKS = 5
LATE_HOURS = 24
_DAY = timedelta(days=1)


def entry_lag_by_location(session: Session, actor: Actor, asked: Asked) -> Figures:
    """Doses of this week and the four before, by location; how many were entered after more than a day; and within how
    many hours half of them were (one of WITHIN, the last standing for anything longer). Most late ones first.
    """
    actor.require(Permission.VIEW_FIGURES, at=None)
    since = monday(asked.today) - timedelta(weeks=LAG_WEEKS - 1)
    found = entered_within(session, since)
    if asked.location is not None:
        found = {one: hours for one, hours in found.items() if one == asked.location}
    if asked.county is not None:
        there = set(session.scalars(select(Location.id).where(Location.county_fips == place(asked.county))))
        found = {one: hours for one, hours in found.items() if one in there}
    rows = [Row((str(one),), _lag(hours)) for one, hours in found.items()]
    rows.sort(key=lambda row: (-_whole(row.values[1]), row.keys))
    measures = ("doses", "late", "median_within_hours")
    return Figures("entry_lag_by_location", ("location",), measures, tuple(rows), as_of(session))


def upload_funnel(session: Session, actor: Actor, asked: Asked) -> Figures:
    """Files sent on the days asked for, how many are done, and what became of their rows."""
    actor.require(Permission.VIEW_FIGURES, at=None)
    start, end = _moments(asked)
    rows, created = func.sum(Upload.rows_total), func.sum(Upload.created_count)
    counted = session.execute(
        select(
            func.count(), func.count(Upload.id).filter(Upload.status.in_(("done", "failed"))), rows, created,
            func.sum(Upload.present_count), func.sum(Upload.held_count), func.sum(Upload.mistaken_count),
        ).where(Upload.sent_at >= start, Upload.sent_at < end)
    ).one()  # fmt: skip
    steps = ("sent", "settled_files", "rows", "created", "present", "held", "mistaken")
    made = tuple(Row((step,), (int(count or 0),)) for step, count in zip(steps, counted, strict=True))
    return Figures("upload_funnel", ("step",), ("count",), made, asked.now)


def enrollment_times(session: Session, actor: Actor, asked: Asked) -> Figures:
    """Days from beginning to submitting, and from submitting to the decision, of the enrollments of which the step
    ended on the days asked for; and how many stand before that step now.
    """
    actor.require(Permission.VIEW_FIGURES, at=None)
    start, end = _moments(asked)
    times = session.execute(
        select(Enrollment.created_at, Enrollment.submitted_at, Enrollment.decided_at).where(
            or_(Enrollment.submitted_at >= start, Enrollment.decided_at >= start), Enrollment.submitted_at < end
        )
    ).all()
    sent = [done - begun for begun, done, _ in times if done is not None and start <= done < end]
    decided = [
        done - sent_at for _, sent_at, done in times
        if sent_at is not None and done is not None and start <= done < end and done >= sent_at
    ]  # fmt: skip
    waiting = dict(iter(session.execute(select(Enrollment.status, func.count()).group_by(Enrollment.status))))
    before = sum(waiting.get(one, 0) for one in (states.SECTION_A, states.LOCATIONS, states.SIGNATURES))
    rows = (
        Row(("to_submit",), (*_times(sent), before)),
        Row(("to_decide",), (*_times(decided), waiting.get(states.SUBMITTED, 0))),
    )
    measures = ("enrollments", "median_days", "longest_days", "waiting")
    return Figures("enrollment_times", ("step",), measures, rows, asked.now)


def _lag(hours: dict[int, int]) -> tuple[int, int, int]:
    """All, those over a day, and the hours within which half of them were entered."""
    doses = sum(hours.values())
    late = sum(count for within, count in hours.items() if within > LATE_HOURS)
    half = 0
    for within in WITHIN:
        half += hours.get(within, 0)
        if 2 * half >= doses:
            return doses, late, within
    return doses, late, WITHIN[-1]


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _times(took: Sequence[timedelta]) -> tuple[int, float | None, float | None]:
    if not took:
        return 0, None, None
    days = [one / _DAY for one in took]
    return len(days), round(median(days), 1), round(max(days), 1)


def _moments(asked: Asked) -> tuple[datetime, datetime]:
    return clock.day_bounds(asked.since, asked.zone)[0], clock.day_bounds(asked.until, asked.zone)[1]
