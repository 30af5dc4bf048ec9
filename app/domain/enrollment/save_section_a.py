"""Section A is saved step by step; nothing has to be complete yet."""

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
from app.domain.enrollment.journal import note
from app.domain.enrollment.models import Enrollment
from app.domain.enrollment.people import follow_officers
from app.domain.enrollment.progress import officers_done
from app.domain.enrollment.queries import get_enrollment
from app.domain.enrollment.settle import settle_changed

_OWN = {field.key: field for field in fields.SECTION_A}
_SENT_BACK = frozenset({states.RETURNED, states.UPDATING})


@dataclass(frozen=True, slots=True)
class SaveSectionA:
    """`version` is that of the enrollment when the form was shown, `seen` the answers that were shown."""

    enrollment_id: UUID
    answers: Mapping[str, Any]
    version: int
    seen: Mapping[str, Any] | None = None


def save_section_a(session: Session, actor: Actor, command: SaveSectionA, *, now: datetime) -> Enrollment:
    """Keep some answers of Section A. Raises FieldsRefused, EditedByOthers or NotNow.

    In a returned application and in an update, Section A is complete again only when the administrator says so.
    """
    require_at(session, actor, Permission.EDIT_SECTION_A, enrollment_id=command.enrollment_id)
    enrollment = get_enrollment(session, actor, command.enrollment_id, to_change=True)
    states.refuse_unless(states.EDITABLE, enrollment.status, "edit")
    before, had_signed = enrollment.answers, officers_done(session, enrollment)
    changed = put_answers(
        enrollment, _OWN, command.answers, version=command.version, seen=command.seen, by_id=actor.id, now=now
    )
    if not changed:
        return enrollment
    follow_officers(session, actor, enrollment, before, now=now)
    settle_changed(session, enrollment, None, changed, now=now)
    if enrollment.status in _SENT_BACK or fields.unanswered(fields.SECTION_A, enrollment.answers):
        enrollment.section_a_done = False
    note(session, actor, enrollment, None, "edit", now=now, fields=sorted(changed))
    advance(session, actor, enrollment, now=now, had_signed=had_signed)
    session.flush()
    return enrollment
