"""A screen becomes the kiosk of a location, by the code that its manager sees."""

from flask import Response, make_response, redirect, url_for
from flask_babel import gettext as _

from app.domain.accounts import attempts
from app.domain.accounts.devices.pair import THROTTLE, PairingRefused, TooManyCodes, pair
from app.portals.kiosk.forms import PairForm
from app.portals.kiosk.portal import keep_screen, page, portal
from app.web import context
from app.web.forms import add_error
from app.web.portal import PUBLIC
from app.web.sign_in import sign_out


@portal.action("/pair", needs=PUBLIC)
def pair_page() -> Response:
    """The code is typed; whoever was signed in with this browser is signed out."""
    form = PairForm()
    if form.submitted():
        parts, address, now = context.database(), context.client_address(), context.now()
        try:
            _kiosk, token = pair(context.db(), form.code.data or "", address=address, now=now)
        except PairingRefused:
            add_error(form.code, _("This code does not work, or no longer. Ask for a new one and type it again."))
            context.afterwards(lambda: attempts.note(parts, THROTTLE, address, now=now))
        except TooManyCodes:
            add_error(form.code, _("There were too many wrong codes. Please wait fifteen minutes."))
        else:
            sign_out()
            return keep_screen(make_response(redirect(url_for("kiosk.welcome"), 303)), token)
    return page("kiosk/pair.html", clears=None, form=form, status=422 if form.errors else 200)
