"""Everybody who needs help, and those who give it: the Help Desk Portal."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import NotFound
from app.web import context
from app.web.chrome import MenuItem, item
from app.web.portal import Portal

portal = Portal("helpdesk", __name__, url_prefix="/help", title=_l("Help Desk"))


def menu(_place: UUID | None) -> list[MenuItem]:
    """Requesters see their own cases, agents the queue."""
    items = [item(_("Help Desk"), "helpdesk.home", exactly=True)]
    if context.actor().anywhere(Permission.WORK_CASES):
        items.append(item(_("Queue"), "helpdesk.queue", exactly=True))
        items.append(item(_("Find a case"), "helpdesk.find_case"))
    else:
        items.append(item(_("My requests"), "helpdesk.my_cases"))
    if context.actor().anywhere(Permission.SUPERVISE_CASES):
        items.append(item(_("Figures"), "helpdesk.figures_of_cases"))
    if context.actor().anywhere(Permission.MANAGE_HELP_DESK):
        items.append(item(_("Settings"), "helpdesk.desk_settings"))
    return items


def check(actor: Actor, permission: Permission, _arguments: dict[str, Any]) -> None:
    """Agents belong to a team and may open every case; to others the desk is not there."""
    if not actor.anywhere(permission):
        raise NotFound


portal.menu = menu
portal.check = check
