"""Employers: the Organization Portal, one organization at a time."""

from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.organizations.names import name_of_organization
from app.web import context
from app.web.chrome import MenuItem, item
from app.web.portal import Portal

portal = Portal(
    "organization", __name__, url_prefix="/organization", title=_l("Organization Portal"), scope="organization_id"
)


def menu(organization_id: UUID | None) -> list[MenuItem]:
    """Details first, uploads and people after."""
    if organization_id is None:
        return []
    return [
        item(_("Uploads"), "organization.uploads", organization_id=organization_id),
        item(_("People"), "organization.people", organization_id=organization_id),
        item(_("Organization details"), "organization.details", organization_id=organization_id),
    ]


portal.menu = menu
portal.place_name = lambda place: name_of_organization(context.db(), place)
