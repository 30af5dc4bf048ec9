"""The kiosks of a location: a screen is paired, is seen at work, and is taken out of use."""

from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.accounts.devices.pair import OfferPairing, offer_pairing, revoke_kiosk
from app.domain.accounts.devices.queries import get_kiosk, list_kiosks
from app.portals.provider.kiosks.forms import KioskForm, RevokeForm
from app.portals.provider.portal import portal
from app.web.answers import done, go, show
from app.web.context import actor, db, now, settings

_NEEDS = Permission.MANAGE_KIOSKS


@portal.action("/<uuid:location_id>/kiosks", needs=_NEEDS)
def kiosks(location_id: UUID) -> Response:
    """All kiosks in use, the codes of those that wait for their screen, and a field for a new one."""
    form = KioskForm()
    if form.submitted():
        offer_pairing(db(), actor(), OfferPairing(location_id, form.name.data or ""), now=now())
        return go(url_for("provider.kiosks", location_id=location_id))
    found = list_kiosks(db(), actor(), location_id, now=now())
    address = settings().public_url + url_for("kiosk.pair_page")
    return show("provider/kiosks/list.html", form=form, location_id=location_id, kiosks=found, address=address, now=now())


@portal.action("/<uuid:location_id>/kiosks/<uuid:kiosk_id>/revoke", needs=_NEEDS)
def revoke(location_id: UUID, kiosk_id: UUID) -> Response:
    """Asks once more, since people at the door will need the desk from then on."""
    form, kiosk = RevokeForm(), get_kiosk(db(), actor(), location_id, kiosk_id)
    back = url_for("provider.kiosks", location_id=location_id)
    if form.submitted():
        revoke_kiosk(db(), actor(), location_id, kiosk_id, now=now())
        return done(back, _("%(name)s opens nothing from now on.", name=kiosk.name))
    return show("provider/kiosks/revoke.html", form=form, kiosk=kiosk, back_url=back)
