"""The contact confirms or corrects the organization's details; only then may people be uploaded."""

from typing import TYPE_CHECKING
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.errors import EditedMeanwhile
from app.domain.organizations.confirm_organization import ConfirmOrganization, confirm_organization
from app.domain.organizations.edit_organization import ATTRIBUTES
from app.domain.organizations.errors import DetailRefused
from app.domain.organizations.queries import get_organization
from app.portals.organization.portal import portal
from app.web import context
from app.web.answers import done, show
from app.web.forms import add_error
from app.web.organization_form import ConfirmationForm, industry_label, refusal_text, state_label
from app.web.pencil import version_from

if TYPE_CHECKING:
    from app.domain.organizations.models import Organization


@portal.action("/<uuid:organization_id>/details", needs=Permission.CONFIRM_ORGANIZATION)
def details(organization_id: UUID) -> Response:
    """All details, ready to be confirmed or corrected."""
    found = get_organization(context.db(), context.actor(), organization_id)
    kept = {field: getattr(found, attribute) for field, attribute in ATTRIBUTES.items()}
    form = ConfirmationForm(data=kept | {"version": str(found.version)})
    status = None
    if form.submitted():
        version = version_from(form.version.data)
        command = ConfirmOrganization(organization_id, version, **form.details())
        try:
            confirm_organization(context.db(), context.actor(), command, now=context.now())
        except DetailRefused as refusal:
            add_error(form[refusal.field], refusal_text(refusal))
        except EditedMeanwhile as stale:
            status = _tell_both(form, found, stale)
        else:
            return done(_uploads_url(organization_id), _("Thank you. You can now upload your people."))
    return show("organization/details/details.html", form=form, status=status, organization=found)


def _tell_both(form: ConfirmationForm, found: "Organization", stale: EditedMeanwhile) -> int:
    """Say at every detail that differs what is there now; saving again keeps what was typed."""
    form.version.data = str(stale.version)
    for field, attribute in ATTRIBUTES.items():
        stored = getattr(found, attribute)
        if form[field].data != stored:
            words = {"industry": industry_label, "state": state_label}.get(field, str)(stored)
            add_error(
                form[field],
                _(
                    "Somebody else changed the details meanwhile. It now says “%(stored)s” here: "
                    "save again to keep yours.",
                    stored=words or _("nothing"),
                ),
            )
    return 409


def _uploads_url(organization_id: UUID) -> str:
    return url_for("organization.uploads", organization_id=organization_id)
