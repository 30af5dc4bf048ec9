"""What the rules of the plans refuse."""

from app.domain.errors import Refusal


class BadRule(Refusal):
    """A group's rule cannot be understood; `part` is the piece that is wrong."""

    def __init__(self, part: object) -> None:
        super().__init__(repr(part)[:200])
        self.part = part


class UnknownCounty(Refusal):
    """An opening names a county that the state does not have."""


class ClosedBeforeOpen(Refusal):
    """A group cannot close before the day on which it opens: `opens_on`."""

    def __init__(self, opens_on: object) -> None:
        super().__init__(str(opens_on))
        self.opens_on = opens_on


class NeverOpened(Refusal):
    """The group, or its exception in the county, is not there to be changed."""
