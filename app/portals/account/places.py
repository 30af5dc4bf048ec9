"""The places a person can go to, as links."""

from dataclasses import dataclass
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.accounts.access import Actor, GrantedRole, Role
from app.domain.enrollment.queries import my_enrollments, my_locations
from app.domain.organizations.names import name_of_organization
from app.domain.providers.queries import name_of_location
from app.domain.recipients.guardians.queries import dependants_of
from app.web import context


@dataclass(frozen=True, slots=True)
class Place:
    """One card on the page of choices."""

    realm: str
    name: str
    role: str
    url: str


_OF_ENROLLMENT = {
    Role.ORGANIZATION_ADMINISTRATOR: _l("Organization Administrator"),
    Role.OFFICER_CEO: _l("Chief Executive Officer"),
    Role.OFFICER_CMO: _l("Chief Medical Officer"),
}
_OF_STATE = {
    Role.STATE_ADMINISTRATOR: _l("State administrator"),
    Role.STATE_STAFF: _l("State staff"),
    Role.STATE_VIEWER: _l("Reader of figures"),
    Role.PRIVACY_OFFICER: _l("Privacy officer"),
}


def of_actor(actor: Actor) -> list[Place]:
    """One place for each grant, in the order in which they were given; an enrollment is one, whatever the roles."""
    ours = [grant for grant in actor.grants if grant.scope_kind not in {"enrollment", "enrolled_location"}]
    return [_place(grant) for grant in ours] + (_enrollments(actor) if len(ours) < len(actor.grants) else [])


def _enrollments(actor: Actor) -> list[Place]:
    session = context.db()
    found = []
    for enrollment in my_enrollments(session, actor):
        held = {grant.role for grant in actor.grants if grant.scope_id == enrollment.id}
        words = [str(word) for role, word in _OF_ENROLLMENT.items() if role in held]
        if my_locations(session, actor, enrollment.id):
            words.append(_("Vaccine Coordinator"))
        name = enrollment.name or _("New enrollment %(code)s", code=enrollment.code)
        url = url_for("enrollment.overview", enrollment_id=enrollment.id)
        found.append(Place("enrollment", name, ", ".join(words), url))
    return found


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
        return Place("recipient", _("My vaccine record"), _("Your own record"), url)
    if grant.role is Role.HELP_DESK_REQUESTER:
        return Place("helpdesk", _("Help Desk"), _("Vaccine provider"), url_for("helpdesk.my_cases"))
    if grant.role in {Role.HELP_DESK_AGENT, Role.HELP_DESK_SUPERVISOR}:
        words = _("Agent") if grant.role is Role.HELP_DESK_AGENT else _("Supervisor")
        return Place("helpdesk", _("Help Desk"), words, url_for("helpdesk.queue", team=grant.scope_id))
    if grant.role is Role.GUARDIAN:
        url = url_for("recipient.record", recipient_id=grant.scope_id)
        return Place("recipient", _name_of_dependant(grant.scope_id), _("You act for this person"), url)
    return Place("state", _("The whole program"), str(_OF_STATE[grant.role]), url_for("state.home"))


def _name_of_dependant(recipient_id: UUID | None) -> str:
    people = dependants_of(context.db(), context.actor(), now=context.now())
    return next((one.record.full_name for one in people if one.recipient_id == recipient_id), "")
