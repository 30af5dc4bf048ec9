"""How many registered people a change would make eligible, by county, before it is made; and how many there are."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.eligibility.close_group import CloseGroup, FollowState
from app.domain.eligibility.evaluate import Phases, Span
from app.domain.eligibility.models import EligibilityTally, Group
from app.domain.eligibility.open_group import OpenGroup
from app.domain.eligibility.phases import load_phases
from app.domain.errors import NotFound

Change = OpenGroup | CloseGroup | FollowState


@dataclass(frozen=True, slots=True)
class Preview:
    """People by county ("" for addresses outside the state); counties without any are left out."""

    day: date
    opens: dict[str, int] = field(default_factory=dict)
    closes: dict[str, int] = field(default_factory=dict)

    @property
    def people_opened(self) -> int:
        """All whom the change makes eligible."""
        return sum(self.opens.values())

    @property
    def people_closed(self) -> int:
        """All who would be eligible no more."""
        return sum(self.closes.values())


def preview_opening(session: Session, actor: Actor, change: Change, *, today: date) -> Preview:
    """What a change does on the day on which it takes effect, or today where that is past. Changes nothing.

    From figures by county and groups, which are moved with each person: some thousand rows, whatever the number of people.
    Raises NotFound (also for a group of a plan that is not in force), NotAllowed.
    """
    actor.require(Permission.MANAGE_PHASES, at=None)
    day = max(today, _first_day(change) or today)
    before = load_phases(session, day)
    group = session.get(Group, change.group_id)
    if group is None or before is None or group.plan_id != before.plan_id:
        raise NotFound(change.group_id)
    after = replace(before, openings=_changed(before, group.code, change))
    opens: Counter[str] = Counter()
    closes: Counter[str] = Counter()
    for county, matches, people in _tallies(session, before.plan_id):
        had, has = before.first_open(matches, county), after.first_open(matches, county)
        if has and not had:
            opens[county] += people
        elif had and not has:
            closes[county] += people
    return Preview(day, dict(opens), dict(closes))


def people_by_group(session: Session, actor: Actor, *, today: date) -> dict[str, tuple[int, int]]:
    """Registered people whose first group it is, by the group's code, and how many of them are eligible by any group.

    "" stands for people who are in no group, because they are too young.
    """
    actor.require(Permission.MANAGE_PHASES, at=None)
    phases = load_phases(session, today)
    if phases is None:
        return {}
    people: Counter[str] = Counter()
    eligible: Counter[str] = Counter()
    for county, matches, number in _tallies(session, phases.plan_id):
        first = matches[0] if matches else ""
        people[first] += number
        if phases.first_open(matches, county):
            eligible[first] += number
    return {code: (number, eligible[code]) for code, number in people.items()}


def _tallies(session: Session, plan_id: UUID) -> list[tuple[str, tuple[str, ...], int]]:
    counted = select(EligibilityTally.county_fips, EligibilityTally.matches, EligibilityTally.people)
    rows = session.execute(counted.where(EligibilityTally.plan_id == plan_id, EligibilityTally.people > 0))
    return [(county, tuple(matches.split(",")) if matches else (), people) for county, matches, people in rows]


def _first_day(change: Change) -> date | None:
    if isinstance(change, OpenGroup):
        return change.effective_from
    return change.effective_until if isinstance(change, CloseGroup) else None


def _changed(phases: Phases, code: str, change: Change) -> dict[tuple[str, str], Span]:
    """The openings as they would be."""
    openings, place = dict(phases.openings), (code, change.county_fips)
    if isinstance(change, OpenGroup):
        openings[place] = Span(change.effective_from)
    elif isinstance(change, CloseGroup):
        span = phases.span(code, change.county_fips) or Span(None)
        openings[place] = replace(span, effective_until=change.effective_until)
    else:
        openings.pop(place, None)
    return openings
