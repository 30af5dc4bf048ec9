"""Reminders on or off, the language of mails, and the link in a reminder that stops them."""

from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.reminders.choices import (
    choices_of,
    choose_language,
    confirm_address,
    read_stop_token,
    stop_by_link,
    switch_reminders,
)
from app.portals.recipient.portal import portal
from app.portals.recipient.reminders.forms import LanguageForm
from app.web import context
from app.web.answers import done, show
from app.web.context import actor, db, now
from app.web.portal import PUBLIC

_EDIT = Permission.EDIT_OWN_RECORD


@portal.action("/<uuid:recipient_id>/reminders", needs=_EDIT)
def reminders(recipient_id: UUID) -> Response:
    """What holds now; the form is the language."""
    kept = choices_of(db(), actor(), recipient_id, now=now())
    form = LanguageForm(data={"language": kept.language})
    if form.submitted():
        choose_language(db(), actor(), recipient_id, form.language.data, now=now())
        return done(url_for("recipient.reminders", recipient_id=recipient_id), _("Saved."))
    return show("recipient/reminders/choices.html", form=form, place=recipient_id, kept=kept)


@portal.action("/<uuid:recipient_id>/reminders/switch", needs=_EDIT, methods=("POST",))
def switch(recipient_id: UUID) -> Response:
    """On or off, with one press."""
    on = request.form.get("on") == "yes"
    switch_reminders(db(), actor(), recipient_id, on=on, now=now())
    told = _("Reminders are on.") if on else _("Reminders are off. You can turn them on again at any time.")
    return done(url_for("recipient.reminders", recipient_id=recipient_id), told)


@portal.action("/<uuid:recipient_id>/reminders/confirm-address", needs=_EDIT, methods=("POST",))
def confirm_own_address(recipient_id: UUID) -> Response:
    """A link to the address on record, so that reminders may go there."""
    address = confirm_address(db(), actor(), recipient_id, now=now())
    back = url_for("recipient.reminders", recipient_id=recipient_id)
    if address is None:
        return done(back, _("There is no e-mail address in your answers. Add one there."), "info")
    context.wake("mail")
    return done(back, _("We sent a link to %(address)s. Open it to confirm that the address is yours.", address=address))


@portal.action("/reminders/stop/<token>", needs=PUBLIC, from_mail=True)
def stop_reminders(token: str) -> Response:
    """The link in a reminder. Opening it changes nothing; pressing the button does, and so do mail programs."""
    read_stop_token(token)
    if request.method == "POST":
        stop_by_link(db(), token, now=now())
    return show("recipient/reminders/stop.html", stopped=request.method == "POST")
