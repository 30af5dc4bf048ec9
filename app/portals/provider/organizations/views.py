"""Organization Management: search, create, review and mend organizations. Contacts are next door."""

from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.errors import EditedMeanwhile
from app.domain.organizations.create_organization import CreateOrganization, create_organization
from app.domain.organizations.edit_organization import (
    ATTRIBUTES,
    EditOrganizationField,
    edit_organization_field,
)
from app.domain.organizations.errors import DetailRefused, LikelyDuplicates
from app.domain.organizations.queries import contacts_of, get_organization
from app.domain.organizations.search import search_organizations
from app.portals.provider.organizations import contact_views as _contact_views  # noqa: F401
from app.portals.provider.portal import portal
from app.web import context
from app.web.answers import done, show
from app.web.forms import add_error
from app.web.organization_form import (
    ORGANIZATION_FIELDS,
    OrganizationForm,
    address_line,
    industry_label,
    refusal_text,
    state_label,
)
from app.web.pencil import Pencil

_NEEDS = Permission.MANAGE_ORGANIZATIONS


@portal.page("/<uuid:location_id>/organizations", needs=_NEEDS)
def organizations(location_id: UUID) -> Response:
    """Search as you type; "New organization" is offered once a search was made."""
    typed = request.args.get("q", "").strip()[:255]
    return show(
        "provider/organizations/search.html", fragment="found", location_id=location_id, typed=typed,
        result=search_organizations(context.db(), context.actor(), typed), address_line=address_line,
        industry_label=industry_label,
    )  # fmt: skip


@portal.action("/<uuid:location_id>/organizations/new", needs=_NEEDS)
def new_organization(location_id: UUID) -> Response:
    """Create an organization; likely duplicates are shown first."""
    form = OrganizationForm(data={"name": request.args.get("name", "")[:255], "country": "United States"})
    duplicates: LikelyDuplicates | None = None
    if form.submitted():
        anyway = request.form.get("create_anyway") == "yes"
        command = CreateOrganization(location_id, **form.details(), create_anyway=anyway)
        try:
            made = create_organization(context.db(), context.actor(), command, now=context.now())
            return done(
                _record_url(location_id, made.id), _("Created. Check the details, then add its contact.")
            )
        except DetailRefused as refusal:
            add_error(form[refusal.field], refusal_text(refusal))
        except LikelyDuplicates as refusal:
            duplicates = refusal
    return show(
        "provider/organizations/new.html", form=form, location_id=location_id, address_line=address_line,
        matches=duplicates.matches if duplicates else (), status=422 if duplicates else None,
    )  # fmt: skip


@portal.action("/<uuid:location_id>/organizations/<uuid:organization_id>", needs=_NEEDS)
def organization(location_id: UUID, organization_id: UUID) -> Response:
    """The record: every detail with its pencil, and the contacts."""
    found = get_organization(context.db(), context.actor(), organization_id)
    values = {field: getattr(found, attribute) for field, attribute in ATTRIBUTES.items()}
    place = {"location_id": location_id, "organization_id": organization_id}
    pencil = Pencil(found, ORGANIZATION_FIELDS, values, "provider.organization", **place)
    status = None
    if pencil.submitted():
        command = EditOrganizationField(
            location_id, organization_id, pencil.name, pencil.typed, pencil.version
        )
        try:
            edit_organization_field(context.db(), context.actor(), command, now=context.now())
            return done(pencil.url, _("Saved."))
        except DetailRefused as refusal:
            pencil.refuse(refusal_text(refusal))
        except EditedMeanwhile as stale:
            status = pencil.tell_both(stale, _in_words(stale.field, stale.stored))
    return show(
        "provider/organizations/record.html", fragment="details", form=pencil.form, status=status, pencil=pencil,
        organization=found, location_id=location_id, rows=_rows(values), **_contacts(organization_id),
    )  # fmt: skip


def _record_url(location_id: UUID, organization_id: UUID) -> str:
    return url_for("provider.organization", location_id=location_id, organization_id=organization_id)


def _rows(values: dict[str, str]) -> list[tuple[str, Any, str]]:
    """Name, label and value in words of every detail with a pencil."""
    fields = ORGANIZATION_FIELDS.items()
    return [(field, unbound.args[0], _in_words(field, values[field])) for field, unbound in fields]


def _in_words(field: str, value: str) -> str:
    return {"industry": industry_label, "state": state_label}.get(field, str)(value)


def _contacts(organization_id: UUID) -> dict[str, Any]:
    return {"contacts": contacts_of(context.db(), context.actor(), organization_id)}
