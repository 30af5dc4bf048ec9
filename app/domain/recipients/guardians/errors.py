"""What the rules of guardians refuse."""

from app.domain.errors import Refusal


class NotAMinor(Refusal):
    """Only people who are born and below 18 have a guardian here; adults act for themselves."""


class GuardianTooYoung(Refusal):
    """Who is below 18 acts for nobody else."""


class UnclearName(Refusal):
    """A name that no record may have: `field` is first_name or last_name."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class TooManyDependants(Refusal):
    """So many were added within a day that somebody should call instead."""


class ReasonMissing(Refusal):
    """Staff end nothing without a word why."""
