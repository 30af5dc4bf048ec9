"""Locations and their first managers, until enrolment makes them."""

from flask import Response, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.providers.add_location import BadPin, NcidTaken, PinTaken, add_location
from app.domain.providers.queries import page_of_locations
from app.portals.state.locations.forms import LocationForm
from app.portals.state.portal import portal
from app.web import context
from app.web.answers import done, show
from app.web.forms import add_error
from app.web.paging import Pager, after_from_request


@portal.page("/locations", needs=Permission.MANAGE_PROVIDERS)
def locations() -> Response:
    """All locations by name, some at a time."""
    found = page_of_locations(context.db(), context.actor(), after=after_from_request())
    return show("state/locations/list.html", locations=found.items, pager=Pager(found))


@portal.action("/locations/new", needs=Permission.MANAGE_PROVIDERS)
def add_location_page() -> Response:
    """A new location; its manager gets a mail."""
    form = LocationForm()
    if form.submitted():
        try:
            made = add_location(context.db(), context.actor(), form.command(), now=context.now())
        except (BadPin, PinTaken):
            add_error(form.provider_pin, _("Another location has this PIN, or it has not six digits. Check it."))
        except NcidTaken:
            add_error(form.manager_ncid, _("This NCID user name is in use here already. Check it."))
        else:
            context.wake("mail")
            return done(url_for("state.locations"), _("%(name)s is added. Its manager gets a mail.", name=made.name))
    return show("state/locations/new.html", form=form)
