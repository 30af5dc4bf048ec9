"""The days of the clocks: after how many days a requester is reminded and a silent case closes, from a day on."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.errors import NotFound
from app.domain.helpdesk.errors import BadRequest
from app.domain.helpdesk.models import CaseRule
from app.domain.helpdesk.steering.history import checked_number, hold, keep, one_by_one, require_supervisor

NOUN = "clock_days"
LONGEST, LONGEST_LINK = 90, 365


@dataclass(frozen=True, slots=True)
class SaveClockDays:
    """Calendar days in the program's zone; `first_day` is the day from which they hold."""

    first_day: date
    first_reminder_days: int | None
    second_reminder_days: int | None
    close_days: int | None
    reopen_days: int | None
    link_days: int | None


def list_clock_days(session: Session, actor: Actor) -> list[CaseRule]:
    """All that held, hold and will hold, the newest first. Raises NotFound."""
    require_supervisor(actor)
    return list(session.scalars(select(CaseRule).order_by(CaseRule.effective_from.desc())))


def get_clock_days(session: Session, actor: Actor, rule_id: UUID) -> CaseRule:
    """One of them. Raises NotFound."""
    require_supervisor(actor)
    found = session.get(CaseRule, rule_id)
    if found is None:
        raise NotFound
    return found


def save_clock_days(
    session: Session, actor: Actor, rule_id: UUID | None, command: SaveClockDays, seen: str, *, now: datetime,
    today: date,
) -> CaseRule:  # fmt: skip
    """Decide the days from a day on; what holds since a day that is past is not rewritten: decide anew from today on.

    Raises NotFound, BadRequest, DataChanged.
    """
    require_supervisor(actor)
    one_by_one(session, NOUN)
    kept = get_clock_days(session, actor, rule_id) if rule_id else None
    if kept is not None:
        hold(session, kept.id, seen)
    if command.first_day < today or (kept is not None and kept.effective_from < today):
        raise BadRequest("first_day", "past")
    there = session.scalar(select(CaseRule).where(CaseRule.effective_from == command.first_day))
    if there is not None and there is not kept:
        raise BadRequest("first_day", "taken")
    days = _checked(command)
    before = _facts(kept) if kept else {}
    if kept is None:
        kept = CaseRule()
        session.add(kept)
    kept.effective_from = command.first_day
    for name, number in days.items():
        setattr(kept, name, number)
    session.flush()
    keep(session, actor, NOUN, kept.id, before, _facts(kept), now=now)
    return kept


def _checked(command: SaveClockDays) -> dict[str, int]:
    typed = {name: value for name, value in asdict(command).items() if name != "first_day"}
    lowest = {"reopen_days": 0}
    days = {
        name: checked_number(name, value, lowest.get(name, 1), LONGEST_LINK if name == "link_days" else LONGEST)
        for name, value in typed.items()
    }
    order = ("first_reminder_days", "second_reminder_days", "close_days")
    for earlier, later in pairwise(order):
        if days[later] <= days[earlier]:
            raise BadRequest(later, "not_after")
    if days["link_days"] < days["close_days"]:
        raise BadRequest("link_days", "out_of_range", limit=days["close_days"])
    return days


def _facts(kept: CaseRule) -> dict[str, str]:
    names = ("first_reminder_days", "second_reminder_days", "close_days", "reopen_days", "link_days")
    return {"first_day": kept.effective_from.isoformat()} | {name: str(getattr(kept, name)) for name in names}
