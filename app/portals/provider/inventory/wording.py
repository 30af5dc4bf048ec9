"""How inventory says what the domain decided."""

from datetime import date
from typing import TYPE_CHECKING

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.inventory import reasons
from app.domain.inventory.errors import BadShipment, BadValue, ExpiryDiffers, WhyNot
from app.domain.inventory.lots import expiry_is_known
from app.domain.inventory.receive_shipment import UNKNOWN_EXPIRY
from app.domain.inventory.warnings import StockAlert
from app.web.filters import day as written_day
from app.web.filters import whole
from app.web.lists import label_of

if TYPE_CHECKING:
    from app.domain.inventory.models import Lot

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


WHY_NOT_SENTENCES: dict[WhyNot, object] = {
    "recalled": _l("The program recalled this lot. Give no dose from it, and wait for word on where it goes."),
    "stopped": _l("The program stopped this vaccine. Give no dose of it until the stop is lifted."),
    "quarantined": _l("This location set the lot apart. No dose is given from it until it is released."),
    "not_arrived": _l("It arrived only later than today."),
    "depleted": _l("No dose of it is left."),
    "expired": _l("Its expiration date has passed, so it is not offered on the clinic day."),
    "not_yet": _l("This vaccine may not be given yet."),
    "ended": _l("This vaccine is no longer given."),
    "paused": _l("The program paused this vaccine. Give no dose of it until it goes on."),
}

DEPRECATING = {
    "waste": (_l("Record wasted doses"), _l("Record the waste")),
    "expired": (_l("Record expired doses"), _l("Record the expired doses")),
    "return": (_l("Record returned doses"), _l("Record the return")),
}
_DEPRECATIONS = {"waste": _l("Wasted"), "expired": _l("Expired"), "return": _l("Returned")}
_REASONS = (
    *(reasons.WASTE_REASONS, reasons.RETURN_REASONS, reasons.EXPIRED_REASONS, reasons.TOTAL_REASONS),
    reasons.EXPIRY_REASONS,
)
_SENTENCES: dict[str, object] = {
    "missing": _l("Fill this in"),
    "unknown": _l("Choose one from the list"),
    "future": _l("This moment has not come yet"),
    "too_old": _l("This is too long ago. Check the year"),
    "too_far": _l("This is too far ahead. Check the year"),
    "past": _l("This has passed already"),
    "not_positive": _l("Enter a whole number of doses, 1 or more"),
    "not_expired": _l("This lot has not expired yet. If its date is wrong, change the date first; else record waste"),
    "same": _l("This is what it says now. Enter another value, or cancel"),
    "twice": _l("This stands here twice. Leave one out"),
    "before_opened": _l("This is before the vial was opened"),
}


def why_bad(refusal: BadValue) -> str:
    """What to do about a value that cannot be true."""
    if refusal.field in {"explanation", "because"} and refusal.fault == "missing":
        return _("Explain it in a few words")
    if refusal.field == "counted" and refusal.fault == "not_positive":
        return _("Enter 0 or a whole number of doses")
    if refusal.field == "wasted" and refusal.fault == "not_positive":
        return _("Enter 0 or a whole number of doses")
    if refusal.fault == "below_used":
        return _("%(doses)s have left this lot already, so the total cannot be lower", doses=doses(refusal.limit or 0))
    if refusal.fault in {"too_many", "more_than_left"}:
        return _("Enter %(limit)s or fewer: there are no more", limit=doses(refusal.limit or 0))
    return str(_SENTENCES[refusal.fault])


def expiry(lot: "Lot") -> str:
    """The expiration date in words, also where it is not known yet."""
    return written_day(lot.expires_on) if expiry_is_known(lot) else _("Not known yet")


def known(expires_on: date) -> date | None:
    """The date where it is known."""
    return None if expires_on == UNKNOWN_EXPIRY else expires_on


def deprecation_kind(kind: str) -> str:
    """Wasted, Expired, Returned."""
    return str(_DEPRECATIONS[kind])


def reason_of(text: str, kind: str = "") -> str:
    """The reason of an entry: a code of a list in words, two dates as from and to, anything else as it was typed."""
    if kind == "vial_opened" and text.isdecimal():
        return doses(int(text))
    for entries in _REASONS:
        if entry := entries.by_code(text):
            return label_of(entry)
    was, arrow, became = text.partition(" > ")
    if arrow:
        try:
            return _("From %(was)s to %(became)s", was=_day(was), became=_day(became))
        except ValueError:
            return text
    return text


def _day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return _("not known") if day == UNKNOWN_EXPIRY else written_day(day)


def signed(number: int) -> str:
    """A signed number such as +1,170, and a dash where no dose moved."""
    if not number:
        return "–"
    return f"+{whole(number)}" if number > 0 else f"−{whole(-number)}"


def alert(found: StockAlert) -> str:
    """A warning in a sentence."""
    if found.kind == "expiring" and found.day:
        return _("Lot %(lot)s expires on %(day)s: %(doses)s left", lot=found.label, day=written_day(found.day),
                 doses=doses(found.doses))  # fmt: skip
    if found.kind == "expiry_unknown":
        return _("The expiration date of lot %(lot)s is not known yet. Look it up and enter it", lot=found.label)
    return _("%(vaccine)s runs low: %(doses)s left, about %(daily)s a day were given this week", vaccine=found.label,
             doses=doses(found.doses), daily=whole(round(found.daily)))  # fmt: skip
