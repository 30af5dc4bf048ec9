"""Changes of groups and openings are made and written down in one place."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.eligibility.errors import UnknownCounty
from app.domain.eligibility.models import Group, Opening, PhaseChange
from app.domain.errors import NotFound
from app.domain.program.counties import county_by_fips
from app.infra import audit
from app.infra.db import one_at_a_time


def group_to_change(session: Session, actor: Actor, group_id: UUID, county_fips: str) -> Group:
    """The group, for one who manages phases, with everybody else held off. Raises NotFound, UnknownCounty."""
    actor.require(Permission.MANAGE_PHASES, at=None)
    if county_fips and county_by_fips(county_fips) is None:
        raise UnknownCounty(county_fips)
    one_at_a_time(session, "phases")
    group = session.get(Group, group_id)
    if group is None:
        raise NotFound(group_id)
    return group


def opening_of(session: Session, group_id: UUID, county_fips: str) -> Opening | None:
    """The opening of a group in a county, or in the state ("")."""
    return session.scalar(select(Opening).where(Opening.group_id == group_id, Opening.county_fips == county_fips))


def values_of(opening: Opening | None) -> dict[str, Any] | None:
    """An opening as history keeps it."""
    if opening is None:
        return None
    return {
        "effective_from": _text(opening.effective_from),
        "effective_until": _text(opening.effective_until),
        "mail_held": opening.mail_held,
    }


def note(
    session: Session, actor: Actor, group: Group, county_fips: str, act: str, before: dict[str, Any] | None,
    after: dict[str, Any] | None, *, now: datetime,
) -> None:  # fmt: skip
    """Add to the history, and to the access log, since it decides about people. Nothing where nothing changed."""
    if before == after:
        return
    session.add(
        PhaseChange(
            group_id=group.id, county_fips=county_fips, act=act, before=before, after=after, made_at=now,
            made_by_id=actor.id,
        )
    )  # fmt: skip
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act=f"phase.{act}", subject_kind="priority_group",
        subject_id=group.id, now=now, county=county_fips,
    )  # fmt: skip
    session.flush()


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
