"""Clinics: the Provider Portal, one location at a time."""

from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.accounts.access import Permission
from app.domain.providers.queries import get_location
from app.web import context
from app.web.chrome import MenuItem, item
from app.web.portal import Portal

portal = Portal("provider", __name__, url_prefix="/provider", title=_l("Provider Portal"), scope="location_id")


def menu(location_id: UUID | None) -> list[MenuItem]:
    """What a role may open at this location."""
    if location_id is None:
        return []
    may = context.actor().may
    items, more = [], []
    if may(Permission.VIEW_CLINIC, at=location_id):
        items.append(item(_("Clinic day"), "provider.clinic_day", location_id=location_id))
        items.append(item(_("Recipients"), "provider.recipients", location_id=location_id))
        items.append(item(_("Vaccine inventory"), "provider.inventory", location_id=location_id))
    if may(Permission.UPLOAD_RECIPIENTS, at=location_id):
        items.append(item(_("Recipient uploads"), "provider.uploads", location_id=location_id))
    if may(Permission.ADMINISTER_DOSES, at=location_id):
        more.append(item(_("Paper forms"), "provider.paper_forms", location_id=location_id))
        more.append(item(_("Enter from paper"), "provider.back_entry", location_id=location_id))
    if may(Permission.MANAGE_ORGANIZATIONS, at=location_id):
        more.append(item(_("Organization Management"), "provider.organizations", location_id=location_id))
    if may(Permission.MANAGE_USERS, at=location_id):
        more.append(item(_("Users"), "provider.users", location_id=location_id))
    if may(Permission.MANAGE_KIOSKS, at=location_id):
        more.append(item(_("Kiosks"), "provider.kiosks", location_id=location_id))
    if more:
        items.append(MenuItem(_("More"), "", current=any(entry.current for entry in more), children=more))
    return items


def place_name(location_id: UUID) -> str:
    """The location's name; a location that does not exist is not found."""
    return get_location(context.db(), context.actor(), location_id).name


portal.menu = menu
portal.place_name = place_name
