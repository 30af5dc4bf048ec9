"""The name of an organization alone, for mails and headings."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.organizations.models import Organization


def name_of_organization(session: Session, organization_id: UUID | None) -> str:
    """Empty when there is no such organization, or none at all."""
    if organization_id is None:
        return ""
    return session.scalar(select(Organization.name).where(Organization.id == organization_id)) or ""
