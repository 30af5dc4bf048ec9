"""The access log in words."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

KINDS: dict[str, Any] = {
    "looked": _l("Looked at something"),
    "health": _l("Health answers"),
    "records": _l("Changed a record"),
    "doses": _l("Visits and doses"),
    "exported": _l("Took something along: download, export, print"),
    "users": _l("Users and roles"),
    "cases": _l("Help Desk"),
    "decisions": _l("Enrollments, uploads, phases and settings"),
    "stock": _l("Vaccine: stock, transfers, recalls"),
    "other": _l("Everything else"),
}
WORDS: dict[str, Any] = {
    "recipient.opened": _l("Opened a record"),
    "recipient.own_record_opened": _l("Opened their own record"),
    "recipient.found": _l("Found a record in a search"),
    "recipient.compared": _l("Compared a record with another"),
    "recipient.shown_as_likely_duplicate": _l("Was shown a record as a likely duplicate"),
    "recipient.shown_in_list": _l("Was shown a name in a list of what waits or was decided"),
    "recipient.shown_in_recall": _l("Was shown a name in the list of a recall"),
    "recipient.account_opened": _l("Looked at the account of somebody on record"),
    "case.found": _l("Found a case about a record in a search"),
    "recipient.glass_broken": _l("Opened health answers with a reason"),
    "recipient.glass_closed": _l("Closed health answers again"),
    "recipient.health_answers_read": _l("Read health answers"),
    "access.opening_reviewed": _l("Reviewed who opened health answers"),
    "recipient.screened": _l("Entered the health questions of a visit"),
    "recipient.registered": _l("Registered somebody, or completed a registration"),
    "recipient.self_registered": _l("Registered without an invitation"),
    "recipient.answers_changed": _l("Changed answers of a registration"),
    "recipient.language_changed": _l("Changed the language of a person"),
    "recipient.email_confirmed": _l("Confirmed an e-mail address"),
    "recipient.new_email_forgotten": _l("Took back a new e-mail address"),
    "recipient.checked_in": _l("Checked somebody in"),
    "recipient.dose_recorded": _l("Recorded a dose"),
    "recipient.proof_issued": _l("Issued a proof of vaccination"),
    "recipient.proof_downloaded": _l("Downloaded a proof of vaccination"),
    "recipient.copy_downloaded": _l("Took along a copy of everything about themselves"),
    "recipient.printed_on_paper": _l("Printed a form on paper"),
    "recipient.access_code_printed": _l("Printed an access code"),
    "recipient.access_code_used": _l("Used an access code"),
    "recipient.record_closed": _l("Closed a record after a death"),
    "recipient.record_opened_again": _l("Opened a closed record again"),
    "recipients.exported": _l("Exported a list of people"),
    "account.opened": _l("Looked at a user"),
    "account.invited": _l("Invited somebody"),
    "account.invited_again": _l("Sent an invitation again"),
    "account.invitation_withdrawn": _l("Withdrew an invitation"),
    "account.invitation_accepted": _l("Accepted an invitation"),
    "account.password_changed": _l("Changed their password"),
    "account.role_given": _l("Gave a role"),
    "account.role_ended": _l("Ended a role"),
    "account.closed": _l("Closed an account"),
    "account.opened_again": _l("Opened a closed account again"),
    "account.signed_out": _l("Signed somebody out everywhere"),
    "account.unlocked": _l("Unlocked signing in"),
    "retention.let_go": _l("Deleted what is past its time"),
    "account.woken": _l("Woke an account"),
    "account.put_to_sleep": _l("Put an unused account to sleep"),
    "account.password_link_sent": _l("Sent a link to a new password"),
    "access_log.searched": _l("Searched the access log"),
    "access_log.exported": _l("Exported the access log"),
    "program.setting_changed": _l("Changed a setting of the program"),
    "upload.sent": _l("Uploaded a list of people"),
    "upload.downloaded": _l("Downloaded rows of an upload"),
    "upload.row_decided": _l("Decided a close match"),
    "mail.sent_again": _l("Had a mail sent again"),
    "mail.given_up": _l("Gave up a mail"),
}
_BY_AREA: dict[str, Any] = {
    "recipient.dose_": _l("Changed what is recorded about a dose"),
    "recipient.consent_": _l("Changed a consent"),
    "recipient.guardian_": _l("Changed who acts for somebody"),
    "recipient.": _l("Changed a record"),
    "recipients.": _l("Changed records"),
    "visit.": _l("Changed a visit"),
    "account.": _l("Changed an account"),
    "contact.": _l("Changed a Point of Contact"),
    "organization.": _l("Changed an organization"),
    "location.": _l("Changed a location or its users"),
    "enrollment.": _l("Worked on an enrollment"),
    "inventory.": _l("Changed stock"),
    "transfer.": _l("Worked on a transfer"),
    "recall.": _l("Worked on a recall"),
    "phase.mails_released": _l("Let the mails of a priority group go"),
    "phase.": _l("Changed a priority group"),
    "product.": _l("Changed a vaccine or its rules"),
    "populations.": _l("Replaced the populations of the counties"),
    "people.": _l("Worked on records that may be the same person"),
    "report.": _l("Worked on a report"),
    "notice.": _l("Changed a notice"),
    "issuer.": _l("Decided about an issuer of proofs"),
    "terms.": _l("Accepted the terms"),
    "proof.": _l("Changed a proof"),
    "program.": _l("Changed how the program is set up"),
    "upload.": _l("Worked on an upload"),
    "case.": _l("Worked on a request for help"),
    "help_desk.": _l("Changed the Help Desk"),
    "mail.": _l("Decided about a mail"),
    "kiosk.": _l("Paired a kiosk, or ended one"),
    "desk_call.": _l("Looked after somebody whom the kiosk sent to the desk"),
}


def what(act: str) -> str:
    """An act in words. One that nobody worded is told by its area, and at the worst as something else."""
    if act in WORDS:
        return str(WORDS[act])
    for beginning, words in _BY_AREA.items():
        if act.startswith(beginning):
            return str(words)
    return _("Did something else")


def who(line: Any) -> str:
    """Who it was."""
    if line.by:
        return str(line.by)
    words = {
        "system": _("The system by itself"),
        "link": _("Somebody with a link from a mail"),
        "device": _("A device"),
    }
    return words.get(line.by_kind, _("Somebody"))


def whom(line: Any) -> str:
    """About whom; "" where it is about no person and no user."""
    if line.about_kind == "recipient":
        return _("Record %(code)s", code=line.about or "–")
    if line.about_kind == "access_log" and line.about:
        return _("Searched for %(what)s", what=line.about)
    return str(line.about)
