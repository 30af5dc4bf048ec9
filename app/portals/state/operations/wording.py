"""Mails and jobs in words."""

from typing import Any

from flask_babel import lazy_gettext as _l

STANDINGS: dict[str, tuple[str, Any]] = {
    "failed": ("error", _l("Failed")),
    "unsure": ("warning", _l("Unsure")),
    "retried": ("info", _l("Tried, will be tried again")),
    "waiting": ("neutral", _l("Waiting")),
    "sending": ("neutral", _l("Being sent")),
    "given_up": ("neutral", _l("Given up")),
}
MAILS: dict[str, Any] = {
    "accounts.asleep": _l("An account sleeps"),
    "accounts.changed": _l("An account was changed"),
    "accounts.glass_broken": _l("Health answers were opened"),
    "accounts.invited": _l("Invitation"),
    "accounts.named": _l("User name"),
    "accounts.names_asked": _l("Forgotten user names"),
    "accounts.outside_identity": _l("Sign-in elsewhere was linked"),
    "accounts.password_changed": _l("Password was changed"),
    "accounts.reset_asked": _l("Link to a new password"),
    "accounts.second_factor": _l("Second factor was changed"),
    "accounts.sleep_near": _l("An account will sleep"),
    "eligibility.opened": _l("A group was opened"),
    "inventory.recalled": _l("A lot was recalled, to locations"),
    "inventory.warnings": _l("Warnings of stock"),
    "program.notice": _l("Notice or downtime"),
    "providers.location_granted": _l("Access to one more location"),
    "recipients.registered": _l("Registration is complete"),
    "transfers.moved": _l("News of a transfer"),
    "uploads.finished": _l("An upload is finished"),
    "vaccinations.dose_recorded": _l("A record has news"),
    "vaccinations.recalled": _l("A vaccine was recalled, to people"),
}
_OF_AREA: dict[str, Any] = {
    "accounts": _l("About an account"),
    "eligibility": _l("About eligibility"),
    "enrollment": _l("About an enrollment"),
    "guardians": _l("About a parent or guardian"),
    "helpdesk": _l("About a request for help"),
    "inventory": _l("About stock"),
    "program": _l("About the program"),
    "providers": _l("About a location"),
    "recipients": _l("To a recipient"),
    "reminders": _l("Reminder of a dose"),
    "transfers": _l("About a transfer"),
    "uploads": _l("About an upload"),
    "vaccinations": _l("About a record"),
}
JOBS: dict[str, Any] = {
    "mail": _l("Send mails"),
    "uploads": _l("Take in uploaded lists"),
    "workbooks": _l("Run workbooks of the Help Desk"),
    "recalls": _l("Tell people of recalls"),
    "warnings": _l("Warn locations of stock"),
    "eligibility": _l("Keep up with the phases"),
    "dose-reminders": _l("Remind of second doses"),
    "clocks": _l("Remind of and close requests for help"),
    "reminders": _l("Remind of unfinished enrollments"),
    "coming-of-age": _l("Hand records over at 18"),
    "notices": _l("Tell of planned downtime"),
    "proofs": _l("Renew proofs after a correction"),
    "reporting.refresh": _l("Count the figures"),
    "idle-accounts": _l("Put unused accounts to sleep"),
    "retention": _l("Delete what is past its time"),
    "pairs": _l("Look for records that are alike"),
    "federal-reports": _l("Make the federal extract"),
    "clean-up": _l("Clean up"),
}


def mail_word(kind: str) -> Any:
    """A kind of mail in words; one that nobody worded is told by its area."""
    return MAILS.get(kind) or _OF_AREA.get(kind.partition(".")[0]) or kind


def job_word(name: str) -> Any:
    """A job in words."""
    return JOBS.get(name, name)
