"""What Section B asks, in the words of its pages: a lead for each step, a hint for each question that needs one."""

from typing import Any

from flask_babel import lazy_gettext as _l

LEADS: dict[str, Any] = {
    "location_details": _l("What kind of place this is, and where its vaccinations are recorded."),
    "backup": _l("Who stands in for you. This person is written down here and is not invited."),
    "shipping": _l("Where vaccine is delivered. Somebody must be there to receive it."),
    "hours": _l(
        "When somebody is there to receive a delivery, from and to, such as 8:00 AM - 12:00 PM. At least one half of a "
        "day is needed."
    ),
    "patients": _l("How many people you see, and whom. An estimate is good enough."),
    "storage": _l("How many 10-dose vials you can store at most, for each range of temperature."),
    "manager": _l(
        "The first person who will work in CVMS for this location. When the state has approved it, this person is "
        "invited and can add colleagues."
    ),
}
_COUNT = _l("A whole number, or “unknown”.")
_VIALS = _l("A whole number, or “none” if you have no such storage.")
_OTHER = _l("Only if you chose “Other” above.")
HINTS: dict[str, Any] = {
    "settings": _l("Tick all that apply."),
    "populations": _l("Tick all that apply."),
    "provider_type_other": _OTHER,
    "settings_other": _OTHER,
    "populations_other": _OTHER,
    "ordering_location": _l("Only if another location orders: its name."),
    "iis_id": _l("Only if the location reports already."),
    "iis_plan": _l("Only if it does not report yet: by when, and how."),
    "iis_explanation": _l("Only if reporting does not apply to this location."),
    "patients_children": _COUNT,
    "patients_adults": _COUNT,
    "patients_seniors": _COUNT,
    "patients_weekly": _l("A whole number, “unknown”, or “not applicable”."),
    "flu_peak_week": _COUNT,
    "capacity_refrigerated": _VIALS,
    "capacity_frozen": _VIALS,
    "capacity_ultra_frozen": _VIALS,
    "manager_email": _l("The invitation goes to this address."),
    "manager_ncid": _l("The user name with which this person signs in to services of the state."),
}
_WHERE_GIVEN = {
    "street": _l("Street address"),
    "street_2": _l("Suite, building or floor"),
    "city": _l("City"),
    "state": _l("State"),
    "county": _l("County"),
    "zip": _l("ZIP code"),
    "phone": _l("Telephone"),
}
ELSEWHERE: dict[str, Any] = {f"administration_{part}": words for part, words in _WHERE_GIVEN.items()}
"""The questions about another address, which stand below a heading of their own."""
DAYS = {
    "monday": _l("Monday"),
    "tuesday": _l("Tuesday"),
    "wednesday": _l("Wednesday"),
    "thursday": _l("Thursday"),
    "friday": _l("Friday"),
    "saturday": _l("Saturday"),
    "sunday": _l("Sunday"),
}
HALVES = {"am": _l("Morning"), "pm": _l("Afternoon")}
LABELS = ELSEWHERE | {f"receiving_{day}_{half}": words for day in DAYS for half, words in HALVES.items()}
