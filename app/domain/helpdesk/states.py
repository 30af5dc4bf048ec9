"""Where a case can stand, and every act between. An act that is not in the table cannot be done (domain 8.3)."""

from dataclasses import dataclass
from typing import Literal

from app.domain.errors import Conflict

Who = Literal["requester", "agent", "system"]

NEW, OPEN, AWAITING_INFO, RESOLVED, CLOSED = "new", "open", "awaiting_info", "resolved", "closed"
STATUSES = (NEW, OPEN, AWAITING_INFO, RESOLVED, CLOSED)
WORKABLE = (NEW, OPEN)
"""An agent's turn."""
WAITING = (AWAITING_INFO, RESOLVED)
"""The requester's turn: the clock runs."""
UNFINISHED = (*WORKABLE, *WAITING)


class NotNow(Conflict):
    """The case is not at the stage for this: somebody was faster, or it is closed."""

    def __init__(self, act: str, status: str) -> None:
        super().__init__(act, status)
        self.act, self.status = act, status


@dataclass(frozen=True, slots=True)
class Step:
    """`act` leads from `before` to `after`; `who` does it."""

    act: str
    before: str
    after: str
    who: Who


def _steps(act: str, before: tuple[str, ...], after: str | None, who: Who) -> tuple[Step, ...]:
    return tuple(Step(act, status, after or status, who) for status in before)


STEPS = (
    Step("open", "", NEW, "requester"),
    *_steps("take", WORKABLE, OPEN, "agent"),
    *_steps("take", WAITING, None, "agent"),
    *_steps("assign", UNFINISHED, None, "agent"),
    *_steps("hand_over", UNFINISHED, None, "agent"),
    *_steps("retype", UNFINISHED, None, "agent"),
    *_steps("comment", WORKABLE, OPEN, "agent"),
    *_steps("comment", WAITING, None, "agent"),
    *_steps("note", STATUSES, None, "agent"),
    *_steps("link", STATUSES, None, "agent"),
    *_steps("ask", (NEW, OPEN, AWAITING_INFO), AWAITING_INFO, "agent"),
    *_steps("propose", (NEW, OPEN, AWAITING_INFO), RESOLVED, "agent"),
    *_steps("merge", UNFINISHED, CLOSED, "agent"),
    *_steps("answer", (NEW,), NEW, "requester"),
    *_steps("answer", (OPEN, AWAITING_INFO, RESOLVED), OPEN, "requester"),
    Step("accept", RESOLVED, CLOSED, "requester"),
    *_steps("withdraw", UNFINISHED, CLOSED, "requester"),
    Step("reopen", CLOSED, OPEN, "requester"),
    Step("reopen", CLOSED, OPEN, "agent"),
    *_steps("remind", WAITING, None, "system"),
    *_steps("run_out", WAITING, CLOSED, "system"),
)


def after(act: str, before: str) -> str:
    """Where the act leads from a state. Raises NotNow when the table has no such step."""
    for step in STEPS:
        if (step.act, step.before) == (act, before):
            return step.after
    raise NotNow(act, before)


def acts(status: str, who: Who) -> tuple[str, ...]:
    """What one side can do with a case as it stands: which buttons a page offers."""
    return tuple(step.act for step in STEPS if step.before == status and step.who == who)
