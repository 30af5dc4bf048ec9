"""How late doses are entered, and who came and has no end yet."""

from uuid import UUID

from flask import Response
from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain.accounts.access import Permission
from app.domain.vaccinations.entry_lag import LATE_HOURS, entry_lag
from app.portals.provider.portal import portal
from app.web import context
from app.web.answers import show

_MINUTES_UP_TO = 2
_DAYS_FROM = 48


@portal.page("/<uuid:location_id>/entry-lag", needs=Permission.VIEW_CLINIC)
def entry_lag_page(location_id: UUID) -> Response:
    """The last week and month, and the visits without an end."""
    found = entry_lag(context.db(), context.actor(), location_id, now=context.now(), today=context.today())
    return show(
        "provider/entry_lag/page.html", location_id=location_id, found=found, lasted=lasted, late_hours=LATE_HOURS
    )


def lasted(hours: float | None) -> str:
    """A time in the words that suit its length: 12 minutes, 5 hours, 3 days."""
    if hours is None:
        return _("no doses")
    if hours < _MINUTES_UP_TO:
        return str(ngettext("%(num)s minute", "%(num)s minutes", round(hours * 60)))
    if hours < _DAYS_FROM:
        return str(ngettext("%(num)s hour", "%(num)s hours", round(hours)))
    return str(ngettext("%(num)s day", "%(num)s days", round(hours / 24)))
