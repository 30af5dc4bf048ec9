"""Program staff: the State Portal."""

from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.accounts.access import Permission
from app.web import context
from app.web.chrome import MenuItem, item
from app.web.portal import Portal

portal = Portal("state", __name__, url_prefix="/state", title=_l("State Portal"))

Entry = tuple[Any, str, Permission]
MENU: tuple[tuple[Any, tuple[Entry, ...]], ...] = (
    (
        _l("Providers"),
        (
            (_l("Enrollments"), "state.enrollments", Permission.REVIEW_ENROLLMENTS),
            (_l("Locations"), "state.locations", Permission.MANAGE_PROVIDERS),
            (_l("Transfers"), "state.transfers", Permission.DECIDE_TRANSFERS),
            (_l("Recalls"), "state.recalls", Permission.RECALL_VACCINE),
            (_l("Employers"), "state.organizations", Permission.MANAGE_ORGANIZATIONS),
        ),
    ),
    (
        _l("People"),
        (
            (_l("Find people"), "state.people", Permission.FIND_PEOPLE),
            (_l("Two records, one person?"), "state.pairs", Permission.MERGE_PEOPLE),
            (_l("Close matches"), "state.held_rows", Permission.DECIDE_HELD_ROWS),
            (_l("Self-registered"), "state.self_registered", Permission.DECIDE_HELD_ROWS),
            (_l("Guardians"), "state.guardianships", Permission.DECIDE_GUARDIANSHIPS),
        ),
    ),
    (
        _l("Program"),
        (
            (_l("Phases"), "state.phases_page", Permission.MANAGE_PHASES),
            (_l("Vaccines"), "state.products", Permission.CHANGE_SETTINGS),
            (_l("Lists"), "state.lists_page", Permission.CHANGE_SETTINGS),
            (_l("Contacts and hours"), "state.support_page", Permission.CHANGE_SETTINGS),
            (_l("Terms and privacy"), "state.terms_page", Permission.CHANGE_SETTINGS),
            (_l("Help Desk"), "helpdesk.desk_settings", Permission.MANAGE_HELP_DESK),
            (_l("Settings"), "state.settings_page", Permission.CHANGE_SETTINGS),
            (_l("Other issuers"), "state.issuers", Permission.CHANGE_SETTINGS),
            (_l("Notices and downtime"), "state.notices", Permission.MANAGE_NOTICES),
        ),
    ),
    (
        _l("Reports"),
        (
            (_l("Figures"), "state.figures", Permission.VIEW_FIGURES),
            (_l("Federal reporting"), "state.federal", Permission.MAKE_FEDERAL_REPORTS),
        ),
    ),
    (
        _l("Operations"),
        (
            (_l("Users"), "state.users", Permission.MANAGE_STAFF),
            (_l("Access log"), "state.access_log", Permission.VIEW_ACCESS_LOG),
            (_l("Opened health answers"), "state.opened_answers", Permission.REVIEW_BREAK_GLASS),
            (_l("Mails and work in the background"), "state.operations", Permission.VIEW_OPERATIONS),
        ),
    ),
)
"""The groups of the menu: what each page is called, where it is, and who may open it. A group without pages is not shown."""


def menu(_place: UUID | None) -> list[MenuItem]:
    """Home, and the groups with the pages that this member of staff may open."""
    may = context.actor().may
    items = [MenuItem(_("Home"), url_for("state.home"), current=request.endpoint == "state.home")]
    for label, entries in MENU:
        pages = [item(str(name), endpoint) for name, endpoint, needs in entries if may(needs, at=None)]
        if pages:
            items.append(MenuItem(str(label), "", current=any(one.current for one in pages), children=pages))
    return items


portal.menu = menu
