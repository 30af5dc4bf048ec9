"""Where on the body and by whom: the code lists of the federal reporting specification."""

from app.domain.program.lookup import Choice, Choices

SITES = Choices(
    (
        Choice("LD", "Left deltoid"),
        Choice("RD", "Right deltoid"),
        Choice("LA", "Left arm"),
        Choice("RA", "Right arm"),
        Choice("LT", "Left thigh"),
        Choice("RT", "Right thigh"),
        Choice("LVL", "Left vastus lateralis"),
        Choice("RVL", "Right vastus lateralis"),
        Choice("LG", "Left gluteus"),
        Choice("RG", "Right gluteus"),
        Choice("LLFA", "Left lower forearm"),
        Choice("RLFA", "Right lower forearm"),
    )
)
SUFFIXES = Choices(
    tuple(
        Choice(code, label)
        for code, label in (
            ("RN", "RN"),
            ("LPN", "LPN"),
            ("MD", "MD"),
            ("NP", "NP"),
            ("PA", "PA"),
            ("OTH", "Other"),
        )
    )
)
INTRAMUSCULAR = "C28161"
OTHER_SUFFIX = "OTH"


def signed(name: str, suffix: str) -> str:
    """Who gave a dose, as it is written: Ann Lee, RN. "Other" is no title."""
    return name if suffix in ("", OTHER_SUFFIX) else f"{name}, {suffix}"
