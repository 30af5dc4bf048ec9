"""An organization is registered by a Location Manager or by state staff, after a search."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.organizations.details import clean_all
from app.domain.organizations.duplicates import likely_duplicates
from app.domain.organizations.errors import LikelyDuplicates
from app.domain.organizations.models import Organization
from app.domain.organizations.searchable import make_searchable
from app.infra import audit


@dataclass(frozen=True, slots=True)
class CreateOrganization:
    """Name and industry are needed; the address is what tells several sites apart (seed 002).

    `place_id`: the location at which the actor works, None for state staff. `create_anyway`: the likely
    duplicates were looked at and are not the same.
    """

    place_id: UUID | None
    name: str
    industry: str
    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""
    phone: str = ""
    create_anyway: bool = False


def create_organization(
    session: Session, actor: Actor, command: CreateOrganization, *, now: datetime
) -> Organization:
    """Register an organization. Raises DetailRefused, or LikelyDuplicates unless they were looked at."""
    actor.require(Permission.MANAGE_ORGANIZATIONS, at=command.place_id)
    fields = ("name", "industry", "street", "city", "state", "zip", "country", "phone")
    details = clean_all({field: getattr(command, field) for field in fields})
    if not command.create_anyway:
        matches = likely_duplicates(
            session, name=details["name"], city=details["city"], zip_code=details["zip"]
        )
        if matches:
            raise LikelyDuplicates(matches)
    details["state_abbr"] = details.pop("state")
    organization = Organization(**details, created_at=now, created_by_id=actor.id)
    session.add(organization)
    make_searchable(session, [organization])
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="organization.created",
        subject_kind="organization", subject_id=organization.id, place_id=command.place_id, now=now,
    )  # fmt: skip
    return organization
