"""Reading cases: one door, the queues, a requester's own, the conversation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, false, select
from sqlalchemy.orm import Session, defer

from app.domain.accounts.access import Actor, Permission, Role
from app.domain.accounts.models import Account, Grant
from app.domain.errors import NotFound
from app.domain.helpdesk import states
from app.domain.helpdesk.errors import CaseChanged
from app.domain.helpdesk.models import Attachment, Case, CaseEvent, CaseRecord, Comment, Watcher
from app.infra.paging import Slice, pack, unpack

PAGE = 50
WITHOUT_TEXTS = (defer(Case.description), defer(Case.details))
"""For lists: what was written is neither read nor decrypted."""
SEEN_LATELY = timedelta(seconds=60)


def is_agent(actor: Actor) -> bool:
    """True for those who answer: in whichever team, they may see every case."""
    return actor.kind == "system" or actor.anywhere(Permission.WORK_CASES)


def cases_visible_to(actor: Actor) -> Select[Case]:
    """The one door to cases: all for agents, their own for requesters, one for the holder of a mail's link."""
    if is_agent(actor):
        return select(Case)
    if actor.kind == "link":
        return select(Case).where(Case.id == actor.id)
    if actor.kind == "person":
        return select(Case).where(Case.requester_id == actor.id)
    return select(Case).where(false())


def get_case(
    session: Session, actor: Actor, number: str, *, to_change: bool = False, version: int | None = None
) -> Case:
    """One case by its number. Raises NotFound.

    `to_change`: read anew, others wait. Raises CaseChanged when it is not at the `version` that was looked at.
    """
    query = cases_visible_to(actor).where(Case.number == number.strip().upper())
    if to_change:
        query = query.with_for_update(of=Case).execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound
    if version is not None and found.version != version:
        raise CaseChanged(found.version)
    return found


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which cases a queue shows. Empty: all. `mine`: assigned to the actor; `unassigned`: nobody's yet."""

    team_id: UUID | None = None
    statuses: tuple[str, ...] = states.WORKABLE
    audience: str = ""
    mine: bool = False
    unassigned: bool = False


def list_queue(
    session: Session, actor: Actor, wanted: QueueFilter, *, after: str | None = None, size: int = PAGE
) -> Slice[Case]:
    """Cases that wait, the longest first. Raises NotFound for those who are no agents."""
    if not is_agent(actor):
        raise NotFound
    query = select(Case.id).where(Case.status.in_(wanted.statuses))
    if wanted.team_id is not None:
        query = query.where(Case.team_id == wanted.team_id)
    if wanted.audience:
        query = query.where(Case.audience == wanted.audience)
    if wanted.mine:
        query = query.where(Case.assigned_to_id == actor.id)
    if wanted.unassigned:
        query = query.where(Case.assigned_to_id.is_(None))
    key = unpack(after, 1)
    if key:
        query = query.where(Case.id > UUID(key[0]))
    # The keys alone are put in order: what a page shows of a case is read of those on it.
    first = query.order_by(Case.id).limit(size + 1).subquery()
    rows = list(session.scalars(select(Case).where(Case.id.in_(select(first.c.id))).options(*WITHOUT_TEXTS).order_by(Case.id)))
    return Slice(rows[:size], pack(rows[size - 1].id) if len(rows) > size else None)


MINE = {
    "all": states.STATUSES,
    "open": states.UNFINISHED,
    "waiting": states.WAITING,
    "closed": (states.CLOSED,),
}
"""The lists of a requester: all, open, waiting for me, closed."""


