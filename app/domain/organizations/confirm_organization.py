"""The contact confirms or corrects the organization's details; only then may people be uploaded (OR1)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import EditedMeanwhile
from app.domain.organizations.details import clean_all
from app.domain.organizations.edit_organization import ATTRIBUTES
from app.domain.organizations.models import Organization
from app.domain.organizations.queries import get_organization
from app.domain.organizations.searchable import make_searchable
from app.infra import audit


@dataclass(frozen=True, slots=True)
class ConfirmOrganization:
    """All details as the contact says they are; `version` is that of the record that the contact saw."""

    organization_id: UUID
    version: int
    name: str
    industry: str
    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""
    phone: str = ""


def confirm_organization(
    session: Session, actor: Actor, command: ConfirmOrganization, *, now: datetime
) -> Organization:
    """Keep the details and note who confirmed them. Raises DetailRefused, EditedMeanwhile or NotFound."""
    actor.require(Permission.CONFIRM_ORGANIZATION, at=command.organization_id)
    organization = get_organization(session, actor, command.organization_id, to_change=True)
    details = clean_all({field: getattr(command, field) for field in ATTRIBUTES})
    changed = [field for field, value in details.items() if getattr(organization, ATTRIBUTES[field]) != value]
    if changed and organization.version != command.version:
        field = changed[0]
        stored: str = getattr(organization, ATTRIBUTES[field])
        raise EditedMeanwhile(field, typed=details[field], stored=stored, version=organization.version)
    for field in changed:
        setattr(organization, ATTRIBUTES[field], details[field])
    if changed:
        organization.version += 1
        make_searchable(session, [organization])
    organization.confirmed_at, organization.confirmed_by_id = now, actor.id
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="organization.confirmed",
        subject_kind="organization", subject_id=organization.id, place_id=organization.id, now=now,
        fields=changed,
    )  # fmt: skip
    session.flush()
    return organization
