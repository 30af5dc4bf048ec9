"""Routing rules: requests that go to another team than their type says, by language or for a while."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.errors import NotFound
from app.domain.helpdesk.errors import BadRequest
from app.domain.helpdesk.lists import AUDIENCES
from app.domain.helpdesk.models import RequestType, Team
from app.domain.helpdesk.steering.history import Days, hold, keep, require_supervisor
from app.domain.helpdesk.steering.models import Route
from app.domain.helpdesk.steering.request_types import PRIORITIES, checked_team

NOUN = "route"
LANGUAGES = ("", "en", "es")
MOST = 500


@dataclass(frozen=True, slots=True)
class SaveRoute:
    """Which requests (`request_type_id` None: all of the audience; `language` empty: all), and to which team they go."""

    audience: str
    request_type_id: UUID | None
    language: str
    team_id: UUID
    priority: int | None
    days: Days


def list_routes(session: Session, actor: Actor) -> list[Route]:
    """All rules there are or were, by audience, the newest first. Raises NotFound."""
    require_supervisor(actor)
    return list(session.scalars(select(Route).order_by(Route.audience, Route.effective_from.desc()).limit(MOST)))


def get_route(session: Session, actor: Actor, route_id: UUID) -> Route:
    """One of them. Raises NotFound."""
    require_supervisor(actor)
    found = session.get(Route, route_id)
    if found is None:
        raise NotFound
    return found


def save_route(
    session: Session, actor: Actor, route_id: UUID | None, command: SaveRoute, seen: str, *, now: datetime, today: date
) -> Route:
    """Make one, or change it. Requests that are there already stay where they are. Raises NotFound, BadRequest, DataChanged."""
    require_supervisor(actor)
    kept = get_route(session, actor, route_id) if route_id else None
    if kept is not None:
        hold(session, kept.id, seen)
    _check(session, command)
    days = command.days.checked(today=today, was=Days(kept.effective_from, kept.effective_to) if kept else None)
    before = _facts(kept, session) if kept else {}
    if kept is None:
        kept = Route()
        session.add(kept)
    kept.audience, kept.request_type_id, kept.language = command.audience, command.request_type_id, command.language
    kept.team_id, kept.priority = command.team_id, command.priority
    kept.effective_from, kept.effective_to = days.first, days.last
    session.flush()
    keep(session, actor, NOUN, kept.id, before, _facts(kept, session), now=now)
    return kept


_TYPE_AND_ROUTES = (
    select(RequestType, Route)
    .outerjoin(
        Route,
        and_(
            Route.audience == RequestType.audience,
            Route.effective_from <= bindparam("day"),
            or_(Route.effective_to.is_(None), Route.effective_to >= bindparam("day")),
            or_(Route.request_type_id.is_(None), Route.request_type_id == RequestType.id),
            or_(Route.language == "", Route.language == bindparam("language")),
        ),
    )
    .where(RequestType.code == bindparam("code"))
)


def type_and_route(session: Session, code: str, language: str, day: date) -> tuple[RequestType | None, Route | None]:
    """A request type, and the rule that fits a request of it best on a day: one for its type before one for all, one
    for its language before one for all, then the one that began last. No rule: its type says where it goes.
    """
    rows = session.execute(_TYPE_AND_ROUTES, {"code": code, "language": language, "day": day}).all()
    best = max(
        (route for _kind, route in rows if route is not None),
        key=lambda one: (one.request_type_id is not None, one.language != "", one.effective_from, one.id),
        default=None,
    )
    return (rows[0][0] if rows else None), best


def _check(session: Session, command: SaveRoute) -> None:
    if command.audience not in AUDIENCES:
        raise BadRequest("audience", "unknown")
    if command.request_type_id is not None:
        kind = session.get(RequestType, command.request_type_id)
        if kind is None or kind.audience != command.audience:
            raise BadRequest("request_type", "other_audience")
    if command.language not in LANGUAGES:
        raise BadRequest("language", "unknown")
    if command.priority is not None and command.priority not in PRIORITIES:
        raise BadRequest("priority", "unknown")
    checked_team(session, command.team_id)


def _facts(kept: Route, session: Session) -> dict[str, str]:
    kind = session.get(RequestType, kept.request_type_id) if kept.request_type_id else None
    return {
        "audience": kept.audience, "request_type": kind.name if kind else "", "language": kept.language,
        "team": session.get_one(Team, kept.team_id).name, "priority": str(kept.priority or ""),
        "first_day": kept.effective_from.isoformat(),
        "last_day": kept.effective_to.isoformat() if kept.effective_to else "",
    }  # fmt: skip
