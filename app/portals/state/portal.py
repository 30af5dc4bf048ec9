"""Programme staff: the State Portal."""

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.accounts.access import Permission
from app.web import context
from app.web.chrome import MenuItem, item
from app.web.portal import Portal

portal = Portal("state", __name__, url_prefix="/state", title=_l("State Portal"))


def menu(_place: UUID | None) -> list[MenuItem]:
    """What staff steer with."""
    home = MenuItem(_("Operations"), url_for("state.operations"), current=request.endpoint == "state.operations")
    items = [home]
    if context.actor().may(Permission.DECIDE_HELD_ROWS, at=None):
        items.append(item(_("Close matches"), "state.held_rows"))
        items.append(item(_("Self-registered"), "state.self_registered"))
    if context.actor().may(Permission.DECIDE_GUARDIANSHIPS, at=None):
        items.append(item(_("Guardians"), "state.guardianships"))
    if context.actor().may(Permission.REVIEW_ENROLLMENTS, at=None):
        items.append(item(_("Enrollments"), "state.enrollments"))
    if context.actor().may(Permission.DECIDE_TRANSFERS, at=None):
        items.append(item(_("Transfers"), "state.transfers"))
    if context.actor().may(Permission.RECALL_VACCINE, at=None):
        items.append(item(_("Recalls"), "state.recalls"))
    if context.actor().may(Permission.MANAGE_PROVIDERS, at=None):
        items.append(item(_("Locations"), "state.locations"))
    return items


portal.menu = menu
