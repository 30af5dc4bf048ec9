"""Request types: what a request can be about, in which order it is offered, and which team it goes to."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.errors import NotFound
from app.domain.helpdesk.desk import all_request_types
from app.domain.helpdesk.errors import BadRequest
from app.domain.helpdesk.lists import AUDIENCES
from app.domain.helpdesk.models import RequestType, Team
from app.domain.helpdesk.steering.history import (
    Days,
    checked_line,
    checked_number,
    hold,
    keep,
    one_by_one,
    require_supervisor,
)
from app.infra.search import fold

NOUN = "request_type"
LONGEST = 120
PRIORITIES = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class SaveRequestType:
    """The audience of one that is there already stays. `name_es` may be empty. Priority 1 is the most urgent."""

    audience: str
    name: str
    name_es: str
    position: int | None
    team_id: UUID
    priority: int
    days: Days


def list_request_types(session: Session, actor: Actor) -> list[RequestType]:
    """All there are or were, by audience and order. Raises NotFound."""
    require_supervisor(actor)
    return all_request_types(session)


def get_request_type(session: Session, actor: Actor, type_id: UUID) -> RequestType:
    """One of them. Raises NotFound."""
    require_supervisor(actor)
    found = session.get(RequestType, type_id)
    if found is None:
        raise NotFound
    return found


def save_request_type(
    session: Session, actor: Actor, type_id: UUID | None, command: SaveRequestType, seen: str, *, now: datetime,
    today: date,
) -> RequestType:  # fmt: skip
    """Make one, or change it. An audience keeps at least one for good. Raises NotFound, BadRequest, DataChanged."""
    require_supervisor(actor)
    one_by_one(session, NOUN)
    kept = get_request_type(session, actor, type_id) if type_id else None
    if kept is not None:
        hold(session, kept.id, seen)
    audience = kept.audience if kept else command.audience
    if audience not in AUDIENCES:
        raise BadRequest("audience", "unknown")
    team = checked_team(session, command.team_id)
    if command.priority not in PRIORITIES:
        raise BadRequest("priority", "unknown")
    name = checked_line("name", command.name, longest=LONGEST)
    name_es = checked_line("name_es", command.name_es, longest=LONGEST, needed=False)
    position = checked_number("position", command.position, 1, 999)
    days = command.days.checked(today=today, was=Days(kept.effective_from, kept.effective_to) if kept else None)
    if days.last is not None and kept is not None:
        _refuse_none_left(session, kept, days.last)
    before = _facts(kept, session) if kept else {}
    if kept is None:
        kept = RequestType(audience=audience, code=_code(session, name))
        session.add(kept)
    kept.name, kept.name_es, kept.position, kept.priority = name, name_es, position, command.priority
    kept.team_id, kept.effective_from, kept.effective_to = team.id, days.first, days.last
    session.flush()
    keep(session, actor, NOUN, kept.id, before, _facts(kept, session), now=now)
    return kept


def checked_team(session: Session, team_id: UUID) -> Team:
    """A team that there is. Raises BadRequest."""
    team = session.get(Team, team_id)
    if team is None:
        raise BadRequest("team", "unknown")
    return team


def _refuse_none_left(session: Session, kept: RequestType, last: date) -> None:
    others = session.scalar(
        select(func.count()).where(
            RequestType.audience == kept.audience, RequestType.id != kept.id, RequestType.effective_to.is_(None),
            RequestType.effective_from <= last,
        )
    )  # fmt: skip
    if not others:
        raise BadRequest("last_day", "last_one")


def _code(session: Session, name: str) -> str:
    """A word for the address of nothing and for files: letters of the name, and a few of chance where it is taken."""
    code = fold(name).replace(" ", "_")[:32] or "type"
    taken = session.scalar(select(RequestType.id).where(RequestType.code == code))
    return code if taken is None else f"{code}_{secrets.token_hex(3)}"


def _facts(kept: RequestType, session: Session) -> dict[str, str]:
    return {
        "audience": kept.audience, "name": kept.name, "name_es": kept.name_es, "position": str(kept.position),
        "team": session.get_one(Team, kept.team_id).name, "priority": str(kept.priority),
        "first_day": kept.effective_from.isoformat(),
        "last_day": kept.effective_to.isoformat() if kept.effective_to else "",
    }  # fmt: skip
