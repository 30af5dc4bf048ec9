"""Invitations that did not arrive, in two portals: employers' people and clinics' uploads."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, ValidationError

from app.domain.recipients.joining import undelivered
from app.domain.recipients.row_values import Unclear, read_email
from app.web import context
from app.web.answers import done, show
from app.web.forms import Form
from app.web.paging import Pager, after_from_request


class SendAgainForm(Form):
    """The address, to be left as it is or corrected."""

    email = StringField(
        _l("E-mail address"),
        [InputRequired(_l("Enter the e-mail address"))],
        description=_l("Correct it if it is wrong. If it is right, the mailbox may have been full: just send again."),
        render_kw={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"},
    )

    def validate_email(self, field: Any) -> None:
        """An address that mail can go to."""
        try:
            field.data = read_email(field.data.strip())
        except Unclear as unclear:
            raise ValidationError(_("Write the e-mail address like name@example.org")) from unclear


def has_undelivered(scope_kind: str, scope_id: UUID) -> bool:
    """True when an invitation of the place could not arrive: its pages say so."""
    found = undelivered.list_undelivered(context.db(), context.actor(), scope_kind, scope_id, size=1)
    return bool(found.items)


def show_undelivered(scope_kind: str, scope_id: UUID, url_of_one: Any) -> Response:
    """The list; `url_of_one` gives the address of the page for one mail."""
    found = undelivered.list_undelivered(
        context.db(), context.actor(), scope_kind, scope_id, after=after_from_request()
    )
    return show("uploads/undelivered.html", mails=found.items, pager=Pager(found), url_of_one=url_of_one)


def send_one_again(scope_kind: str, scope_id: UUID, message_id: UUID, back: str) -> Response:
    """One mail: look at the address, send again."""
    found = undelivered.get_undelivered(context.db(), context.actor(), scope_kind, scope_id, message_id)
    form = SendAgainForm(email=found.invitation.email)
    if form.submitted():
        command = undelivered.SendAgain(scope_kind, scope_id, message_id, form.email.data or "")
        undelivered.send_again(context.db(), context.actor(), command, now=context.now())
        context.wake("mail")
        return done(back, _("The invitation is on its way again."))
    return show("uploads/send_again.html", form=form, mail=found, back=back)
