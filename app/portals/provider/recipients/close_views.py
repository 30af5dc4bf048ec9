"""A clinic learns that somebody has died."""

from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.recipients.closing.close_record import CloseRecord, ImpossibleDay, close_record, closure_of
from app.domain.recipients.queries import get_recipient
from app.portals.provider.portal import portal
from app.portals.provider.recipients.forms import CloseForm
from app.web import context
from app.web.answers import done, show
from app.web.forms import add_error


@portal.action("/<uuid:location_id>/recipients/<uuid:recipient_id>/close", needs=Permission.CLOSE_RECORDS)
def close_recipient(location_id: UUID, recipient_id: UUID) -> Response:
    """The record is closed, after a confirmation; staff of the state open it again where that was a mistake."""
    found, form = get_recipient(context.db(), context.actor(), location_id, recipient_id), CloseForm()
    back = url_for("provider.recipient_page", location_id=location_id, recipient_id=recipient_id)
    if closure_of(context.db(), found.id) is not None:
        return done(back, _("The record is closed already."), "info")
    context.note_read("recipient.opened", "recipient", found.id, location_id)
    if form.submitted():
        told = CloseRecord(recipient_id, form.died_on.data, location_id)
        try:
            close_record(context.db(), context.actor(), told, now=context.now(), today=context.today())
        except ImpossibleDay:
            add_error(form.died_on, _("Enter a day after the birth, and not one to come"))
        else:
            return done(back, _("The record is closed. Nobody is mailed about it any more."))
    return show("provider/recipients/close.html", form=form, back=back, recipient=found)
