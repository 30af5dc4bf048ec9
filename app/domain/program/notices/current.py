"""What is announced or at rest now: few rows, read once in a while and asked at every page.

Everything that begins or ends by the clock is decided when it is asked, from rows that hold until they are read anew.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.program.notices.models import Notice, ReadOnlySwitch

PORTALS = ("enrollment", "provider", "organization", "recipient", "helpdesk", "state")


@dataclass(frozen=True, slots=True)
class Announced:
    """A notice as pages show it. `portals` are codes of PORTALS."""

    id: UUID
    kind: str
    title: str
    text: str
    title_es: str
    text_es: str
    portals: frozenset[str]
    shown_from: datetime
    starts_at: datetime
    ends_at: datetime
    read_only: bool

    def is_shown(self, portal: str, now: datetime) -> bool:
        """True on pages of the portal; on those of no portal, such as the front door, when it is for all of them."""
        meant = portal in self.portals or (portal not in PORTALS and self.portals >= set(PORTALS))
        return meant and self.shown_from <= now < self.ends_at

    def rests(self, now: datetime) -> bool:
        """True while nothing can be changed because of it."""
        return self.read_only and self.starts_at <= now < self.ends_at


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing can be changed; `until` None: until somebody says so."""

    until: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """All that is announced and not over, and whether somebody has made the program read-only."""

    notices: tuple[Announced, ...] = ()
    switched_on: bool = False

    def shown(self, portal: str, now: datetime) -> list[Announced]:
        """What stands on a page of the portal."""
        return [one for one in self.notices if one.is_shown(portal, now)]

    def rest(self, now: datetime) -> Rest | None:
        """Whether, and until when, the program can only be read."""
        if self.switched_on:
            return Rest(None)
        ends = [one.ends_at for one in self.notices if one.rests(now)]
        return Rest(max(ends)) if ends else None


def load_standing(session: Session, *, now: datetime) -> Standing:
    """Two queries: the notices that are not over, and the latest switch."""
    query = select(Notice).where(Notice.ends_at > now, Notice.cancelled_at.is_(None)).order_by(Notice.starts_at, Notice.id)
    found = tuple(
        Announced(
            one.id, one.kind, one.title, one.text, one.title_es, one.text_es, frozenset(one.portals), one.shown_from,
            one.starts_at, one.ends_at, one.read_only,
        )
        for one in session.scalars(query)
    )  # fmt: skip
    latest = session.scalar(select(ReadOnlySwitch.on).order_by(ReadOnlySwitch.id.desc()).limit(1))
    return Standing(found, bool(latest))


def is_at_rest(session: Session, *, now: datetime) -> bool:
    """True while nothing can be changed. For jobs: asked of the database each time."""
    return load_standing(session, now=now).rest(now) is not None
