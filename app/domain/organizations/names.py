"""The name of an organization alone, for mails and headings."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.organizations.models import Organization


def name_of_organization(session: Session, organization_id: UUID | None) -> str:
    """Empty when there is no such organization, or none at all."""
    if organization_id is None:
        return ""
    return session.scalar(select(Organization.name).where(Organization.id == organization_id)) or ""


def names_of_organizations(session: Session, ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """The names of several, by id; ids that there are not are missing."""
    wanted = [organization_id for organization_id in ids if organization_id]
    if not wanted:
        return {}
    rows = session.execute(select(Organization.id, Organization.name).where(Organization.id.in_(wanted)))
    return {organization_id: name for organization_id, name in rows}  # noqa: C416 - a Row is no pair to mypy
