"""Where a transfer can stand, and every step between. A step that is not in the table cannot be taken."""

from dataclasses import dataclass
from typing import Literal

from app.domain.transfers.errors import NotNow

Who = Literal["sender", "receiver", "state"]

REQUESTED, APPROVED, SHIPPED, RECEIVED = "requested", "approved", "shipped", "received"
REJECTED, REFUSED, CANCELLED = "rejected", "refused", "cancelled"
RETURNING, RETURNED = "returning", "returned"

ON_THE_WAY = frozenset({SHIPPED, RETURNING})
"""Its doses are on nobody's shelf."""

OPEN = frozenset({REQUESTED, APPROVED, SHIPPED, RETURNING})
STATUSES = (REQUESTED, APPROVED, SHIPPED, RETURNING, RECEIVED, RETURNED, REJECTED, REFUSED, CANCELLED)


@dataclass(frozen=True, slots=True)
class Step:
    """`act` leads from `before` to `after`; `who` takes it."""

    act: str
    before: str
    after: str
    who: Who


STEPS = (
    Step("request", "", REQUESTED, "sender"),
    Step("approve", REQUESTED, APPROVED, "state"),
    Step("reject", REQUESTED, REJECTED, "state"),
    Step("reject", APPROVED, REJECTED, "state"),
    Step("cancel", REQUESTED, CANCELLED, "sender"),
    Step("cancel", APPROVED, CANCELLED, "sender"),
    Step("cancel", SHIPPED, RETURNING, "sender"),
    Step("refuse", REQUESTED, REFUSED, "receiver"),
    Step("refuse", APPROVED, REFUSED, "receiver"),
    Step("refuse", SHIPPED, RETURNING, "receiver"),
    Step("ship", APPROVED, SHIPPED, "sender"),
    Step("receive", SHIPPED, RECEIVED, "receiver"),
    Step("take_back", RETURNING, RETURNED, "sender"),
)


def after(act: str, before: str) -> str:
    """Where the act leads from a state. Raises NotNow when the table has no such step."""
    for step in STEPS:
        if (step.act, step.before) == (act, before):
            return step.after
    raise NotNow(act, before)


def acts(status: str, who: Who) -> tuple[str, ...]:
    """What one side can do with a transfer as it stands: which buttons a page offers."""
    return tuple(step.act for step in STEPS if step.before == status and step.who == who)
