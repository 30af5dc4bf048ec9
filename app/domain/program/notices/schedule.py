"""Use cases: staff announce something, take it back, and see all that was ever announced."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import Conflict, NotFound, Refusal
from app.domain.program.notices.current import PORTALS
from app.domain.program.notices.models import Notice
from app.infra import audit
from app.infra.paging import Slice, pack, unpack

KINDS = ("notice", "downtime")
LONGEST = timedelta(days=90)
PAGE = 25


class NoticeRefused(Refusal):
    """It cannot be announced so. `field` is the answer to change, `why` one of: missing, order, past, long, late."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field
        self.why = why


@dataclass(frozen=True, slots=True)
class ScheduleNotice:
    """What to announce, to whom and when. `mail_days`: mails that many days before it starts; None: none.

    A read-only time is for everybody, whatever `portals` says. Recipients read Spanish: theirs must be there in both.
    """

    kind: str
    title: str
    text: str
    title_es: str
    text_es: str
    portals: tuple[str, ...]
    shown_from: datetime
    starts_at: datetime
    ends_at: datetime
    read_only: bool = False
    mail_days: int | None = None


def check_notice(command: ScheduleNotice, *, now: datetime) -> Notice:
    """The notice as it would be kept. Raises NoticeRefused."""
    portals = PORTALS if command.read_only else tuple(code for code in PORTALS if code in command.portals)
    if command.kind not in KINDS or not portals:
        raise NoticeRefused("portals", "missing")
    for name in ("title", "text", *(("title_es", "text_es") if "recipient" in portals else ())):
        if not getattr(command, name).strip():
            raise NoticeRefused(name, "missing")
    if command.ends_at <= command.starts_at:
        raise NoticeRefused("ends", "order")
    if command.ends_at <= now:
        raise NoticeRefused("ends", "past")
    if command.ends_at - command.starts_at > LONGEST:
        raise NoticeRefused("ends", "long")
    if command.shown_from > command.starts_at:
        raise NoticeRefused("shown", "late")
    mail_at = None
    if command.mail_days is not None:
        mail_at = max(now, command.starts_at - timedelta(days=command.mail_days))
    return Notice(
        kind=command.kind, title=command.title.strip(), text=command.text.strip(), title_es=command.title_es.strip(),
        text_es=command.text_es.strip(), portals=list(portals), shown_from=command.shown_from,
        starts_at=command.starts_at, ends_at=command.ends_at, read_only=command.read_only, mail_at=mail_at,
    )  # fmt: skip


def schedule_notice(session: Session, actor: Actor, command: ScheduleNotice, *, now: datetime) -> Notice:
    """Announce it. Raises NoticeRefused, NotFound, NotAllowed."""
    actor.require(Permission.MANAGE_NOTICES, at=None)
    made = check_notice(command, now=now)
    made.made_at, made.made_by_id = now, actor.id
    session.add(made)
    session.flush()
    _note(session, actor, "program.notice_made", made, now)
    return made


def cancel_notice(session: Session, actor: Actor, notice_id: UUID, *, now: datetime) -> Notice:
    """Take it back; a downtime under way ends with it. Cancelled twice, nothing more happens.

    Whoever was told by mail is told that it does not take place. Raises NotFound, NotAllowed, Conflict for one that is over.
    """
    actor.require(Permission.MANAGE_NOTICES, at=None)
    found = session.get(Notice, notice_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(notice_id)
    if found.cancelled_at is not None:
        return found
    if found.ends_at <= now:
        raise Conflict(notice_id)
    found.cancelled_at, found.cancelled_by_id = now, actor.id
    was_told = found.mail_through is not None and found.starts_at > now
    found.mail_at, found.mail_through, found.mail_done_at = (now if was_told else None), None, None
    _note(session, actor, "program.notice_cancelled", found, now)
    return found


def get_notice(session: Session, actor: Actor, notice_id: UUID) -> Notice:
    """One, whether it is over or not. Raises NotFound, NotAllowed."""
    actor.require(Permission.MANAGE_NOTICES, at=None)
    found = session.get(Notice, notice_id)
    if found is None:
        raise NotFound(notice_id)
    return found


def list_notices(session: Session, actor: Actor, *, after: str | None = None, size: int = PAGE) -> Slice[Notice]:
    """All that was ever announced, newest first. Raises NotFound, NotAllowed."""
    actor.require(Permission.MANAGE_NOTICES, at=None)
    key = unpack(after, 1)
    query = select(Notice).order_by(Notice.id.desc()).limit(size + 1)
    try:
        query = query.where(Notice.id < UUID(key[0])) if key else query
    except ValueError:
        return Slice([], None)
    rows = session.scalars(query).all()
    return Slice(list(rows[:size]), pack(rows[size - 1].id) if len(rows) > size else None)


def _note(session: Session, actor: Actor, act: str, notice: Notice, now: datetime) -> None:
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act=act, subject_kind="notice", subject_id=notice.id, now=now
    )
    session.flush()
