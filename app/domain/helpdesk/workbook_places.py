"""For whom a workbook of a case can be run: found by name or PIN, and named on the pages about it."""

import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, String, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain.accounts.access import Actor, Permission, Role, ScopeKind, system
from app.domain.enrollment.models import EnrolledLocation
from app.domain.errors import NotFound
from app.domain.organizations.models import Organization
from app.domain.organizations.search import search_organizations
from app.domain.providers.models import Location

PLACE_KINDS: dict[str, tuple[ScopeKind, ...]] = {
    "users": ("location",),
    "providers": ("enrolled_location",),
    "recipients": ("location", "organization"),
}
"""For which kinds of place each kind of workbook is."""

ROLE_OF_PLACE: dict[str, Role] = {
    "location": Role.LOCATION_MANAGER,
    "enrolled_location": Role.VACCINE_COORDINATOR,
    "organization": Role.ORGANIZATION_CONTACT,
}
"""In whose stead an agent runs it."""

MOST = 20
_PIN = re.compile(r"(?:NCA)?([0-9]{6})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """A location, an enrolled location or an organization. `detail` tells it from others: PIN, code, city."""

    kind: str
    id: UUID
    name: str
    detail: str

    @property
    def title(self) -> str:
        """Name and detail in one line."""
        return f"{self.name} ({self.detail})" if self.detail else self.name


def find_places(session: Session, actor: Actor, workbook: str, typed: str) -> list[Place]:
    """Places for a kind of workbook that may be meant, at most MOST of each kind. Raises NotFound for others."""
    if not actor.anywhere(Permission.RUN_WORKBOOKS):
        raise NotFound
    text = typed.strip()[:100]
    if len(text) < 3:
        return []
    finders = {"location": _locations, "enrolled_location": _enrolled, "organization": _organizations}
    return [place for kind in PLACE_KINDS.get(workbook, ()) for place in finders[kind](session, text)]


def get_place(session: Session, workbook: str, kind: str, place_id: UUID) -> Place:
    """One place that this kind of workbook can be run for. Raises NotFound."""
    if kind not in PLACE_KINDS.get(workbook, ()):
        raise NotFound
    found: Place | None = None
    if kind == "location":
        location = session.get(Location, place_id)
        found = _location(location) if location is not None and location.closed_at is None else None
    elif kind == "enrolled_location":
        enrolled = session.get(EnrolledLocation, place_id)
        found = Place(kind, enrolled.id, enrolled.name, enrolled.code) if enrolled is not None else None
    else:
        organization = session.get(Organization, place_id)
        found = Place(kind, organization.id, organization.name, organization.city) if organization else None
    if found is None:
        raise NotFound
    return found


def _locations(session: Session, text: str) -> list[Place]:
    query = select(Location).where(Location.closed_at.is_(None)).order_by(Location.name, Location.id).limit(MOST)
    pin = _PIN.fullmatch(text)
    found = session.scalars(query.where(Location.provider_pin == pin.group(1) if pin else _holds(Location.name, text)))
    return [_location(one) for one in found]


def _enrolled(session: Session, text: str) -> list[Place]:
    query = select(EnrolledLocation).order_by(EnrolledLocation.name, EnrolledLocation.id).limit(MOST)
    by_pin = EnrolledLocation.location_id.in_(select(Location.id).where(Location.provider_pin == text[-6:]))
    found = session.scalars(
        query.where(or_(EnrolledLocation.code == text.upper(), _holds(EnrolledLocation.name, text), by_pin))
    )
    return [Place("enrolled_location", one.id, one.name, one.code) for one in found]


def _organizations(session: Session, text: str) -> list[Place]:
    found = search_organizations(session, system("workbooks"), text, limit=MOST).matches
    return [Place("organization", one.id, one.name, one.city) for one in found]


def _location(one: Location) -> Place:
    return Place("location", one.id, one.name, f"NCA{one.provider_pin}")


def _holds(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """A few thousand names at the most are read through."""
    return func.lower(column, type_=String).contains(text.lower(), autoescape=True)
