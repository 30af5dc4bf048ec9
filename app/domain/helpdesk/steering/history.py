"""Who may steer, what was changed when and by whom, and two supervisors who change the same thing at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.models import Account
from app.domain.errors import Conflict, NotAllowed, NotFound
from app.domain.helpdesk.errors import BadRequest
from app.domain.helpdesk.steering.models import DataChange
from app.infra import audit
from app.infra.db import one_at_a_time

MOST_SHOWN = 50


class DataChanged(Conflict):
    """Somebody else changed this since the form was opened; `seen` is the mark of what it is now."""

    def __init__(self, seen: str) -> None:
        super().__init__(seen)
        self.seen = seen


@dataclass(frozen=True, slots=True)
class Past:
    """One change as a page tells it: by whom, and each detail with its value before and after."""

    at: datetime
    who: str
    is_first: bool
    details: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Days:
    """From the first day on, to the end of the last one (None: for good)."""

    first: date
    last: date | None = None

    def checked(self, *, today: date, was: "Days | None" = None) -> "Days":
        """These days, where they are in order. Raises BadRequest: what is past is not rewritten."""
        if self.last is not None and self.last < self.first:
            raise BadRequest("last_day", "before_first")
        if self.first < today and (was is None or was.first != self.first):
            raise BadRequest("first_day", "past")
        if self.last is not None and self.last < today and (was is None or was.last != self.last):
            raise BadRequest("last_day", "past")
        return self


def require_supervisor(actor: Actor) -> None:
    """For what all teams share. Raises NotFound."""
    if not actor.anywhere(Permission.MANAGE_HELP_DESK):
        raise NotFound


def require_at_team(actor: Actor, team_id: UUID | None) -> None:
    """For what one team owns (None: what all share). Raises NotFound, NotAllowed for another team's supervisor."""
    require_supervisor(actor)
    if team_id is not None and not actor.may(Permission.MANAGE_HELP_DESK, at=team_id):
        raise NotAllowed


def mark_of(session: Session, subject_id: UUID) -> str:
    """What a form carries, so that it is noticed when somebody else was faster; empty where nothing was changed yet."""
    newest = session.scalar(
        select(DataChange.id).where(DataChange.subject_id == subject_id).order_by(DataChange.id.desc()).limit(1)
    )
    return str(newest) if newest else ""


def one_by_one(session: Session, noun: str) -> None:
    """Others who make or change one of the same kind wait: what must be there once is looked for without a race."""
    one_at_a_time(session, f"help desk {noun}")


def hold(session: Session, subject_id: UUID, seen: str) -> None:
    """Others wait until this change is made. Raises DataChanged."""
    one_at_a_time(session, f"help desk data {subject_id}")
    newest = mark_of(session, subject_id)
    if newest != seen:
        raise DataChanged(newest)


def keep(
    session: Session, actor: Actor, noun: str, subject_id: UUID, before: Mapping[str, Any], after: Mapping[str, Any],
    *, now: datetime,
) -> None:  # fmt: skip
    """Keep what was changed, in the history and in the log. Nothing changed leaves no row."""
    if before == after:
        return
    by_id = actor.id if actor.kind == "person" else None
    session.add(
        DataChange(at=now, by_id=by_id, noun=noun, subject_id=subject_id, before=dict(before), after=dict(after))
    )
    audit.record(
        session, actor_kind=actor.kind, actor_id=by_id, act=f"help_desk.{noun}_changed", subject_kind=f"help_{noun}",
        subject_id=subject_id, now=now, fields=sorted(name for name in after if before.get(name) != after[name]),
    )  # fmt: skip
    session.flush()


def history_of(session: Session, subject_id: UUID) -> list[Past]:
    """What was changed of one thing, newest first."""
    rows = session.execute(
        select(DataChange, Account.first_name, Account.last_name)
        .outerjoin(Account, Account.id == DataChange.by_id)
        .where(DataChange.subject_id == subject_id)
        .order_by(DataChange.id.desc())
        .limit(MOST_SHOWN)
    )
    return [
        Past(change.at, f"{first or ''} {last or ''}".strip(), not change.before, _details(change))
        for change, first, last in rows
    ]


def checked_line(field: str, text: str, *, longest: int, needed: bool = True) -> str:
    """One line or text as it is kept. Raises BadRequest."""
    kept = text.replace("\r\n", "\n").strip()
    if needed and not kept:
        raise BadRequest(field, "missing")
    if len(kept) > longest:
        raise BadRequest(field, "too_long", limit=longest)
    return kept


def checked_number(field: str, number: int | None, least: int, most: int) -> int:
    """A whole number within its bounds. Raises BadRequest; `limit` is the bound that was passed."""
    if number is None:
        raise BadRequest(field, "missing")
    if not least <= number <= most:
        raise BadRequest(field, "out_of_range", limit=least if number < least else most)
    return number


def _details(change: DataChange) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (name, str(change.before.get(name, "")), str(value))
        for name, value in change.after.items()
        if change.before.get(name, "") != value
    )
