"""Announcements: what many would ask about, shown on the help desk's pages from a day to a day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.errors import NotFound
from app.domain.helpdesk.errors import BadRequest
from app.domain.helpdesk.lists import AUDIENCES
from app.domain.helpdesk.models import Announcement
from app.domain.helpdesk.steering.history import Days, checked_line, hold, keep, require_supervisor
from app.infra.clock import day_bounds, local_date

NOUN = "announcement"
LONGEST = 500
MOST = 200


@dataclass(frozen=True, slots=True)
class SaveAnnouncement:
    """`audience` empty: everybody. The Spanish text may be empty; then the English one is shown."""

    audience: str
    text: str
    text_es: str
    days: Days


def list_announcements(session: Session, actor: Actor) -> list[Announcement]:
    """What is, was and will be shown, the newest first. Raises NotFound."""
    require_supervisor(actor)
    return list(session.scalars(select(Announcement).order_by(Announcement.shown_until.desc()).limit(MOST)))


def get_announcement(session: Session, actor: Actor, announcement_id: UUID) -> Announcement:
    """One of them. Raises NotFound."""
    require_supervisor(actor)
    found = session.get(Announcement, announcement_id)
    if found is None:
        raise NotFound
    return found


def days_of(kept: Announcement, zone: ZoneInfo) -> Days:
    """The local days on which it is shown."""
    return Days(local_date(kept.shown_from, zone), local_date(kept.shown_until - timedelta(microseconds=1), zone))


def save_announcement(
    session: Session, actor: Actor, announcement_id: UUID | None, command: SaveAnnouncement, seen: str, *,
    now: datetime, today: date, zone: ZoneInfo,
) -> Announcement:  # fmt: skip
    """Make one, or change it. Raises NotFound, BadRequest, DataChanged."""
    require_supervisor(actor)
    kept = get_announcement(session, actor, announcement_id) if announcement_id else None
    if kept is not None:
        hold(session, kept.id, seen)
    if command.audience not in ("", *AUDIENCES):
        raise BadRequest("audience", "unknown")
    text = checked_line("text", command.text, longest=LONGEST)
    text_es = checked_line("text_es", command.text_es, longest=LONGEST, needed=False)
    days = command.days.checked(today=today, was=days_of(kept, zone) if kept else None)
    if days.last is None:
        raise BadRequest("last_day", "missing")
    before = _facts(kept, zone) if kept else {}
    if kept is None:
        kept = Announcement()
        session.add(kept)
    kept.audience, kept.text, kept.text_es = command.audience, text, text_es
    kept.shown_from, kept.shown_until = day_bounds(days.first, zone)[0], day_bounds(days.last, zone)[1]
    session.flush()
    keep(session, actor, NOUN, kept.id, before, _facts(kept, zone), now=now)
    return kept


def _facts(kept: Announcement, zone: ZoneInfo) -> dict[str, str]:
    days = days_of(kept, zone)
    return {
        "audience": kept.audience, "text": kept.text, "text_es": kept.text_es, "first_day": days.first.isoformat(),
        "last_day": days.last.isoformat() if days.last else "",
    }  # fmt: skip
