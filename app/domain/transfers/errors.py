"""What transfers refuse."""

from typing import Literal
from uuid import UUID

from app.domain.errors import Conflict, Refusal

Fault = Literal[
    "missing", "unknown", "same", "closed", "past", "too_far", "not_positive", "too_many", "twice", "bad_phone"
]


class BadTransfer(Refusal):
    """A value that cannot be true. `lot_id` (or `line_id`) says of which line, `limit` what it must not pass."""

    def __init__(
        self,
        field: str,
        fault: Fault,
        *,
        lot_id: UUID | None = None,
        line_id: UUID | None = None,
        limit: int | None = None,
    ) -> None:
        super().__init__(field, fault)
        self.field, self.fault = field, fault
        self.lot_id, self.line_id, self.limit = lot_id, line_id, limit


class NotOneOrganization(Refusal):
    """Redistribution stays within one provider organization; between two it is a transfer."""


class NoAgreement(Refusal):
    """Both officers must have signed the Redistribution Agreement first."""


class NotNow(Conflict):
    """The transfer is not at the stage for this: somebody was faster, or it ended."""

    def __init__(self, act: str, status: str) -> None:
        super().__init__(act, status)
        self.act, self.status = act, status


class LineUnusable(Refusal):
    """Doses of this lot cannot be sent: `why` as inventory says it (recalled, stopped, quarantined, expired)."""

    def __init__(self, lot_id: UUID, why: str) -> None:
        super().__init__(lot_id, why)
        self.lot_id, self.why = lot_id, why


class NotEnough(Refusal):
    """Fewer doses are on the shelf than were to be sent: `available` of lot `lot_id`."""

    def __init__(self, lot_id: UUID, available: int) -> None:
        super().__init__(lot_id, available)
        self.lot_id, self.available = lot_id, available


class NeedsDiscrepancy(Refusal):
    """These lines differ from what was shipped, and nobody said why."""

    def __init__(self, line_ids: tuple[UUID, ...]) -> None:
        super().__init__(line_ids)
        self.line_ids = line_ids
