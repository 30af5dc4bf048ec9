"""What the address of a search asks for, and that somebody asked."""

from typing import Any
from uuid import UUID

from flask import request

from app.domain.oversight.access_log import Asked, note_search
from app.domain.oversight.acts import KINDS
from app.infra.clock import day_bounds
from app.portals.state.access_log.forms import DAYS, day_of
from app.web import context
from app.web.context import actor, now


def asked_for() -> Asked:
    """What the address asks for; rubbish narrows nothing."""
    zone = context.settings().zone
    first, last = (day_of(request.args.get(name, "")) for name in DAYS)
    kind = request.args.get("kind", "")
    return Asked(
        person_id=_id("person"), user_id=_id("user"), kind=kind if kind in KINDS else None,
        since=day_bounds(first, zone)[0] if first else None,
        before=day_bounds(last, zone)[1] if last else None,
    )  # fmt: skip


def arguments_of(asked: Asked) -> dict[str, Any]:
    """Who is looked for, as it stands in an address."""
    return {"person": asked.person_id, "user": asked.user_id}


def note(asked: Asked, *, exported: str = "") -> None:
    """Log that somebody read the log, whatever becomes of the page."""
    who, moment, parts = actor(), now(), context.database()

    def write() -> None:
        with parts.transaction() as session:
            note_search(session, who, asked, exported=exported, now=moment)

    context.afterwards(write)


def _id(name: str) -> UUID | None:
    try:
        return UUID(request.args.get(name, ""))
    except ValueError:
        return None