def list_mine(
    session: Session, actor: Actor, which: str, *, after: str | None = None, size: int = PAGE
) -> Slice[Case]:
    """The requester's own cases, newest first. `which` is a key of MINE."""
    query = select(Case).where(Case.requester_id == actor.id, Case.status.in_(MINE[which]))
    if actor.kind != "person":
        raise NotFound
    key = unpack(after, 1)
    if key:
        query = query.where(Case.id < UUID(key[0]))
    rows = list(session.scalars(query.options(*WITHOUT_TEXTS).order_by(Case.id.desc()).limit(size + 1)))
    return Slice(rows[:size], pack(rows[size - 1].id) if len(rows) > size else None)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said or done in a case, as a page tells it. Either `comment` or `event` is there."""

    at: datetime
    by: str
    who: str
    comment: Comment | None = None
    event: CaseEvent | None = None
    files: tuple[Attachment, ...] = ()


def conversation(session: Session, case: Case, *, for_agent: bool) -> list[Line]:
    """What was said, oldest first; for agents with notes and acts. Requesters see no names of agents but the first."""
    comments = list(session.scalars(select(Comment).where(Comment.case_id == case.id).order_by(Comment.id)))
    files = files_of(session, case)
    events = (
        list(session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id)))
        if for_agent
        else []
    )
    names = _names(session, {one.by_id for one in comments} | {one.by_id for one in events}, whole=for_agent)
    lines = [
        Line(
            comment.at, comment.by, names.get(comment.by_id, "") if comment.by_id else "", comment,
            files=tuple(file for file in files if file.comment_id == comment.id),
        )
        for comment in comments
        if comment.is_public or for_agent
    ]  # fmt: skip
    lines += [
        Line(event.at, "agent" if event.by_id else "system", names.get(event.by_id, "") if event.by_id else "",
             event=event)
        for event in events
    ]  # fmt: skip
    return sorted(lines, key=lambda line: line.at)


def case_for_mail(session: Session, case_id: UUID) -> Case | None:
    """The case that a mail is about, for the job that writes it."""
    return session.get(Case, case_id)


def case_of_token(session: Session, token: str) -> Case | None:
    """The case that answers to this address are added to; None for an address that we never gave."""
    return session.scalar(select(Case).where(Case.reply_token == token)) if token else None


def files_of(session: Session, case: Case) -> list[Attachment]:
    """The files of a case and of its comments, oldest first; those with `comment_id` None came with the request."""
    return list(session.scalars(select(Attachment).where(Attachment.case_id == case.id).order_by(Attachment.id)))


def records_of(session: Session, case: Case) -> list[CaseRecord]:
    """The records that the case is about."""
    return list(session.scalars(select(CaseRecord).where(CaseRecord.case_id == case.id).order_by(CaseRecord.id)))


def subjects_of(session: Session, case: Case) -> list[tuple[str, UUID]]:
    """Whom it concerns that the case was opened, as (kind, id): the case, and every person's record that it is about."""
    people = session.scalars(
        select(CaseRecord.record_id).where(CaseRecord.case_id == case.id, CaseRecord.kind == "recipient")
    )
    return [("case", case.id), *(("recipient", record_id) for record_id in people)]


def others_watching(session: Session, actor: Actor, case: Case, *, now: datetime) -> list[str]:
    """Names of the other agents who have the case open right now."""
    ids = session.scalars(
        select(Watcher.account_id)
        .where(Watcher.case_id == case.id, Watcher.seen_at > now - SEEN_LATELY, Watcher.account_id != actor.id)
    )  # fmt: skip
    return sorted(_names(session, set(ids), whole=True).values())


def agents(session: Session, team_id: UUID | None = None) -> list[Account]:
    """Who answers in a team (None: in any), by name."""
    query = (
        select(Account)
        .join(Grant, Grant.account_id == Account.id)
        .where(Grant.role.in_((Role.HELP_DESK_AGENT, Role.HELP_DESK_SUPERVISOR)), Grant.ended_at.is_(None))
        .where(Account.closed_at.is_(None))
        .distinct()
        .order_by(Account.last_name, Account.first_name, Account.id)
    )
    if team_id is not None:
        query = query.where(Grant.scope_id == team_id)
    return list(session.scalars(query))


def _names(session: Session, ids: Iterable[UUID | None], *, whole: bool) -> dict[UUID | None, str]:
    wanted = [one for one in ids if one is not None]
    if not wanted:
        return {}
    rows = session.execute(
        select(Account.id, Account.first_name, Account.last_name).where(Account.id.in_(wanted))
    )
    return {key: f"{first} {last}".strip() if whole else first for key, first, last in rows}
