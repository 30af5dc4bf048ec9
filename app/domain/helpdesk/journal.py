"""Every act goes by the table of `states.py`, leaves its row, moves the clock, and mails the requester."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.helpdesk import states
from app.domain.helpdesk.errors import BadRequest
from app.domain.helpdesk.models import Case, CaseEvent, Comment
from app.infra import audit, outbox

LONGEST_TEXT = 8_000

MAIL_OF_ACT = {
    "open": "helpdesk.opened",
    "comment": "helpdesk.commented",
    "ask": "helpdesk.asked",
    "propose": "helpdesk.proposed",
    "merge": "helpdesk.merged",
    "run_out": "helpdesk.closed",
    "accept": "helpdesk.closed",
    "withdraw": "helpdesk.closed",
}
"""What the requester is told by mail. A mail says that there is an answer and where, never what it is."""


def move(
    session: Session, actor: Actor, case: Case, act: str, *, now: datetime, today: date, facts: str = ""
) -> None:
    """Do an act on a case that is held. Raises NotNow before anything changed."""
    before = case.status
    case.status = states.after(act, before)
    case.version += 1
    if act in {"ask", "propose", "comment"} and case.answered_at is None:
        case.answered_at = now
    if case.status != before or act in {"ask", "propose", "answer"}:
        case.clock_on = today if case.status in states.WAITING else None
        case.reminded, case.reminded_on = 0, None
    if case.status == states.CLOSED:
        case.closed_at, case.closed_on, case.closed_how = now, today, act
    leave_row(session, actor, case, act, before, now=now, facts=facts)


def leave_row(
    session: Session, actor: Actor, case: Case, act: str, before: str, *, now: datetime, facts: str = ""
) -> None:
    """The row of an act that was done, its audit entry, and the mail where the requester has an address."""
    by_id = actor.id if actor.kind == "person" else None
    session.add(
        CaseEvent(case_id=case.id, at=now, act=act, before=before, after=case.status, by_id=by_id, facts=facts[:120])
    )
    audit.record(
        session, actor_kind=actor.kind, actor_id=by_id, act=f"case.{act}", subject_kind="case", subject_id=case.id,
        now=now,
    )  # fmt: skip
    if act in MAIL_OF_ACT and case.email:
        outbox.publish(session, MAIL_OF_ACT[act], now=now, about=case.id, case_id=str(case.id))
    session.flush()


def say(
    session: Session, actor: Actor, case: Case, text: str, *, by: str, now: datetime, is_public: bool = True,
    message_id: str | None = None,
) -> Comment:  # fmt: skip
    """Write something into a case. by: requester, agent or system. Raises BadRequest for no text, or too much."""
    comment = Comment(
        case_id=case.id, at=now, by=by, by_id=actor.id if actor.kind == "person" else None, is_public=is_public,
        text=check_text("text", text), message_id=message_id,
    )  # fmt: skip
    session.add(comment)
    session.flush()
    return comment


def check_text(field: str, text: str, *, longest: int = LONGEST_TEXT) -> str:
    """The text without space around it. Raises BadRequest."""
    kept = text.replace("\r\n", "\n").strip()
    if not kept:
        raise BadRequest(field, "missing")
    if len(kept) > longest:
        raise BadRequest(field, "too_long", limit=longest)
    return kept
