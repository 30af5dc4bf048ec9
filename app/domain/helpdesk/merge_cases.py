"""Use case: the same request came twice. One case goes on; the other points to it and its requester is told."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import NotFound
from app.domain.helpdesk import states
from app.domain.helpdesk.errors import CannotMerge
from app.domain.helpdesk.journal import move, say
from app.domain.helpdesk.models import Case
from app.domain.helpdesk.queries import get_case
from app.domain.helpdesk.work_case import Seen


def merge_cases(session: Session, actor: Actor, seen: Seen, into: str, *, now: datetime, today: date) -> Case:
    """Close a case as a duplicate of another of the same requester; returns the one that goes on.

    What was said stays where it was said, and both name each other. Of another requester nothing is merged: each
    would read the other's words. Raises NotFound, CaseChanged, NotNow, CannotMerge (also where `into` is no case).
    """
    if not actor.anywhere(Permission.WORK_CASES):
        raise NotFound
    try:
        kept = get_case(session, actor, into, to_change=True)
    except NotFound:
        raise CannotMerge from None
    case = get_case(session, actor, seen.number, to_change=True, version=seen.version)
    if case.id == kept.id or kept.merged_into_id or kept.status == states.CLOSED or not _of_same_requester(case, kept):
        raise CannotMerge
    case.merged_into_id, case.resolution = kept.id, "duplicate"
    move(session, actor, case, "merge", now=now, today=today, facts=kept.number)
    say(session, actor, kept, f"{case.number} > {kept.number}", by="agent", now=now, is_public=False)
    return kept


def _of_same_requester(case: Case, other: Case) -> bool:
    if case.email or other.email:
        same = case.email_folded == other.email_folded
    else:
        same = (case.phone, case.name_folded) == (other.phone, other.name_folded)
    return same or (case.requester_id is not None and case.requester_id == other.requester_id)
