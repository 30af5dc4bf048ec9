"""One detail of an organization is corrected with the pencil."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import EditedMeanwhile, NotFound
from app.domain.organizations.details import clean
from app.domain.organizations.models import Organization
from app.domain.organizations.queries import get_organization
from app.domain.organizations.searchable import make_searchable
from app.infra import audit

ATTRIBUTES = {"state": "state_abbr"} | {
    field: field for field in ("name", "industry", "street", "city", "zip", "country", "phone")
}


@dataclass(frozen=True, slots=True)
class EditOrganizationField:
    """`field` as in `details.clean`; `version` is that of the record that the editor saw."""

    place_id: UUID | None
    organization_id: UUID
    field: str
    value: str
    version: int


def edit_organization_field(
    session: Session, actor: Actor, command: EditOrganizationField, *, now: datetime
) -> Organization:
    """Change one detail. Raises DetailRefused, EditedMeanwhile or NotFound."""
    actor.require(Permission.MANAGE_ORGANIZATIONS, at=command.place_id)
    if command.field not in ATTRIBUTES:
        raise NotFound(command.field)
    organization = get_organization(session, actor, command.organization_id, to_change=True)
    attribute, value = ATTRIBUTES[command.field], clean(command.field, command.value)
    stored: str = getattr(organization, attribute)
    if organization.version != command.version:
        raise EditedMeanwhile(command.field, typed=value, stored=stored, version=organization.version)
    if value == stored:
        return organization
    setattr(organization, attribute, value)
    organization.version += 1
    make_searchable(session, [organization])
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="organization.edited",
        subject_kind="organization", subject_id=organization.id, place_id=command.place_id, now=now,
        fields=[command.field],
    )  # fmt: skip
    return organization
