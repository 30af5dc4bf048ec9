"""Vaccine inventory of a location: what is there, deliveries, and what happened to each lot."""

from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.inventory import queries
from app.domain.inventory.change_lot import total_of
from app.domain.inventory.deprecate import list_deprecations
from app.domain.inventory.errors import BadShipment, ExpiryDiffers
from app.domain.inventory.receive_shipment import UNKNOWN_EXPIRY, receive_shipment
from app.domain.inventory.warnings import warnings_of
from app.domain.program.products import list_products
from app.portals.provider.inventory import count_views, history_views, lot_views, wording
from app.portals.provider.inventory.forms import ReceiveForm
from app.portals.provider.portal import portal
from app.web.answers import done, show
from app.web.context import actor, db, now, today
from app.web.forms import add_error, choices
from app.web.paging import Pager, after_from_request

__all__ = ["count_views", "history_views", "lot_views"]


@portal.page("/<uuid:location_id>/inventory", needs=Permission.VIEW_INVENTORY)
def inventory(location_id: UUID) -> Response:
    """The lots on the shelf, or those used up, first to expire at the top."""
    used_up = request.args.get("show") == "used-up"
    found = queries.list_lots(db(), actor(), location_id, today=today(), used_up=used_up, after=after_from_request())
    return show(
        "provider/inventory/list.html",
        location_id=location_id,
        lots=found.items,
        pager=Pager(found),
        used_up=used_up,
        on_hand=queries.doses_on_hand(db(), location_id, today=today()),
        alerts=warnings_of(db(), actor(), location_id, today=today(), now=now()),
        words=wording,
        why_not=wording.WHY_NOT,
        unknown_expiry=UNKNOWN_EXPIRY,
        may_receive=actor().may(Permission.MANAGE_INVENTORY, at=location_id),
    )


@portal.action("/<uuid:location_id>/inventory/receive", needs=Permission.MANAGE_INVENTORY)
def receive_shipment_page(location_id: UUID) -> Response:
    """A delivery is booked into its lot."""
    form = ReceiveForm()
    form.product.choices = choices([(product.code, product.name) for product in list_products(db())])
    if form.submitted():
        try:
            shipment = receive_shipment(db(), actor(), form.command(location_id), now=now(), today=today())
        except BadShipment as refusal:
            add_error(form[refusal.field], wording.why_wrong(refusal))
        except ExpiryDiffers as refusal:
            form.differs = True
            add_error(form.expires_on, wording.expiry_differs(refusal))
        else:
            added = shipment.doses_received - shipment.doses_damaged
            return done(
                url_for("provider.lot_page", location_id=location_id, lot_id=shipment.lot_id),
                _("%(doses)s added to the lot.", doses=wording.doses(added)),
            )
    return show("provider/inventory/receive.html", form=form, location_id=location_id)


@portal.page("/<uuid:location_id>/inventory/lots/<uuid:lot_id>", needs=Permission.VIEW_INVENTORY)
def lot_page(location_id: UUID, lot_id: UUID) -> Response:
    """One lot: what it is, what can be done with it, and everything that happened to it with the running balance."""
    lot = queries.get_lot(db(), actor(), location_id, lot_id)
    ledger = queries.lot_ledger(db(), lot, after=after_from_request())
    reasons = queries.reasons_against(lot, today())
    return show(
        "provider/inventory/lot.html",
        location_id=location_id,
        lot=lot,
        reasons=reasons,
        ledger=ledger.items,
        pager=Pager(ledger),
        total=total_of(db(), lot),
        shipments=queries.shipments_of(db(), lot),
        events=list_deprecations(db(), actor(), location_id, lot_id=lot_id).items,
        may_manage=actor().may(Permission.MANAGE_INVENTORY, at=location_id),
        is_expired=lot.expires_on < today(),
        words=wording,
    )
