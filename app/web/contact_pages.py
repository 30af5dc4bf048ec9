"""Points of Contact of organizations as pages: create, review, mend, invite again. See `organization_pages`."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import DataRequired

from app.domain.errors import EditedMeanwhile
from app.domain.organizations.create_point_of_contact import CreatePointOfContact, create_point_of_contact
from app.domain.organizations.edit_point_of_contact import (
    EditContactField,
    ResendInvitation,
    edit_contact_field,
    resend_invitation,
)
from app.domain.organizations.errors import AlreadyContact, AlreadySignedIn, DetailRefused
from app.domain.organizations.queries import get_contact, get_organization, with_status
from app.web import context
from app.web.answers import done, go, show
from app.web.forms import Form, PhoneField, add_error
from app.web.organization_form import address_line, email_field, refusal_text, text_field
from app.web.organization_pages import Desk
from app.web.pencil import Pencil

CONTACT_FIELDS: dict[str, Any] = {
    "first_name": text_field(_l("First name"), 40, required=_l("Enter the first name")),
    "last_name": text_field(_l("Last name"), 80, required=_l("Enter the last name")),
    "email": email_field(),
    "phone": PhoneField(_l("Phone")),
}


class NewContactForm(Form):
    """A new Point of Contact of an organization that was chosen before."""

    first_name = CONTACT_FIELDS["first_name"]
    last_name = CONTACT_FIELDS["last_name"]
    email = CONTACT_FIELDS["email"]
    phone = CONTACT_FIELDS["phone"]
    right_person = BooleanField(
        _l("I have asked this person: they are the right one to upload the organization's people"),
        [DataRequired(_l("Ask the person first, then tick the box"))],
    )


class ResendForm(Form):
    """One button."""


def new_contact_page(desk: Desk, organization_id: UUID) -> Response:
    """Create a contact and send the welcome mail."""
    found = get_organization(context.db(), context.actor(), organization_id)
    form = NewContactForm()
    if form.submitted():
        typed = {field: str(form[field].data or "") for field in CONTACT_FIELDS}
        command = CreatePointOfContact(
            desk.location_id, found.id, **typed, confirmed_right_person=form.right_person.data
        )
        try:
            made = create_point_of_contact(context.db(), context.actor(), command, now=context.now())
        except DetailRefused as refusal:
            add_error(form[refusal.field], refusal_text(refusal))
        except AlreadyContact:
            add_error(form.email, _already_contact())
        else:
            context.wake("mail")
            sent = _(
                "Created. The welcome mail with sign-in instructions is on its way to %(email)s.", email=made.email
            )
            return done(desk.url("contact", contact_id=made.id), sent)
    return show("organizations/new_contact.html", form=form, desk=desk, organization=found, address=address_line(found))


def contact_page(desk: Desk, contact_id: UUID) -> Response:
    """The record of a contact: every detail with its pencil, and how far the invitation has come."""
    found = get_contact(context.db(), context.actor(), contact_id)
    values = {field: getattr(found, field) for field in CONTACT_FIELDS}
    pencil = Pencil(found, CONTACT_FIELDS, values, desk.endpoint("contact"), **desk.place, contact_id=contact_id)
    status = None
    if pencil.submitted():
        command = EditContactField(desk.location_id, contact_id, pencil.name, pencil.typed, pencil.version)
        try:
            edit_contact_field(context.db(), context.actor(), command, now=context.now())
        except DetailRefused as refusal:
            pencil.refuse(refusal_text(refusal))
        except AlreadyContact:
            pencil.refuse(_already_contact())
        except EditedMeanwhile as stale:
            status = pencil.tell_both(stale, stale.stored)
        else:
            context.wake("mail")
            return done(pencil.url, _("Saved."))
    return show("organizations/contact.html", fragment="details", form=pencil.form, status=status, pencil=pencil,
                desk=desk, **_about(found, values))  # fmt: skip


def send_again(desk: Desk, contact_id: UUID) -> Response:
    """Send the welcome mail again."""
    url = desk.url("contact", contact_id=contact_id)
    if not ResendForm().submitted():
        return go(url)
    command = ResendInvitation(desk.location_id, contact_id)
    try:
        resend_invitation(context.db(), context.actor(), command, now=context.now())
    except AlreadySignedIn:
        return done(url, _("They have signed in already: nothing was sent."), "info")
    context.wake("mail")
    return done(url, _("The mail is on its way. Links from earlier mails stop working."))


def _already_contact() -> str:
    return _("This organization has a contact with this e-mail address already")


def _about(found: Any, values: dict[str, str]) -> dict[str, Any]:
    organization = get_organization(context.db(), context.actor(), found.organization_id)
    rows = [(field, unbound.args[0], values[field]) for field, unbound in CONTACT_FIELDS.items()]
    invited = with_status(context.db(), [found])[0]
    return {
        "contact": found, "invited": invited, "rows": rows, "organization": organization,
        "address": address_line(organization), "resend": ResendForm(formdata=None),
    }  # fmt: skip
