"""Lists to choose from."""

from app.domain.program.lookup import Choice, Choices

KINDS = ("transfer", "redistribution")

TRANSPORTS = Choices(
    (
        Choice("cooler", "Portable refrigerator or cooler, 2 to 8 °C"),
        Choice("freezer", "Portable freezer, -25 to -15 °C"),
        Choice("ultra_cold", "Ultra-cold shipper, -80 to -60 °C"),
        Choice("courier", "Courier with cold chain"),
    )
)
DISCREPANCIES = Choices(
    (
        Choice("short", "Fewer doses in the box than listed"),
        Choice("over", "More doses in the box than listed"),
        Choice("broken", "Vials broken on the way"),
        Choice("too_warm", "Too warm on the way"),
        Choice("too_cold", "Too cold on the way"),
        Choice("lost", "The box did not arrive"),
        Choice("other", "Another reason"),
    )
)
OTHER = "other"
"""Whoever chooses it explains."""
