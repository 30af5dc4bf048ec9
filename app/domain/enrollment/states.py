"""Where an enrollment and its locations can stand, and every step between: one table for each.

The order Section A, Section B of every location, signatures, submitted together, and the review by the state
are those of the federal COVID-19 Vaccination Program Provider Agreement, which has the two officers sign once
for all locations. A step that is not in the table cannot be taken.
"""

from dataclasses import dataclass
from typing import Literal

from app.domain.enrollment.errors import NotNow

Who = Literal["anyone", "administrator", "coordinator", "signer", "state", "system"]

SECTION_A, LOCATIONS, SIGNATURES, SUBMITTED = "section_a", "locations", "signatures", "submitted"
RETURNED, APPROVED, DENIED, UPDATING, DISENROLLED = "returned", "approved", "denied", "updating", "disenrolled"
NOT_STARTED, DRAFT, COMPLETE, REMOVED = "not_started", "draft", "complete", "removed"


@dataclass(frozen=True, slots=True)
class Step:
    """`act` leads from any of `before` to `after`; `who` takes it."""

    act: str
    before: tuple[str, ...]
    after: str
    who: Who


_OPEN = (SECTION_A, LOCATIONS, SIGNATURES, RETURNED, UPDATING)

ENROLLMENT_STEPS = (
    Step("start", ("",), SECTION_A, "anyone"),
    Step("complete_section_a", (SECTION_A,), LOCATIONS, "administrator"),
    Step("ask_signatures", (LOCATIONS, RETURNED, UPDATING), SIGNATURES, "system"),
    Step("take_up_locations", (SIGNATURES,), LOCATIONS, "system"),
    Step("take_up_corrections", (SIGNATURES,), RETURNED, "system"),
    Step("take_up_update", (SIGNATURES,), UPDATING, "system"),
    Step("submit", (LOCATIONS, SIGNATURES, RETURNED, UPDATING), SUBMITTED, "signer"),
    Step("return", (SUBMITTED,), RETURNED, "state"),
    Step("approve", (SUBMITTED,), APPROVED, "state"),
    Step("deny", (SUBMITTED,), DENIED, "state"),
    Step("reopen", (DENIED,), RETURNED, "state"),
    Step("begin_update", (APPROVED,), UPDATING, "administrator"),
    Step("cancel_update", (UPDATING, SIGNATURES, RETURNED), APPROVED, "administrator"),
    Step("disenroll", (*_OPEN, SUBMITTED, APPROVED, DENIED), DISENROLLED, "state"),
)

LOCATION_STEPS = (
    Step("add", ("",), NOT_STARTED, "administrator"),
    Step("begin", (NOT_STARTED,), DRAFT, "coordinator"),
    Step("edit", (COMPLETE,), DRAFT, "coordinator"),
    Step("edit_update", (COMPLETE,), UPDATING, "coordinator"),
    Step("complete_section_b", (NOT_STARTED, DRAFT, RETURNED, UPDATING), COMPLETE, "coordinator"),
    Step("return", (COMPLETE, APPROVED), RETURNED, "state"),
    Step("approve", (COMPLETE,), APPROVED, "state"),
    Step("deny", (COMPLETE,), DENIED, "state"),
    Step("deny_update", (COMPLETE,), APPROVED, "state"),
    Step("reopen", (DENIED,), RETURNED, "state"),
    Step("begin_update", (APPROVED,), UPDATING, "coordinator"),
    Step("cancel_update", (UPDATING, COMPLETE, RETURNED), APPROVED, "administrator"),
    Step("remove", (NOT_STARTED, DRAFT, COMPLETE, RETURNED, DENIED), REMOVED, "administrator"),
    Step("disenroll", (APPROVED, UPDATING, COMPLETE, RETURNED), DISENROLLED, "state"),
)

GONE = frozenset({REMOVED, DENIED, DISENROLLED})
"""Locations in these states are not covered by the agreement and nobody is asked about them."""

EDITABLE = frozenset(_OPEN)
"""Stages of an enrollment at which answers may be changed; an approved one first begins an update."""

SECTION_B_STAGES = EDITABLE - {SECTION_A}
"""Stages at which Section B is filled in: only once Section A is complete is a Vaccine Coordinator asked."""

_TABLES = {"enrollment": ENROLLMENT_STEPS, "location": LOCATION_STEPS}


def after(table: Literal["enrollment", "location"], act: str, before: str) -> str:
    """Where the act leads from a state. Raises NotNow when the table has no such step."""
    for step in _TABLES[table]:
        if step.act == act and before in step.before:
            return step.after
    raise NotNow(act, before)


def refuse_unless(stages: frozenset[str], status: str, act: str) -> None:
    """Raise NotNow when the stage is none of these."""
    if status not in stages:
        raise NotNow(act, status)


def can(table: Literal["enrollment", "location"], act: str, before: str) -> bool:
    """True when the act leads anywhere from this state: whether a page offers its button."""
    return any(step.act == act and before in step.before for step in _TABLES[table])
