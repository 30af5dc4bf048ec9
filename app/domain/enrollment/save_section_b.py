"""Section B is saved step by step by the Vaccine Coordinator of the location."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.enrollment import fields, states
from app.domain.enrollment.access import require_at
from app.domain.enrollment.advance import advance
from app.domain.enrollment.answers import put_answers
from app.domain.enrollment.journal import move_location, note
from app.domain.enrollment.models import EnrolledLocation, Enrollment
from app.domain.enrollment.queries import location_to_change
from app.domain.enrollment.settle import settle_changed

_OWN = {field.key: field for field in fields.SECTION_B}
TAKES_ANSWERS = frozenset({states.NOT_STARTED, states.DRAFT, states.COMPLETE, states.RETURNED, states.UPDATING})


@dataclass(frozen=True, slots=True)
class SaveSectionB:
    """`version` is that of the location when the form was shown, `seen` the answers that were shown."""

    enrolled_location_id: UUID
    answers: Mapping[str, Any]
    version: int
    seen: Mapping[str, Any] | None = None


def save_section_b(session: Session, actor: Actor, command: SaveSectionB, *, now: datetime) -> EnrolledLocation:
    """Keep some answers of Section B; the location is complete again only when the coordinator says so.

    Raises FieldsRefused, EditedByOthers or NotNow (an approved location first begins an update).
    """
    enrollment, location = location_for_section_b(session, actor, command.enrolled_location_id)
    changed = put_answers(
        location, _OWN, command.answers, version=command.version, seen=command.seen, by_id=actor.id, now=now
    )
    if changed:
        part_changed(session, actor, enrollment, location, changed, now=now)
    return location


def location_for_section_b(
    session: Session, actor: Actor, enrolled_location_id: UUID
) -> tuple[Enrollment, EnrolledLocation]:
    """A location whose Section B the actor may change now. Raises NotFound, NotAllowed or NotNow."""
    enrollment, location = location_to_change(session, actor, enrolled_location_id)
    require_at(session, actor, Permission.EDIT_SECTION_B, enrollment_id=enrollment.id, enrolled_location_id=location.id)
    states.refuse_unless(states.SECTION_B_STAGES, enrollment.status, "edit")
    states.refuse_unless(TAKES_ANSWERS, location.status, "edit")
    return enrollment, location


def part_changed(
    session: Session, actor: Actor, enrollment: Enrollment, location: EnrolledLocation, changed: set[str], *,
    now: datetime,
) -> None:  # fmt: skip
    """After anything of Section B changed: note it, settle what was asked, and open what was complete."""
    if location.status == states.NOT_STARTED:
        move_location(session, actor, enrollment, location, "begin", now=now)
    elif location.status == states.COMPLETE:
        act = "edit" if location.approved is None else "edit_update"
        move_location(session, actor, enrollment, location, act, now=now, fields=sorted(changed))
    else:
        note(session, actor, enrollment, location, "edit", now=now, fields=sorted(changed))
    settle_changed(session, enrollment, location, changed, now=now)
    advance(session, actor, enrollment, now=now)
    session.flush()
