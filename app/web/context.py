"""What a request may ask for: its session, who acts, the time, the settings. Set up by the factory."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, cast
from uuid import UUID

from flask import current_app, g, request
from werkzeug.exceptions import Unauthorized

from app.config import Settings
from app.domain.accounts.access import Actor
from app.infra import audit, clock
from app.infra.db import Database
from app.infra.harmful import Scanner
from app.infra.queue import Queue
from app.infra.storage import FolderStorage
from app.web.announcements import Announcements

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.accounts.models import Account


@dataclass(frozen=True, slots=True)
class Machines:
    """The parts of one running installation."""

    settings: Settings
    database: Database
    storage: FolderStorage
    queue: Queue
    announcements: Announcements = field(default_factory=Announcements, compare=False)
    scanner: Scanner | None = None


def machines() -> Machines:
    """The parts behind the current application."""
    return cast(Machines, current_app.extensions["cvms"])


def settings() -> Settings:
    """The settings of this installation."""
    return machines().settings


def database() -> Database:
    """The database itself, for short transactions apart from the request's."""
    return machines().database


def storage() -> FolderStorage:
    """Where files are kept."""
    return machines().storage


def db() -> "Session":
    """The session of this request: it writes on a POST and only reads on a GET."""
    if "session" not in g:
        g.session = machines().database.session(write=request.method not in {"GET", "HEAD", "OPTIONS"})
    return cast("Session", g.session)


def write_here() -> None:
    """From here on this GET writes: an arrival from outside, which the portal commits when it ended well."""
    let_go()
    g.session = machines().database.session(write=True)


def let_go(_error: BaseException | None = None) -> None:
    """Roll back what was not committed and give the connection back."""
    session = g.pop("session", None)
    if session is not None:
        session.close()


def now() -> datetime:
    """The moment of this request, the same for all that it does."""
    if "now" not in g:
        g.now = clock.now()
    return cast(datetime, g.now)


def today() -> date:
    """The calendar day of this request in the program's zone."""
    return clock.local_date(now(), settings().zone)


def find_account() -> "Account | None":
    """Who is signed in, if anybody."""
    return cast("Account | None", g.get("account"))


def account() -> "Account":
    """Who is signed in. Raises Unauthorized, which leads to the sign-in page and back."""
    found = find_account()
    if found is None:
        raise Unauthorized
    return found


def actor() -> Actor:
    """Who acts. Raises Unauthorized when nobody is signed in."""
    found = g.get("actor")
    if found is None:
        raise Unauthorized
    return cast(Actor, found)


def client_address() -> str:
    """The network address of the caller, as far as trusted proxies tell it."""
    return request.remote_addr or "unknown"


def looked_only() -> None:
    """This POST only shows something: nothing of it is kept, and the same form can be sent again, also after Back."""
    g.looked_only = True


def wake(job: str) -> None:
    """Wake a job after this request's commit."""
    g.setdefault("to_wake", set()).add(job)


def afterwards(act: Callable[[], object]) -> None:
    """Do something in a transaction of its own once this request's is over, committed or not.

    On SQLite a second writing transaction would otherwise wait for the first, which waits for it.
    """
    g.setdefault("afterwards", []).append(act)


def settle() -> None:
    """Run what was put off until the transaction's end. Called by Portal."""
    for job in sorted(g.pop("to_wake", set())):
        machines().queue.wake(job)
    for act in g.pop("afterwards", []):
        act()


def note_read(act: str, subject_kind: str, subject_id: UUID, place_id: UUID | None = None) -> None:
    """Log that somebody looked at a person, whatever becomes of the page."""
    note_reads(act, [(subject_kind, subject_id)], place_id)


def note_reads(act: str, subjects: list[tuple[str, UUID]], place_id: UUID | None = None) -> None:
    """Log that somebody looked at several things at once: (kind, id) of each."""
    who, moment, parts = actor(), now(), database()

    def note() -> None:
        with parts.transaction() as session:
            for kind, subject_id in subjects:
                audit.record(
                    session, actor_kind=who.kind, actor_id=who.id, act=act, subject_kind=kind, subject_id=subject_id,
                    place_id=place_id, now=moment,
                )  # fmt: skip

    afterwards(note)


def note_search(act: str, found: int) -> None:
    """Log that somebody searched and how many they were shown; never what they typed."""
    who, moment, parts = actor(), now(), database()
    afterwards(
        lambda: audit.record_apart(
            parts, actor_kind=who.kind, actor_id=who.id, act=act, subject_kind="search", subject_id=None, now=moment,
            found=found,
        )
    )  # fmt: skip
