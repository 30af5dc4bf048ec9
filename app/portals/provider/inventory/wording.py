"""How inventory says what the domain decided."""

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.inventory.errors import BadShipment, ExpiryDiffers, WhyNot
from app.web.filters import whole

WHY_NOT: dict[WhyNot, tuple[str, object]] = {
    "recalled": ("error", _l("Recalled")),
    "stopped": ("error", _l("Stopped by the program")),
    "quarantined": ("warning", _l("Set apart")),
    "not_arrived": ("warning", _l("Not here yet on that day")),
    "depleted": ("neutral", _l("Used up")),
    "expired": ("error", _l("Expired")),
    "not_yet": ("warning", _l("Not in use yet")),
    "ended": ("error", _l("No longer in use")),
    "paused": ("warning", _l("Paused by the program")),
}

LEDGER_KINDS = {
    "received": _l("Received"),
    "damaged": _l("Damaged on arrival"),
    "administered": _l("Dose given"),
    "given_back": _l("Dose not given after all"),
    "wasted": _l("Wasted"),
    "expired": _l("Expired"),
    "returned": _l("Returned"),
    "voided": _l("Entered by mistake, taken back"),
    "total_changed": _l("Total doses changed"),
    "counted": _l("Difference found by counting"),
    "transfer_out": _l("Sent to another location"),
    "transfer_in": _l("Received from another location"),
    "transfer_back": _l("Came back"),
    "expiry_changed": _l("Expiration date changed"),
    "quarantined": _l("Set apart"),
    "released": _l("Released for use"),
    "recalled": _l("Recalled by the program"),
    "recall_lifted": _l("Recall lifted"),
    "stopped": _l("Stopped by the program"),
    "stop_lifted": _l("Stop lifted"),
    "vial_opened": _l("Vial opened"),
}


def doses(number: int) -> str:
    """1 dose, 1,170 doses."""
    return ngettext("%(n)s dose", "%(n)s doses", number, n=whole(number))


def why_wrong(refusal: BadShipment) -> str:
    """What to do about a delivery that cannot be true."""
    sentences = {
        "no_lot_number": _("Enter the lot number as it stands on the carton, with letters or digits"),
        "expired": _("This date has passed. Expired vaccine is not received: check the date on the carton"),
        "too_far": _("This is too far ahead. Check the year; if it is not known yet, tick the box below"),
        "not_positive": _("Enter a whole number of doses, 1 or more"),
        "too_many": _("Enter 100,000 doses or fewer"),
        "future": _("This day has not come yet. Enter the day on which it arrived"),
        "too_old": _("This is more than a year ago. Check the year"),
        "more_damaged_than_received": _("More doses are damaged than were received. Check both numbers"),
    }
    if refusal.field == "doses_damaged" and refusal.fault == "not_positive":
        return _("Enter 0 or a whole number of doses")
    return sentences[refusal.fault]


def expiry_differs(refusal: ExpiryDiffers) -> str:
    """The lot is here with another date."""
    return _(
        "This lot is here already with the expiration date %(day)s. Check the carton. "
        "If the new date is right, tick the box below the date and save again",
        day=format_date(refusal.known, "medium"),
    )
