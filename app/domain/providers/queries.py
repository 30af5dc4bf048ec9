"""Who may see which location."""

from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import NotAllowed, NotFound
from app.domain.providers.models import Location
from app.infra.paging import Slice, pack, unpack


def locations_visible_to(actor: Actor) -> Select[Location]:
    """The one door to locations."""
    query = select(Location).order_by(Location.name, Location.id)
    if actor.kind == "system" or actor.is_state:
        return query
    return query.where(Location.id.in_(actor.places(Permission.VIEW_CLINIC)))


def get_location(session: Session, actor: Actor, location_id: UUID) -> Location:
    """One location. Raises NotFound."""
    found = session.scalar(locations_visible_to(actor).where(Location.id == location_id))
    if found is None:
        raise NotFound(location_id)
    return found


def list_locations(session: Session, actor: Actor) -> list[Location]:
    """All locations that the actor may see, by name."""
    return list(session.scalars(locations_visible_to(actor)))


def page_of_locations(session: Session, actor: Actor, *, after: str | None = None, size: int = 50) -> Slice[Location]:
    """Some of the locations that the actor may see, by name; a state has thousands."""
    query, key = locations_visible_to(actor), unpack(after, 2)
    try:
        query = query.where(tuple_(Location.name, Location.id) > (key[0], UUID(key[1]))) if key else query
    except ValueError:
        query = locations_visible_to(actor)
    rows = list(session.scalars(query.limit(size + 1)))
    found = rows[:size]
    return Slice(found, pack(found[-1].name, found[-1].id) if len(rows) > size else None)


def name_of_location(session: Session, location_id: UUID | None) -> str:
    """The name alone, for mails and headings; empty when there is no such location."""
    return session.scalar(select(Location.name).where(Location.id == location_id)) or ""


def refuse_closed(session: Session, location_id: UUID) -> None:
    """Raise NotAllowed at a location that is no longer enrolled: its records stay readable, no vaccine moves there."""
    if session.scalar(select(Location.closed_at).where(Location.id == location_id)) is not None:
        raise NotAllowed
