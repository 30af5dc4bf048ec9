"""Words of figures that only staff see, in English."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.domain.inventory.reasons import DEPRECATION_REASONS
from app.domain.program.lookup import Choices

DIMENSIONS: dict[str, Any] = {
    "kind": _l("What happened"),
    "reason": _l("Reason"),
    "location": _l("Location"),
    "step": _l("Step"),
}
GROUPS: dict[tuple[str, str], Any] = {
    ("kind", "waste"): _l("Wasted"),
    ("kind", "expired"): _l("Expired"),
    ("week", "later"): _l("Later"),
    ("week", "unknown"): _l("Expiration not known"),
    ("step", "on_record"): _l("On record"),
    ("step", "registered"): _l("Registered"),
    ("step", "at_least_one"): _l("At least one dose"),
    ("step", "complete"): _l("Fully vaccinated"),
    ("step", "sent"): _l("Files sent"),
    ("step", "settled_files"): _l("Files finished"),
    ("step", "rows"): _l("Rows in them"),
    ("step", "created"): _l("People taken as new"),
    ("step", "present"): _l("People on record already"),
    ("step", "held"): _l("Close matches, to be decided"),
    ("step", "mistaken"): _l("Rows to mend"),
    ("step", "to_submit"): _l("From beginning to sending"),
    ("step", "to_decide"): _l("From sending to the decision"),
}
MEASURES: dict[str, tuple[Any, str]] = {
    "set_aside": (_l("Set aside"), "count"),
    "expired": (_l("Expired"), "count"),
    "lots": (_l("Lots"), "count"),
    "locations": (_l("Locations"), "count"),
    "events": (_l("Times"), "count"),
    "late": (_l("After more than a day"), "count"),
    "median_within_hours": (_l("Half of them within"), "within"),
    "count": (_l("Number"), "count"),
    "enrollments": (_l("Enrollments"), "count"),
    "median_days": (_l("Days, half of them at most"), "days"),
    "longest_days": (_l("Days, the longest"), "days"),
    "waiting": (_l("Waiting now"), "count"),
}
"""Words and unit."""


def reason_name(code: str) -> str:
    """The words of a reason for which doses leave the shelf."""
    lists: list[Choices[Any]] = list(DEPRECATION_REASONS.values())
    return next((found.label for reasons in lists if (found := reasons.by_code(code))), code)
