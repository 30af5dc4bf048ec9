"""Use cases: the requester answers, accepts a solution, withdraws, reopens, and says how it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.helpdesk import states
from app.domain.helpdesk.attachments import CheckedFile, keep_files
from app.domain.helpdesk.desk import rule_on
from app.domain.helpdesk.errors import BadRequest, TooLateToReopen
from app.domain.helpdesk.journal import check_text, move, say
from app.domain.helpdesk.models import Case, Comment, Rating
from app.domain.helpdesk.queries import get_case, is_agent
from app.infra.storage import FolderStorage

SCORES = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class AnswerCase:
    """What a requester writes into a case. `message_id` where it came by mail: the same mail is taken once."""

    number: str
    text: str
    files: Sequence[CheckedFile] = ()
    message_id: str | None = None


def answer_case(
    session: Session, actor: Actor, command: AnswerCase, *, storage: FolderStorage, now: datetime, today: date
) -> Comment | None:
    """Add an answer: whoever waited for it works on, the clock stops, a proposed solution counts as not accepted.

    A closed case is reopened by it while that is possible. None when this mail was taken already.
    Raises NotFound, BadRequest, BadAttachment, TooLateToReopen.
    """
    case = get_case(session, actor, command.number, to_change=True)
    if command.message_id and session.scalar(select(Comment.id).where(Comment.message_id == command.message_id)):
        return None
    check_text("text", command.text)
    if case.status == states.CLOSED:
        _reopen(session, actor, case, now=now, today=today)
    case.resolved_at, case.resolution = None, ""
    comment = say(session, actor, case, command.text, by="requester", now=now, message_id=command.message_id)
    keep_files(session, case, comment, command.files, storage=storage, by="requester", now=now)
    move(session, actor, case, "answer", now=now, today=today)
    return comment


def accept_solution(session: Session, actor: Actor, number: str, *, now: datetime, today: date) -> Case:
    """The requester is content. Raises NotFound, NotNow."""
    case = get_case(session, actor, number, to_change=True)
    move(session, actor, case, "accept", now=now, today=today)
    return case


def withdraw_case(session: Session, actor: Actor, number: str, *, now: datetime, today: date) -> Case:
    """The requester needs no help any more. Raises NotFound, NotNow."""
    case = get_case(session, actor, number, to_change=True)
    move(session, actor, case, "withdraw", now=now, today=today)
    return case


def reopen_case(session: Session, actor: Actor, number: str, text: str, *, now: datetime, today: date) -> Case:
    """Work goes on, with a word why. Raises NotFound, NotNow, BadRequest, TooLateToReopen."""
    case = get_case(session, actor, number, to_change=True)
    check_text("text", text)
    _reopen(session, actor, case, now=now, today=today)
    say(session, actor, case, text, by="agent" if is_agent(actor) else "requester", now=now)
    return case


def may_reopen(session: Session, case: Case, *, today: date) -> bool:
    """True while a closed case can still be reopened, which a merged one cannot."""
    if case.status != states.CLOSED or case.closed_on is None or case.merged_into_id is not None:
        return False
    return today <= case.closed_on + timedelta(days=rule_on(session, today).reopen_days)


def rate_case(session: Session, actor: Actor, number: str, score: int, text: str, *, now: datetime) -> Rating:
    """How content the requester was; said again, the later word counts. Raises NotFound, NotNow, BadRequest."""
    case = get_case(session, actor, number, to_change=True)
    if case.status != states.CLOSED:
        raise states.NotNow("rate", case.status)
    if score not in SCORES:
        raise BadRequest("score", "missing")
    kept = check_text("text", text, longest=1_000) if text.strip() else None
    rating = session.scalar(select(Rating).where(Rating.case_id == case.id)) or Rating(case_id=case.id)
    rating.score, rating.text, rating.at = score, kept, now
    session.add(rating)
    session.flush()
    return rating


def _reopen(session: Session, actor: Actor, case: Case, *, now: datetime, today: date) -> None:
    if case.status == states.CLOSED and not may_reopen(session, case, today=today):
        raise TooLateToReopen(rule_on(session, today).reopen_days)
    move(session, actor, case, "reopen", now=now, today=today)
    case.reopened += 1
    case.closed_at = case.closed_on = case.resolved_at = None
    case.closed_how = case.resolution = ""
