"""Organization Management as pages, wherever somebody manages organizations: at a clinic, or for the whole state.

A portal's views are one line each: they make a `Desk` of themselves and ask it for the page.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

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


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the work is done: the portal's name, and the location (None: for the whole state).

    The portal has these pages: organizations, new_organization, organization, choose_organization, new_contact,
    contact, resend_contact_invitation.
    """

    portal: str
    location_id: UUID | None = None

    @property
    def place(self) -> dict[str, Any]:
        """What every address of the portal names."""
        return {} if self.location_id is None else {"location_id": self.location_id}

    def endpoint(self, page: str) -> str:
        """The page's name in Flask."""
        return f"{self.portal}.{page}"

    def url(self, page: str, **further: Any) -> str:
        """The page's address."""
        return url_for(self.endpoint(page), **self.place, **further)


def search_page(desk: Desk) -> Response:
    """Search as you type; "New organization" is offered once a search was made."""
    return _found("organizations/search.html", desk)


def choose_page(desk: Desk) -> Response:
    """Which organization is the new contact's: several sites of one are told apart by their addresses."""
    return _found("organizations/choose.html", desk)


def new_page(desk: Desk) -> Response:
    """Create an organization; likely duplicates are shown first."""
    form = OrganizationForm(data={"name": request.args.get("name", "")[:255], "country": "United States"})
    duplicates: LikelyDuplicates | None = None
    if form.submitted():
        anyway = request.form.get("create_anyway") == "yes"
        command = CreateOrganization(desk.location_id, **form.details(), create_anyway=anyway)
        try:
            made = create_organization(context.db(), context.actor(), command, now=context.now())
            return done(
                desk.url("organization", organization_id=made.id),
                _("Created. Check the details, then add its contact."),
            )
        except DetailRefused as refusal:
            add_error(form[refusal.field], refusal_text(refusal))
        except LikelyDuplicates as refusal:
            duplicates = refusal
    return show(
        "organizations/new.html", form=form, desk=desk, address_line=address_line,
        matches=duplicates.matches if duplicates else (), status=422 if duplicates else None,
    )  # fmt: skip


def record_page(desk: Desk, organization_id: UUID) -> Response:
    """The record: every detail with its pencil, and the contacts."""
    found = get_organization(context.db(), context.actor(), organization_id)
    values = {field: getattr(found, attribute) for field, attribute in ATTRIBUTES.items()}
    address = {**desk.place, "organization_id": organization_id}
    pencil = Pencil(found, ORGANIZATION_FIELDS, values, desk.endpoint("organization"), **address)
    status = None
    if pencil.submitted():
        command = EditOrganizationField(desk.location_id, organization_id, pencil.name, pencil.typed, pencil.version)
        try:
            edit_organization_field(context.db(), context.actor(), command, now=context.now())
            return done(pencil.url, _("Saved."))
        except DetailRefused as refusal:
            pencil.refuse(refusal_text(refusal))
        except EditedMeanwhile as stale:
            status = pencil.tell_both(stale, _in_words(stale.field, stale.stored))
    return show(
        "organizations/record.html", fragment="details", form=pencil.form, status=status, pencil=pencil, desk=desk,
        organization=found, rows=_rows(values), contacts=contacts_of(context.db(), context.actor(), organization_id),
    )  # fmt: skip


def _found(template: str, desk: Desk) -> Response:
    typed = request.args.get("q", "").strip()[:255]
    return show(
        template, fragment="found", desk=desk, typed=typed, address_line=address_line, industry_label=industry_label,
        result=search_organizations(context.db(), context.actor(), typed),
    )  # fmt: skip


def _rows(values: dict[str, str]) -> list[tuple[str, Any, str]]:
    """Name, label and value in words of every detail with a pencil."""
    fields = ORGANIZATION_FIELDS.items()
    return [(field, unbound.args[0], _in_words(field, values[field])) for field, unbound in fields]


def _in_words(field: str, value: str) -> str:
    return {"industry": industry_label, "state": state_label}.get(field, str)(value)
