"""What each role, portal and state of an account is called on pages and in mails."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.domain.accounts.access import Role

ROLE_WORDS: dict[Role, Any] = {
    Role.STATE_ADMINISTRATOR: _l("State administrator"),
    Role.STATE_STAFF: _l("State staff"),
    Role.STATE_VIEWER: _l("Reader of figures"),
    Role.PRIVACY_OFFICER: _l("Privacy officer"),
    Role.HELP_DESK_SUPERVISOR: _l("Help Desk supervisor"),
    Role.HELP_DESK_AGENT: _l("Help Desk agent"),
    Role.LOCATION_MANAGER: _l("Healthcare Location Manager"),
    Role.HEALTHCARE_PROVIDER: _l("Healthcare Provider"),
    Role.ORGANIZATION_CONTACT: _l("Point of Contact of an employer"),
    Role.ORGANIZATION_ADMINISTRATOR: _l("Organization Administrator"),
    Role.VACCINE_COORDINATOR: _l("Vaccine Coordinator"),
    Role.OFFICER_CEO: _l("Chief Executive Officer"),
    Role.OFFICER_CMO: _l("Chief Medical Officer"),
    Role.HELP_DESK_REQUESTER: _l("Asks the Help Desk"),
    Role.RECIPIENT: _l("Recipient, own record"),
    Role.GUARDIAN: _l("Parent or guardian of a recipient"),
}
WHAT_IT_MAY: dict[Role, Any] = {
    Role.STATE_ADMINISTRATOR: _l("Everything that staff may, and settings, users, locations and the access log."),
    Role.STATE_STAFF: _l("Decides enrollments, transfers, recalls, phases and close matches."),
    Role.STATE_VIEWER: _l("Reads figures. Sees no person, no case and no mail."),
    Role.PRIVACY_OFFICER: _l("Reads the access log and reviews who opened health answers."),
    Role.HELP_DESK_SUPERVISOR: _l("Answers requests, runs workbooks and looks after the Help Desk."),
    Role.HELP_DESK_AGENT: _l("Answers requests and runs workbooks."),
    Role.LOCATION_MANAGER: _l("Runs one location: people, stock, uploads, users."),
    Role.HEALTHCARE_PROVIDER: _l("Checks in and vaccinates at one location."),
}
REALM_WORDS: dict[str, Any] = {
    "enrollment": _l("Provider Enrollment Portal"),
    "provider": _l("Provider Portal"),
    "organization": _l("Organization Portal"),
    "recipient": _l("COVID-19 Vaccine Portal"),
    "helpdesk": _l("Help Desk"),
    "state": _l("State Portal"),
}
STATUS: dict[str, tuple[str, Any]] = {
    "active": ("success", _l("In use")),
    "quiet": ("neutral", _l("Not signed in yet")),
    "asleep": ("warning", _l("Asleep")),
    "closed": ("error", _l("Closed")),
}


def role_word(role: Any) -> Any:
    """The words of a role, by the role or its code."""
    return ROLE_WORDS[Role(role)]
