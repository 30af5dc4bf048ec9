"""A practice asks to join: the Provider Enrollment Portal, one enrollment at a time."""

from typing import Any
from uuid import UUID

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.accounts.access import Actor, Permission
from app.domain.enrollment.access import require_at
from app.domain.enrollment.queries import get_enrollment, my_locations
from app.web import context
from app.web.chrome import MenuItem, item
from app.web.portal import Portal

portal = Portal(
    "enrollment", __name__, url_prefix="/enrollment", title=_l("Provider Enrollment Portal"), scope="enrollment_id"
)


def check(actor: Actor, permission: Permission, arguments: dict[str, Any]) -> None:
    """A role at the enrollment reaches all its locations, a Vaccine Coordinator's reaches one."""
    require_at(
        context.db(),
        actor,
        permission,
        enrollment_id=arguments["enrollment_id"],
        enrolled_location_id=arguments.get("enrolled_location_id"),
    )


def menu(enrollment_id: UUID | None) -> list[MenuItem]:
    """What a role may open in this enrollment."""
    if enrollment_id is None:
        return []
    items = [_entry(_("Where it stands"), "enrollment.overview", enrollment_id, exactly=True)]
    if context.actor().may(Permission.VIEW_SECTION_A, at=enrollment_id):
        items.append(_entry(_("Section A"), "enrollment.section_a", enrollment_id))
        items.append(_entry(_("Locations"), "enrollment.locations", enrollment_id))
    if _signs(enrollment_id):
        items.append(_entry(_("Agreements"), "enrollment.agreements", enrollment_id))
    return [one for one in items if one is not None]


def _entry(label: str, endpoint: str, enrollment_id: UUID, *, exactly: bool = False) -> MenuItem | None:
    if endpoint not in current_app.view_functions:
        return None
    return item(label, endpoint, exactly=exactly, enrollment_id=enrollment_id)


def _signs(enrollment_id: UUID) -> bool:
    actor = context.actor()
    return actor.may(Permission.SIGN_ENROLLMENT, at=enrollment_id) or bool(
        my_locations(context.db(), actor, enrollment_id)
    )


def place_name(enrollment_id: UUID) -> str:
    """The organization's name, or the code while it has none; an enrollment that is not one's own is not found."""
    found = get_enrollment(context.db(), context.actor(), enrollment_id)
    return found.name or _("New enrollment %(code)s", code=found.code)


portal.menu = menu
portal.place_name = place_name
portal.check = check
