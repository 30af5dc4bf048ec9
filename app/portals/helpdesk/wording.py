"""Words of the Help Desk: audiences, states, acts, refusals."""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.domain.errors import Refusal
from app.domain.helpdesk.errors import BadAttachment, BadRequest, CannotMerge, CaseChanged, TooLateToReopen, WrongCode
from app.domain.helpdesk.states import NotNow
from app.web.asking_for_help import name_of_type, why_bad_file, why_bad_request

about = name_of_type

AUDIENCES: dict[str, Any] = {
    "provider": _l("Vaccine Provider"),
    "organization": _l("Frontline Organization"),
    "recipient": _l("Vaccine Recipient"),
}
READERS: dict[str, Any] = AUDIENCES | {"agent": _l("Help Desk and state")}
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


def age(waited: timedelta) -> str:
    """How long somebody has waited, in the largest unit that fits."""
    if waited.days:
        return ngettext("%(num)d day", "%(num)d days", waited.days)
    hours = waited.seconds // 3600
    return ngettext("%(num)d hour", "%(num)d hours", hours) if hours else _("less than an hour")


def why(refusal: Refusal) -> tuple[str, str]:
    """The field of a form that a refusal belongs to (empty: the whole form) and its sentence."""
    if isinstance(refusal, BadAttachment):
        return "files", why_bad_file(refusal)
    if isinstance(refusal, BadRequest):
        return refusal.field, why_bad_request(refusal)
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
