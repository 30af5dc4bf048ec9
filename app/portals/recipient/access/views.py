"""Who opened my record."""

from uuid import UUID

from flask import Response
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.oversight.own_log.openings import Opening, openings_of
from app.portals.recipient.access import wrong_views
from app.portals.recipient.access.wording import IN_DETAIL, REPORTED, WHAT
from app.portals.recipient.portal import portal
from app.web import context
from app.web.answers import show
from app.web.paging import Pager, after_from_request

__all__ = ["wrong_views"]

_VIEW = Permission.VIEW_OWN_RECORD


@portal.page("/<uuid:recipient_id>/access", needs=_VIEW)
def access(recipient_id: UUID) -> Response:
    """When, from where, what for; a page at a time."""
    found = openings_of(context.db(), context.actor(), recipient_id, after=after_from_request())
    rows = [(opening.at, who_of(opening), what_of(opening)) for opening in found.items]
    reported = any(opening.act in REPORTED for opening in found.items)
    return show("recipient/access/list.html", place=recipient_id, rows=rows, reported=reported, pager=Pager(found))


def who_of(opening: Opening) -> str:
    """Who it was, in plain words; staff are never named."""
    if opening.who == "location":
        return _("A clinic: %(name)s", name=opening.place)
    if opening.who == "kiosk":
        return _("A check-in screen of a clinic: %(name)s", name=opening.place)
    if opening.who == "organization":
        return _("An employer: %(name)s", name=opening.place)
    words = {
        "you": _("You"),
        "guardian": _("A parent or guardian"),
        "program": _("Staff of the vaccine program of %(state)s", state=context.settings().state_name),
        "help_desk": _("The help desk"),
        "link": _("Somebody with a link from one of your mails"),
        "system": _("The system by itself"),
    }
    return words.get(opening.who, _("Somebody who works with the system"))


def what_of(opening: Opening) -> str:
    """What was done, in plain words."""
    if (opening.act, opening.detail) in IN_DETAIL:
        return str(IN_DETAIL[opening.act, opening.detail])
    if opening.act in WHAT:
        return str(WHAT[opening.act])
    if opening.act.startswith("recipient.dose_"):
        return _("Changed what is entered about a dose")
    return _("Worked with the record")
