"""The places at which roles are held: their names, and finding them by what is typed."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain.accounts.access import SCOPE_OF_ROLE, Actor, Permission, Role
from app.domain.enrollment.models import EnrolledLocation, Enrollment
from app.domain.helpdesk.models import Team
from app.domain.organizations.models import Organization
from app.domain.organizations.search import search_organizations
from app.domain.providers.models import Location

MOST = 20
_FEWEST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """One place to choose. `kind` as in ScopeKind; `detail` tells places of one name apart."""

    id: UUID
    kind: str
    name: str
    detail: str = ""


def names_of_places(session: Session, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of places of any kind, by id, in one query. People's records have none: they are nobody's business."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    parts = [
        select(table.id.label("id"), table.name.label("name")).where(table.id.in_(wanted))
        for table in (Location, Organization, Team, Enrollment, EnrolledLocation)
    ]
    return {row.id: row.name for row in session.execute(union_all(*parts))}


def places_for_role(session: Session, actor: Actor, role: Role, typed: str) -> list[FoundPlace]:
    """Where the role can be given: locations by name, city or PIN, or all teams. At most MOST, by name."""
    actor.require(Permission.MANAGE_STAFF, at=None)
    kind = SCOPE_OF_ROLE[role]
    if kind == "team":
        teams = session.scalars(select(Team).order_by(Team.name))
        return [FoundPlace(team.id, kind, team.name) for team in teams]
    if kind == "location":
        return _locations(session, typed, only_open=True)
    return []


def places_named(session: Session, actor: Actor, typed: str) -> list[FoundPlace]:
    """Locations, employers and teams by what is typed of their name; at most MOST of each."""
    actor.require(Permission.MANAGE_STAFF, at=None)
    found = _locations(session, typed, only_open=False)
    if actor.anywhere(Permission.MANAGE_ORGANIZATIONS):
        matches = search_organizations(session, actor, typed).matches
        found += [FoundPlace(one.id, "organization", one.name, one.city) for one in matches]
    teams = session.scalars(select(Team).where(_holds(Team.name, typed)).order_by(Team.name).limit(MOST))
    return found + [FoundPlace(team.id, "team", team.name) for team in teams]


def place_for_role(session: Session, role: Role, scope_id: UUID | None) -> FoundPlace | None:
    """The place, where it is one at which the role can be given; None where it is not."""
    kind = SCOPE_OF_ROLE[role]
    if kind == "program":
        return FoundPlace(UUID(int=0), kind, "") if scope_id is None else None
    query: Select[UUID, str]
    if kind == "location":
        query = select(Location.id, Location.name).where(Location.id == scope_id, Location.closed_at.is_(None))
    elif kind == "team":
        query = select(Team.id, Team.name).where(Team.id == scope_id)
    else:
        return None
    row = session.execute(query).first()
    return FoundPlace(row.id, kind, row.name) if row else None


def _locations(session: Session, typed: str, *, only_open: bool) -> list[FoundPlace]:
    if len(typed.strip()) < _FEWEST_LETTERS:
        return []
    columns = (Location.name, Location.city, Location.provider_pin)
    query = select(Location.id, Location.name, Location.city, Location.provider_pin)
    query = query.where(or_(*(_holds(column, typed) for column in columns)))
    if only_open:
        query = query.where(Location.closed_at.is_(None))
    rows = session.execute(query.order_by(Location.name, Location.id).limit(MOST))
    return [FoundPlace(id_, "location", name, f"{city} · {pin}" if city else pin) for id_, name, city, pin in rows]


def _holds(column: InstrumentedAttribute[str], typed: str) -> ColumnElement[bool]:
    return func.lower(column).contains(typed.strip().lower(), autoescape=True)
