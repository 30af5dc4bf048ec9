"""Use cases of agents: take, assign, hand over, ask, propose, comment, note, sort anew, link, watch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission, system
from app.domain.errors import NotFound
from app.domain.helpdesk import states
from app.domain.helpdesk.attachments import CheckedFile, keep_files
from app.domain.helpdesk.errors import BadRequest
from app.domain.helpdesk.journal import check_text, move, say
from app.domain.helpdesk.lists import RESOLUTIONS
from app.domain.helpdesk.models import Case, CaseRecord, RequestType, Team, Watcher
from app.domain.helpdesk.queries import agents, get_case
from app.infra.storage import FolderStorage

RECORDS = ("recipient", "location", "upload")


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as the agent saw it: what is done to an older version is refused."""

    number: str
    version: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What an agent writes to the requester."""

    seen: Seen
    text: str
    files: Sequence[CheckedFile] = ()


def take_case(session: Session, actor: Actor, seen: Seen, *, now: datetime, today: date) -> Case:
    """The agent answers this one. Raises NotFound, CaseChanged, NotNow."""
    case = _held(session, actor, seen)
    case.assigned_to_id = actor.id
    move(session, actor, case, "take", now=now, today=today)
    return case


def assign_case(session: Session, actor: Actor, seen: Seen, agent_id: UUID, *, now: datetime, today: date) -> Case:
    """Give it to an agent. Raises NotFound, CaseChanged, NotNow, BadRequest."""
    case = _held(session, actor, seen)
    if agent_id not in {agent.id for agent in agents(session)}:
        raise BadRequest("agent", "unknown")
    case.assigned_to_id = agent_id
    move(session, actor, case, "assign", now=now, today=today)
    return case


def hand_over(
    session: Session, actor: Actor, seen: Seen, team_id: UUID, why: str, *, now: datetime, today: date
) -> Case:
    """Give it to another team, with a note why. Raises NotFound, CaseChanged, NotNow, BadRequest."""
    case = _held(session, actor, seen)
    team = session.get(Team, team_id)
    if team is None or team.id == case.team_id:
        raise BadRequest("team", "unknown")
    say(session, actor, case, why, by="agent", now=now, is_public=False)
    before = case.team.code
    case.team_id, case.team, case.assigned_to_id = team.id, team, None
    move(session, actor, case, "hand_over", now=now, today=today, facts=f"{before} > {team.code}")
    return case


def change_type(
    session: Session, actor: Actor, seen: Seen, code: str, *, now: datetime, today: date
) -> Case:
    """It is about something else than was chosen. The team stays. Raises NotFound, CaseChanged, NotNow, BadRequest."""
    case = _held(session, actor, seen)
    kind = session.scalar(select(RequestType).where(RequestType.code == code))
    if kind is None or kind.audience != case.audience:
        raise BadRequest("request_type", "unknown")
    before = case.request_type.code
    case.request_type_id, case.request_type = kind.id, kind
    move(session, actor, case, "retype", now=now, today=today, facts=f"{before} > {kind.code}")
    return case


def ask_for_information(
    session: Session, actor: Actor, reply: Reply, *, storage: FolderStorage, now: datetime, today: date
) -> Case:
    """Ask the requester; the clock starts. Raises NotFound, CaseChanged, NotNow, BadRequest, BadAttachment."""
    return _reply(session, actor, reply, "ask", storage=storage, now=now, today=today)


def comment_case(
    session: Session, actor: Actor, reply: Reply, *, storage: FolderStorage, now: datetime, today: date
) -> Case:
    """Tell the requester something without asking. Raises as ask_for_information."""
    return _reply(session, actor, reply, "comment", storage=storage, now=now, today=today)


def propose_solution(
    session: Session, actor: Actor, reply: Reply, resolution: str, *, storage: FolderStorage, now: datetime, today: date
) -> Case:
    """Solved, says the agent, with the kind of resolution and notes; the requester has the last word, or the clock.

    Raises as ask_for_information.
    """
    if RESOLUTIONS.by_code(resolution) is None:
        raise BadRequest("resolution", "missing" if not resolution else "unknown")
    case = _reply(session, actor, reply, "propose", storage=storage, now=now, today=today)
    case.resolution, case.resolved_at = resolution, now
    return case


def write_note(session: Session, actor: Actor, number: str, text: str, *, now: datetime, today: date) -> Case:
    """A note that only agents read; notes never collide, so no version is asked for. Raises NotFound, BadRequest."""
    case = _held(session, actor, Seen(number, -1))
    say(session, actor, case, text, by="agent", now=now, is_public=False)
    move(session, actor, case, "note", now=now, today=today)
    return case


def note_by_system(session: Session, case: Case, text: str, *, now: datetime) -> None:
    """A note that a job leaves for agents, beside what it did."""
    say(session, system("mail"), case, text, by="system", now=now, is_public=False)


def link_record(
    session: Session, actor: Actor, number: str, kind: str, record_id: UUID, *, place_id: UUID | None = None,
    now: datetime, today: date,
) -> Case:  # fmt: skip
    """Say which record the case is about. Whoever opens it there needs the right there. Raises NotFound, BadRequest."""
    case = _held(session, actor, Seen(number, -1))
    if kind not in RECORDS:
        raise BadRequest("kind", "unknown")
    there = session.scalar(
        select(CaseRecord.id).where(
            CaseRecord.case_id == case.id, CaseRecord.kind == kind, CaseRecord.record_id == record_id
        )
    )
    if there is None:
        session.add(
            CaseRecord(
                case_id=case.id, kind=kind, record_id=record_id, place_id=place_id, linked_at=now,
                linked_by_id=actor.id,
            )
        )  # fmt: skip
        move(session, actor, case, "link", now=now, today=today, facts=kind)
    return case


def watch_case(session: Session, actor: Actor, case_id: UUID, *, now: datetime) -> None:
    """Note that this agent has the case open now."""
    if actor.id is not None:
        session.merge(Watcher(case_id=case_id, account_id=actor.id, seen_at=now))
        session.flush()


def _held(session: Session, actor: Actor, seen: Seen) -> Case:
    """The case, held; only for agents. A version of -1 is any."""
    if not actor.anywhere(Permission.WORK_CASES):
        raise NotFound
    return get_case(session, actor, seen.number, to_change=True, version=None if seen.version < 0 else seen.version)


def _reply(
    session: Session, actor: Actor, reply: Reply, act: str, *, storage: FolderStorage, now: datetime, today: date
) -> Case:
    case = _held(session, actor, reply.seen)
    states.after(act, case.status)
    check_text("text", reply.text)
    comment = say(session, actor, case, reply.text, by="agent", now=now)
    keep_files(session, case, comment, reply.files, storage=storage, by="agent", now=now)
    if case.assigned_to_id is None:
        case.assigned_to_id = actor.id
    move(session, actor, case, act, now=now, today=today)
    return case
