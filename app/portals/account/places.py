"""The places a person can go to, as links."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Actor, GrantedRole, Role
from app.domain.organizations.names import name_of_organization
from app.domain.providers.queries import name_of_location
from app.web import context


@dataclass(frozen=True, slots=True)
class Place:
    """One card on the page of choices."""

    realm: str
    name: str
    role: str
    url: str


def of_actor(actor: Actor) -> list[Place]:
    """One place for each grant, in the order in which they were given."""
    return [_place(grant) for grant in actor.grants]


def _place(grant: GrantedRole) -> Place:
    session = context.db()
    if grant.role in {Role.LOCATION_MANAGER, Role.HEALTHCARE_PROVIDER}:
        words = _("Location Manager") if grant.role is Role.LOCATION_MANAGER else _("Healthcare Provider")
        url = url_for("provider.clinic_day", location_id=grant.scope_id)
        return Place("provider", name_of_location(session, grant.scope_id), words, url)
    if grant.role is Role.ORGANIZATION_CONTACT:
        url = url_for("organization.uploads", organization_id=grant.scope_id)
        return Place("organization", name_of_organization(session, grant.scope_id), _("Point of Contact"), url)
    if grant.role is Role.RECIPIENT:
        url = url_for("recipient.record", recipient_id=grant.scope_id)
        return Place("recipient", _("My vaccine record"), _("Recipient"), url)
    words = _("State administrator") if grant.role is Role.STATE_ADMINISTRATOR else _("State staff")
    return Place("state", _("The whole programme"), words, url_for("state.operations"))
