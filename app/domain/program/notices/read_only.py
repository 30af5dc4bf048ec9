"""Use case: staff or an operator make the program read-only at once, and let it be changed again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.program.notices.current import load_standing
from app.domain.program.notices.models import ReadOnlySwitch
from app.domain.program.notices.schedule import cancel_notice
from app.infra import audit
from app.infra.db import one_at_a_time


@dataclass(frozen=True, slots=True)
class SwitchReadOnly:
    """`because` is for the history, in up to 255 characters."""

    on: bool
    because: str = ""


def switch_read_only(session: Session, actor: Actor, command: SwitchReadOnly, *, now: datetime) -> None:
    """On or off; what holds already is left as it is. Off ends a read-only downtime under way, too.

    Raises NotFound, NotAllowed.
    """
    actor.require(Permission.MANAGE_NOTICES, at=None)
    one_at_a_time(session, "read-only")
    standing = load_standing(session, now=now)
    if not command.on:
        for notice in standing.notices:
            if notice.rests(now):
                cancel_notice(session, actor, notice.id, now=now)
    if standing.switched_on == command.on:
        return
    made = ReadOnlySwitch(on=command.on, because=command.because.strip()[:255], made_at=now, made_by_id=actor.id)
    session.add(made)
    session.flush()
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="program.read_only" if command.on else "program.writable",
        subject_kind="program", subject_id=made.id, now=now,
    )  # fmt: skip


def list_switches(session: Session, actor: Actor, *, limit: int = 20) -> list[ReadOnlySwitch]:
    """The latest, newest first. Raises NotFound, NotAllowed."""
    actor.require(Permission.MANAGE_NOTICES, at=None)
    return list(session.scalars(select(ReadOnlySwitch).order_by(ReadOnlySwitch.id.desc()).limit(limit)))


