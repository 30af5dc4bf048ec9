"""What inventory refuses."""

from datetime import date
from typing import Literal
from uuid import UUID

from app.domain.errors import Conflict, Refusal

WhyNot = Literal[
    "recalled", "stopped", "quarantined", "depleted", "expired", "not_arrived", "not_yet", "ended", "paused"
]
ShipmentFault = Literal[
    "no_lot_number", "expired", "too_far", "not_positive", "too_many", "more_damaged_than_received", "future", "too_old"
]
Fault = Literal[
    "missing", "unknown", "future", "too_old", "too_far", "past", "not_positive", "too_many", "not_expired", "same",
    "below_used", "twice", "more_than_left", "before_opened",
]  # fmt: skip


class BadShipment(Refusal):
    """A delivery that cannot be true. `field` is the field of the command, `fault` what is wrong with it."""

    def __init__(self, field: str, fault: ShipmentFault) -> None:
        super().__init__(field, fault)
        self.field = field
        self.fault = fault


class BadValue(Refusal):
    """A value that cannot be true. `field` is the field of the command; `lot_id` says of which line, if of one.

    `limit` is the number that it must not pass, where there is one.
    """

    def __init__(self, field: str, fault: Fault, *, limit: int | None = None, lot_id: UUID | None = None) -> None:
        super().__init__(field, fault)
        self.field = field
        self.fault = fault
        self.limit = limit
        self.lot_id = lot_id


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


class NeedsExplanation(Refusal):
    """These lots (or vials) differ from what should be there, and nobody said why."""

    def __init__(self, ids: tuple[UUID, ...]) -> None:
        super().__init__(ids)
        self.ids = ids


class StockMoved(Conflict):
    """Doses moved since the shelf was looked at: `balances` are those of now, in doses, by lot. Count these again."""

    def __init__(self, balances: dict[UUID, int]) -> None:
        super().__init__(balances)
        self.balances = balances


class AlreadyDone(Conflict):
    """It was voided, closed, released, lifted or given back before."""


class AlreadyRecalled(Refusal):
    """A recall of this lot number, or a stop of this product, is in force."""
