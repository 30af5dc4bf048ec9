"""Organization Management: search, create, review and mend organizations and their contacts."""

from uuid import UUID

from flask import Response

from app.domain.accounts.access import Permission
from app.portals.provider.portal import portal
from app.web import contact_pages, organization_pages
from app.web.organization_pages import Desk

_NEEDS = Permission.MANAGE_ORGANIZATIONS
_HERE = "/<uuid:location_id>/organizations"


@portal.page(_HERE, needs=_NEEDS)
def organizations(location_id: UUID) -> Response:
    """Search as you type."""
    return organization_pages.search_page(Desk("provider", location_id))


@portal.action(f"{_HERE}/new", needs=_NEEDS)
def new_organization(location_id: UUID) -> Response:
    """Create an organization."""
    return organization_pages.new_page(Desk("provider", location_id))


@portal.action(f"{_HERE}/<uuid:organization_id>", needs=_NEEDS)
def organization(location_id: UUID, organization_id: UUID) -> Response:
    """The record of an organization."""
    return organization_pages.record_page(Desk("provider", location_id), organization_id)


@portal.page(f"{_HERE}/contacts/choose", needs=_NEEDS)
def choose_organization(location_id: UUID) -> Response:
    """Which organization is the new contact's."""
    return organization_pages.choose_page(Desk("provider", location_id))


@portal.action(f"{_HERE}/<uuid:organization_id>/contacts/new", needs=_NEEDS)
def new_contact(location_id: UUID, organization_id: UUID) -> Response:
    """Create a contact and send the welcome mail."""
    return contact_pages.new_contact_page(Desk("provider", location_id), organization_id)


@portal.action(f"{_HERE}/contacts/<uuid:contact_id>", needs=_NEEDS)
def contact(location_id: UUID, contact_id: UUID) -> Response:
    """The record of a contact."""
    return contact_pages.contact_page(Desk("provider", location_id), contact_id)


@portal.action(f"{_HERE}/contacts/<uuid:contact_id>/invitation", needs=_NEEDS, methods=("POST",))
def resend_contact_invitation(location_id: UUID, contact_id: UUID) -> Response:
    """Send the welcome mail again."""
    return contact_pages.send_again(Desk("provider", location_id), contact_id)
