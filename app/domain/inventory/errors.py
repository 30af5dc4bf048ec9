"""What inventory refuses."""

from datetime import date
from typing import Literal

from app.domain.errors import Refusal

WhyNot = Literal["depleted", "expired", "not_yet", "ended", "paused"]
ShipmentFault = Literal[
    "no_lot_number", "expired", "too_far", "not_positive", "too_many", "more_damaged_than_received"
]


class BadShipment(Refusal):
    """A delivery that cannot be true. `field` is the field of the command, `fault` what is wrong with it."""

    def __init__(self, field: str, fault: ShipmentFault) -> None:
        super().__init__(field, fault)
        self.field = field
        self.fault = fault


class ExpiryDiffers(Refusal):
    """The lot is on the shelf already with another expiration date: one is wrong, or it was extended."""

    def __init__(self, known: date) -> None:
        super().__init__(known)
        self.known = known


class NoDosesLeft(Refusal):
    """The lot has fewer doses than were to be taken: somebody else took the last one."""


class LotUnusable(Refusal):
    """No dose may be taken from the lot on that day; `why` tells the reason."""

    def __init__(self, why: WhyNot) -> None:
        super().__init__(why)
        self.why = why
