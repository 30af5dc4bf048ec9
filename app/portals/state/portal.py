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
    may = context.actor().may
    items = [MenuItem(_("Home"), url_for("state.home"), current=request.endpoint == "state.home")]
    if may(Permission.REVIEW_ENROLLMENTS, at=None):
        items.append(item(_("Enrollments"), "state.enrollments"))
    if may(Permission.DECIDE_TRANSFERS, at=None):
        items.append(item(_("Transfers"), "state.transfers"))
    if may(Permission.RECALL_VACCINE, at=None):
        items.append(item(_("Recalls"), "state.recalls"))
    if may(Permission.MANAGE_PHASES, at=None):
        items.append(item(_("Phases"), "state.phases_page"))
    more = []
    if may(Permission.DECIDE_HELD_ROWS, at=None):
        more.append(item(_("Close matches"), "state.held_rows"))
        more.append(item(_("Self-registered"), "state.self_registered"))
    if may(Permission.DECIDE_GUARDIANSHIPS, at=None):
        more.append(item(_("Guardians"), "state.guardianships"))
    if may(Permission.MANAGE_PROVIDERS, at=None):
        more.append(item(_("Locations"), "state.locations"))
    if may(Permission.CHANGE_SETTINGS, at=None):
        more.append(item(_("Settings"), "state.settings_page"))
    more.append(item(_("Operations"), "state.operations"))
    items.append(MenuItem(_("More"), "", current=any(one.current for one in more), children=more))
    return items


portal.menu = menu
