"""Why doses leave the shelf, and why what is said about a lot changes: lists to choose from.

The wastage reasons are those of federal vaccine tracking (VTrckS), with the additions that the COVID-19 vaccines
brought: low volume in the vial, and doses past the time within which an opened vial must be used.
"""

from app.domain.program.living import Living
from app.domain.program.lookup import Choice, Choices

WASTE_REASONS = Living(
    "waste_reasons",
    (
        Choice("broken", "Broken vial or syringe"),
        Choice("drawn", "Drawn into a syringe but not given"),
        Choice("open_vial", "Open vial, not all doses given"),
        Choice("past_use", "Past the time for an opened vial"),
        Choice("low_volume", "Not enough left in the vial"),
        Choice("lost", "Lost or unaccounted for"),
        Choice("power", "Power outage or natural disaster"),
        Choice("fridge_warm", "Refrigerator too warm"),
        Choice("fridge_cold", "Refrigerator too cold"),
        Choice("freezer_warm", "Freezer too warm"),
        Choice("monitor", "Temperature monitor out of range"),
        Choice("not_stored", "Not stored properly on arrival"),
        Choice("transit_warm", "Spoiled in transit, too warm"),
        Choice("transit_cold", "Spoiled in transit, too cold"),
        Choice("mechanical", "Mechanical failure"),
        Choice("recalled", "Recalled"),
        Choice("other", "Another reason"),
    ),
)
RETURN_REASONS = Living(
    "return_reasons",
    (
        Choice("recalled", "Recalled"),
        Choice("not_needed", "More than we can use in time"),
        Choice("wrong_delivery", "Delivered by mistake"),
        Choice("other", "Another reason"),
    ),
)
EXPIRED_REASONS = Choices((Choice("expired", "Past the expiration date"),))
DEPRECATION_REASONS: dict[str, Choices[Choice]] = {
    "waste": WASTE_REASONS,
    "expired": EXPIRED_REASONS,
    "return": RETURN_REASONS,
}

TOTAL_REASONS = Living(
    "total_reasons",
    (
        Choice("more_per_vial", "More doses per vial"),
        Choice("fewer_per_vial", "Fewer doses per vial"),
        Choice("counted_wrong", "Counted wrongly on arrival"),
        Choice("typed_wrong", "Typed wrongly"),
        Choice("other", "Another reason"),
    ),
)
EXPIRY_REASONS = Living(
    "expiry_reasons",
    (
        Choice("now_known", "It was not known before"),
        Choice("extended", "Extended by the manufacturer"),
        Choice("thawed", "Thawed: to be used earlier"),
        Choice("typed_wrong", "Typed wrongly"),
        Choice("other", "Another reason"),
    ),
)
OTHER = "other"
"""Whoever chooses it explains."""
