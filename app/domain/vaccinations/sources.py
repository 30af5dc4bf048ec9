"""How we know of a dose that was given elsewhere. Only what was written down at the time is proof."""

from app.domain.program.lookup import Choice, Choices

OUTSIDE_SOURCES = Choices(
    (
        Choice("card", "Vaccination card"),
        Choice("registry", "Immunization registry"),
        Choice("other_state", "Another state's record"),
        Choice("statement", "The person's own statement"),
    )
)
PROVEN_BY = ("", "card", "registry")
"""Doses from these sources stand on a proof; the empty one is a dose given at a location of the program."""


def is_proven(source: str) -> bool:
    """True for a dose that a proof may show."""
    return source in PROVEN_BY
