"""How products, their rules, refusals and the answers of the schedule are worded."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.program.product_values import RULES, TEXTS, Why
from app.domain.vaccinations.schedule import Judgement
from app.web.filters import day as written_day

LABELS: dict[str, Any] = {
    "name": _l("Name"),
    "manufacturer": _l("Manufacturer"),
    "code": _l("Short code"),
    "cvx": _l("CVX code"),
    "mvx": _l("MVX code"),
    "ndc_vial": _l("NDC of the vial"),
    "ndc_carton": _l("NDC of the carton"),
    "volume_ml": _l("Dose in milliliters"),
    "doses_in_series": _l("Doses of the series"),
    "youngest_age": _l("Youngest age, in years"),
    "interval_days": _l("Days between the doses"),
    "grace_days": _l("Days that a dose may be early and still be valid"),
    "absolute_days": _l("Days before which a dose does not count"),
    "late_days": _l("Days after which the next dose is overdue"),
    "mixed_days": _l("Days after a dose of another vaccine"),
    "extra_days": _l("Days before a further dose with a weakened immune system"),
    "doses_per_vial": _l("Doses in a vial"),
    "beyond_use_hours": _l("Hours for which an opened vial is good"),
    "storage": _l("Storage"),
    "fact_sheet": _l("Fact sheet (GDTI)"),
    "paused": _l("Paused"),
    "effective_to": _l("Last day"),
}
HINTS: dict[str, Any] = {
    "code": _l("Small letters, digits and hyphens, such as pfizer-5-11. It never changes."),
    "cvx": _l("Two or three digits of the CDC’s list, such as 208."),
    "mvx": _l("Two or three letters of the CDC’s list, such as PFR."),
    "ndc_vial": _l("With hyphens, such as 59267-1000-01."),
    "ndc_carton": _l("With hyphens, such as 59267-1000-02."),
    "volume_ml": _l("Such as 0.3"),
    "interval_days": _l("Leave it empty for a series of one dose."),
    "absolute_days": _l("0: every dose counts, however early."),
    "late_days": _l("Leave it empty where no such day is named."),
    "mixed_days": _l("Leave it empty while vaccines are not to be mixed."),
    "extra_days": _l("Leave it empty where there is no further dose."),
    "fact_sheet": _l("The number of the edition that recipients get."),
}
ACTS: dict[str, Any] = {
    "added": _l("Added"),
    "changed": _l("Changed"),
    "withdrawn": _l("Coming change taken back"),
    "ended": _l("Ended"),
    "resumed": _l("Goes on"),
}
VERDICTS: dict[str, tuple[str, Any]] = {
    "valid": ("success", _l("Valid")),
    "grace": ("success", _l("Valid, within the days of grace")),
    "too_young": ("error", _l("Too young")),
    "complete": ("warning", _l("The series is complete already")),
    "early": ("error", _l("Too early")),
    "other_product": ("warning", _l("After another vaccine")),
    "stopped": ("error", _l("The vaccine is paused")),
    "not_authorized": ("error", _l("The vaccine is not given on this day")),
}


def why(name: str, reason: Why) -> str:
    """What to do about a value that cannot be."""
    kind = RULES.get(name)
    if reason == "out_of_range" and kind:
        return _("Enter a number from %(least)d to %(most)d", least=kind.least, most=kind.most)
    return {
        "missing": _("Fill this in"),
        "not_a_number": _("Enter a whole number in digits, such as 21"),
        "malformed": _("Check the form. %(hint)s", hint=HINTS.get(name, "")),
        "too_long": _("Use %(most)d characters or fewer", most=TEXTS.get(name, 30)),
        "taken": _("Another product has this code"),
        "does_not_fit": _("This does not go with the days between the doses"),
    }.get(reason, _("Check this"))


def value(name: str, kept: Any) -> str:
    """A rule's value as one reads it."""
    if kept is None or kept == "":
        return _("none")
    if isinstance(kept, bool):
        return _("yes") if kept else _("no")
    return written_day(date.fromisoformat(kept)) if name == "effective_to" else str(kept)


def days_of(judged: Judgement) -> str:
    """The day of an answer of the schedule, where it names one."""
    words = [_("dose number %(n)d", n=judged.number)]
    if judged.earliest:
        words.append(_("valid from %(day)s on", day=written_day(judged.earliest)))
    if judged.late:
        words.append(_("late, and valid"))
    return ", ".join(words)
