"""Words of the Help Desk: audiences, states, acts, refusals."""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.domain.errors import Refusal
from app.domain.helpdesk.errors import BadAttachment, BadRequest, CannotMerge, CaseChanged, TooLateToReopen, WrongCode
from app.domain.helpdesk.states import NotNow

AUDIENCES: dict[str, Any] = {
    "provider": _l("Vaccine Provider"),
    "organization": _l("Frontline Organization"),
    "recipient": _l("Vaccine Recipient"),
}
FOR_WHOM: dict[str, Any] = {
    "provider": _l("For clinics, pharmacies and hospitals that give the vaccine. You sign in first."),
    "organization": _l("For employers and other organizations that bring their people. No account needed."),
    "recipient": _l("For everybody who is, or wants to be, vaccinated. No account needed."),
}
STATUS: dict[str, tuple[str, Any]] = {
    "new": ("info", _l("New")),
    "open": ("info", _l("In work")),
    "awaiting_info": ("warning", _l("Waiting for an answer")),
    "resolved": ("warning", _l("Solution proposed")),
    "closed": ("neutral", _l("Closed")),
}
LISTS: dict[str, Any] = {
    "all": _l("All"),
    "open": _l("Open"),
    "waiting": _l("Waiting for me"),
    "closed": _l("Closed"),
}
PRIORITIES: dict[int, Any] = {1: _l("Urgent"), 2: _l("High"), 3: _l("Normal")}
CLOSED_HOW: dict[str, Any] = {
    "accept": _l("The solution was accepted."),
    "withdraw": _l("Withdrawn: no more help was needed."),
    "run_out": _l("Closed, because there was no answer."),
    "merge": _l("Joined with an earlier request."),
}
ACTS: dict[str, Any] = {
    "open": _l("Opened"),
    "take": _l("Taken"),
    "assign": _l("Assigned"),
    "hand_over": _l("Handed over"),
    "retype": _l("Sorted anew"),
    "comment": _l("Wrote to the requester"),
    "note": _l("Wrote a note"),
    "link": _l("Linked a record"),
    "ask": _l("Asked for information"),
    "propose": _l("Proposed a solution"),
    "merge": _l("Merged"),
    "answer": _l("Answer came"),
    "accept": _l("Solution accepted"),
    "withdraw": _l("Withdrawn"),
    "reopen": _l("Opened again"),
    "remind": _l("Reminded"),
    "run_out": _l("Closed without an answer"),
}
_MISSING: dict[str, Any] = {
    "first_name": _l("Enter the first name"),
    "last_name": _l("Enter the last name"),
    "email": _l("Enter an e-mail address: answers come by mail"),
    "request_type": _l("Choose what it is about"),
    "description": _l("Describe what you need"),
    "organization_name": _l("Enter the name of the organization"),
    "text": _l("Write something first"),
    "resolution": _l("Choose how it was settled"),
    "score": _l("Choose one of the five"),
    "terms": _l("Tick this box if you agree"),
}
_FILES: dict[str, Any] = {
    "empty": _l("“%(name)s” is empty. Choose it again."),
    "too_big": _l("“%(name)s” is larger than 10 MB. Send it smaller, or in parts."),
    "kind": _l(
        "“%(name)s” is of a kind that we do not take. Send a PDF, picture (JPEG, PNG), workbook (.xlsx), CSV or text."
    ),
    "damaged": _l("“%(name)s” is damaged or did not arrive whole. Choose it again."),
    "too_many": _l("These are too many files: up to five at once. Take some out, and send them with an answer later."),
}


def age(waited: timedelta) -> str:
    """How long somebody has waited, in the largest unit that fits."""
    if waited.days:
        return ngettext("%(num)d day", "%(num)d days", waited.days)
    hours = waited.seconds // 3600
    return ngettext("%(num)d hour", "%(num)d hours", hours) if hours else _("less than an hour")


def why(refusal: Refusal) -> tuple[str, str]:
    """The field of a form that a refusal belongs to (empty: the whole form) and its sentence."""
    if isinstance(refusal, BadAttachment):
        return "files", _FILES[refusal.why] % {"name": refusal.filename}
    if isinstance(refusal, BadRequest):
        return refusal.field, _why_bad(refusal)
    if isinstance(refusal, WrongCode):
        return "code", _(
            "This code is not right. Enter NCA and the six digits of your Provider PIN, such as NCA650001, or the code "
            "VAC2021 if you have no PIN yet."
        )
    if isinstance(refusal, CaseChanged):
        return "", _(
            "Somebody else worked on this case meanwhile. Look at what is new, then press again: your text is kept."
        )
    if isinstance(refusal, TooLateToReopen):
        return "", _(
            "This request was closed more than %(days)s days ago and cannot be opened again. Please make a new one.",
            days=refusal.days,
        )
    if isinstance(refusal, CannotMerge):
        return "into", _("Only two open cases of the same requester can be joined. Check the number.")
    assert isinstance(refusal, NotNow)
    return "", _("This can no longer be done: the case has moved on. Look at what is new.")


def _why_bad(refusal: BadRequest) -> str:
    if refusal.fault == "missing":
        return str(_MISSING.get(refusal.field, _("Fill this in")))
    if refusal.fault == "too_long":
        return _("This is too long: use %(limit)s characters or fewer", limit=refusal.limit)
    if refusal.fault == "bad_email":
        return _("This is no e-mail address. It looks like name@example.org")
    if refusal.fault == "bad_phone":
        return _("Enter a phone number with ten digits, such as 919 555 0100")
    if refusal.fault == "bad_pin":
        return _("A Provider PIN is NCA and six digits, such as NCA650001; leave it empty if you do not know it")
    return _("Choose one of the list")
