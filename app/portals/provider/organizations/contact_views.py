"""Points of Contact: choose the organization by its address, create, review, mend, invite again."""

from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
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
from app.domain.organizations.search import search_organizations
from app.portals.provider.organizations.forms import CONTACT_FIELDS, NewContactForm, ResendForm
from app.portals.provider.portal import portal
from app.web import context
from app.web.answers import done, go, show
from app.web.forms import add_error
from app.web.organization_form import address_line, industry_label, refusal_text
from app.web.pencil import Pencil

_NEEDS = Permission.MANAGE_ORGANIZATIONS


@portal.page("/<uuid:location_id>/organizations/contacts/choose", needs=_NEEDS)
def choose_organization(location_id: UUID) -> Response:
    """Which organization is the new contact's: several sites of one are told apart by their addresses."""
    typed = request.args.get("q", "").strip()[:255]
    return show(
        "provider/organizations/choose.html", fragment="found", location_id=location_id, typed=typed,
        result=search_organizations(context.db(), context.actor(), typed), address_line=address_line,
        industry_label=industry_label,
    )  # fmt: skip


@portal.action("/<uuid:location_id>/organizations/<uuid:organization_id>/contacts/new", needs=_NEEDS)
def new_contact(location_id: UUID, organization_id: UUID) -> Response:
    """Create a contact and send the welcome mail."""
    found = get_organization(context.db(), context.actor(), organization_id)
    form = NewContactForm()
    if form.submitted():
        typed = {field: str(form[field].data or "") for field in CONTACT_FIELDS}
        command = CreatePointOfContact(
            location_id, found.id, **typed, confirmed_right_person=form.right_person.data
        )
        try:
            made = create_point_of_contact(context.db(), context.actor(), command, now=context.now())
        except DetailRefused as refusal:
            add_error(form[refusal.field], refusal_text(refusal))
        except AlreadyContact:
            add_error(form.email, _already_contact())
        else:
            context.wake("mail")
            return done(
                _contact_url(location_id, made.id),
                _(
                    "Created. The welcome mail with sign-in instructions is on its way to %(email)s.",
                    email=made.email,
                ),
            )
    return show("provider/organizations/new_contact.html", form=form, location_id=location_id,
                organization=found, address=address_line(found))  # fmt: skip


@portal.action("/<uuid:location_id>/organizations/contacts/<uuid:contact_id>", needs=_NEEDS)
def contact(location_id: UUID, contact_id: UUID) -> Response:
    """The record of a contact: every detail with its pencil, and how far the invitation has come."""
    found = get_contact(context.db(), context.actor(), contact_id)
    values = {field: getattr(found, field) for field in CONTACT_FIELDS}
    place = {"location_id": location_id, "contact_id": contact_id}
    pencil = Pencil(found, CONTACT_FIELDS, values, "provider.contact", **place)
    status = None
    if pencil.submitted():
        command = EditContactField(location_id, contact_id, pencil.name, pencil.typed, pencil.version)
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
    return show("provider/organizations/contact.html", fragment="details", form=pencil.form, status=status,
                pencil=pencil, location_id=location_id, **_about(found, values))  # fmt: skip


@portal.action(
    "/<uuid:location_id>/organizations/contacts/<uuid:contact_id>/invitation", needs=_NEEDS, methods=("POST",)
)
def resend_contact_invitation(location_id: UUID, contact_id: UUID) -> Response:
    """Send the welcome mail again."""
    url = _contact_url(location_id, contact_id)
    if not ResendForm().submitted():
        return go(url)
    try:
        resend_invitation(
            context.db(), context.actor(), ResendInvitation(location_id, contact_id), now=context.now()
        )
    except AlreadySignedIn:
        return done(url, _("They have signed in already: nothing was sent."), "info")
    context.wake("mail")
    return done(url, _("The mail is on its way. Links from earlier mails stop working."))


def _already_contact() -> str:
    return _("This organization has a contact with this e-mail address already")


def _contact_url(location_id: UUID, contact_id: UUID) -> str:
    return url_for("provider.contact", location_id=location_id, contact_id=contact_id)


def _about(found: Any, values: dict[str, str]) -> dict[str, Any]:
    organization = get_organization(context.db(), context.actor(), found.organization_id)
    rows = [(field, unbound.args[0], values[field]) for field, unbound in CONTACT_FIELDS.items()]
    invited = with_status(context.db(), [found])[0]
    return {
        "contact": found, "invited": invited, "rows": rows, "organization": organization,
        "address": address_line(organization), "resend": ResendForm(formdata=None),
    }  # fmt: skip
