"""How transfers are told, to both sides and to the state alike."""

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.domain.inventory.receive_shipment import UNKNOWN_EXPIRY
from app.domain.transfers.errors import BadTransfer, LineUnusable, NoAgreement, NotEnough, NotOneOrganization
from app.domain.transfers.lists import DISCREPANCIES, TRANSPORTS
from app.domain.transfers.overdue import TOO_LONG
from app.domain.transfers.states import ON_THE_WAY
from app.web.filters import day, whole

if TYPE_CHECKING:
    from datetime import date, datetime

    from app.domain.transfers.models import Transfer

STATUSES = {
    "requested": ("info", _l("Waits for the state")),
    "approved": ("success", _l("Approved, not shipped yet")),
    "shipped": ("warning", _l("On the way")),
    "returning": ("warning", _l("On the way back")),
    "received": ("success", _l("Received")),
    "returned": ("neutral", _l("Back with the sender")),
    "rejected": ("error", _l("Not approved")),
    "refused": ("error", _l("Refused by the receiver")),
    "cancelled": ("neutral", _l("Cancelled by the sender")),
}
KINDS = {"transfer": _l("Transfer"), "redistribution": _l("Redistribution")}
ACTS = {
    "request": _l("Requested"), "approve": _l("Approved"), "reject": _l("Not approved"), "cancel": _l("Cancelled"),
    "refuse": _l("Refused"), "ship": _l("Shipped"), "receive": _l("Received"), "take_back": _l("Taken back"),
}  # fmt: skip
BUTTONS = {
    "approve": _l("Approve"), "reject": _l("Do not approve"), "cancel": _l("Cancel this transfer"),
    "refuse": _l("Refuse this transfer"), "ship": _l("Ship it"), "receive": _l("Receive it"),
    "take_back": _l("Take it back"),
}  # fmt: skip
_WHY_NOT = {
    "recalled": _l("The program recalled this lot"), "stopped": _l("The program stopped this vaccine"),
    "quarantined": _l("This lot is set apart; release it first"), "expired": _l("This lot has expired"),
}  # fmt: skip
_SENTENCES: dict[str, Any] = {
    "missing": _l("Fill this in"),
    "unknown": _l("Choose one from the list"),
    "same": _l("Vaccine cannot be sent to where it is already. Choose another location"),
    "closed": _l("This location takes part no longer. Choose another one"),
    "past": _l("This day has passed. Enter today or a later day"),
    "too_far": _l("This is more than three months ahead. Check the year"),
    "not_positive": _l("Enter a whole number of doses, 0 or more"),
    "twice": _l("This lot stands here twice"),
    "bad_phone": _l("Enter a phone number with ten digits, such as 919 555 0100"),
}


def doses(number: int) -> str:
    """1 dose, 1,170 doses."""
    return ngettext("%(n)s dose", "%(n)s doses", number, n=whole(number))


def why_bad(refusal: BadTransfer) -> str:
    """What to do about a value that cannot be true."""
    if refusal.fault == "too_many" and refusal.field in {"doses", "arrived", "damaged"}:
        return _("Enter %(limit)s or fewer", limit=doses(refusal.limit or 0))
    if refusal.fault == "too_many":
        return _("Use %(limit)s or fewer", limit=whole(refusal.limit or 0))
    if (refusal.field, refusal.fault) in {("lines", "missing"), ("doses", "missing")}:
        return _("Enter the doses of at least one lot")
    if (refusal.field, refusal.fault) == ("cold_chain", "missing"):
        return _("Vaccine moves only when somebody answers for its temperature")
    if (refusal.field, refusal.fault) == ("why", "missing"):
        return _("Say why; the other side reads it")
    return str(_SENTENCES[refusal.fault])


def why_not(refusal: LineUnusable | NotEnough) -> str:
    """Why doses of a lot cannot be sent."""
    if isinstance(refusal, NotEnough):
        return _("Only %(doses)s are on the shelf now", doses=doses(refusal.available))
    return str(_WHY_NOT[refusal.why])


def why_not_these(refusal: NotOneOrganization | NoAgreement) -> str:
    """Why two places cannot redistribute."""
    if isinstance(refusal, NoAgreement):
        return _(
            "Redistribution needs the Redistribution Agreement, signed by both officers of your organization. "
            "Have it signed, or ask for a transfer instead."
        )
    return _("Redistribution stays within one provider organization. Ask for a transfer instead.")


def transport(code: str) -> str:
    """How it travels."""
    entry = TRANSPORTS.by_code(code)
    return str(_(entry.label)) if entry else code


def discrepancy(code: str) -> str:
    """Why something differs; empty where nothing does."""
    entry = DISCREPANCIES.by_code(code)
    return str(_(entry.label)) if entry else code


def expiry(expires_on: "date") -> str:
    """The date, or that it is not known yet."""
    return _("Not known yet") if expires_on == UNKNOWN_EXPIRY else day(expires_on)


def is_late(transfer: "Transfer", now: "datetime") -> bool:
    """On the way for more than 48 hours."""
    since = transfer.shipped_at
    return transfer.status in ON_THE_WAY and since is not None and since < now - TOO_LONG


def total(transfer: "Transfer") -> int:
    """Doses of all lines: shipped ones once it was shipped, else those asked for."""
    return sum(line.doses if line.doses_shipped is None else line.doses_shipped for line in transfer.lines)
