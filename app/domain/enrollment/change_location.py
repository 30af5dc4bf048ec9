"""What Section A says of a location is changed, or the location is taken out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission, Role
from app.domain.accounts.end_role import end_role
from app.domain.enrollment import fields, states
from app.domain.enrollment.access import require_at
from app.domain.enrollment.add_location import known_places, place_key
from app.domain.enrollment.advance import advance
from app.domain.enrollment.answers import put_answers
from app.domain.enrollment.dossier import load_dossier
from app.domain.enrollment.duties import coordinators_duties, missing_in_section_b
from app.domain.enrollment.errors import Incomplete, NotNow, SameLocation
from app.domain.enrollment.journal import move_location, note
from app.domain.enrollment.models import EnrolledLocation, Enrollment
from app.domain.enrollment.people import follow_coordinator, name_coordinators, tell
from app.domain.enrollment.queries import location_to_change
from app.domain.enrollment.settle import drop_corrections_of, settle_changed

_OWN = {field.key: field for field in fields.LOCATION}


@dataclass(frozen=True, slots=True)
class ChangeLocation:
    """`answers` are some of `fields.LOCATION`; `version` and `seen` as with SaveSectionA."""

    enrolled_location_id: UUID
    answers: Mapping[str, Any]
    version: int
    seen: Mapping[str, Any] | None = None


def change_location(session: Session, actor: Actor, command: ChangeLocation, *, now: datetime) -> EnrolledLocation:
    """Change name, address or Vaccine Coordinator. Another coordinator is asked; the earlier one's part ends.

    Raises FieldsRefused, Incomplete, SameLocation, EditedByOthers or NotNow.
    """
    enrollment, location = location_to_change(session, actor, command.enrolled_location_id)
    require_at(session, actor, Permission.EDIT_SECTION_A, enrollment_id=enrollment.id)
    states.refuse_unless(states.EDITABLE, enrollment.status, "edit")
    states.refuse_unless(ALIVE, location.status, "edit")
    before = location.answers
    changed = put_answers(
        location, _OWN, command.answers, version=command.version, seen=command.seen, by_id=actor.id, now=now
    )
    if not changed:
        return location
    _refuse_bad(session, enrollment, location)
    note(session, actor, enrollment, location, "edit", now=now, fields=sorted(changed))
    settle_changed(session, enrollment, location, changed, now=now)
    if enrollment.status in {states.RETURNED, states.UPDATING}:
        enrollment.section_a_done = False
    replaced = follow_coordinator(session, actor, enrollment, location, before, now=now)
    _reopen(session, actor, enrollment, location, now, told=not replaced)
    if enrollment.status != states.SECTION_A:
        name_coordinators(session, actor, enrollment, [location], now=now)
    advance(session, actor, enrollment, now=now)
    session.flush()
    return location


def remove_location(
    session: Session, actor: Actor, enrolled_location_id: UUID, *, now: datetime, why: str = ""
) -> EnrolledLocation:
    """Take a location out of the application. One that was approved is disenrolled by the state instead.

    What was typed stays on record. Raises NotNow.
    """
    enrollment, location = location_to_change(session, actor, enrolled_location_id)
    require_at(session, actor, Permission.EDIT_SECTION_A, enrollment_id=enrollment.id)
    states.refuse_unless(states.EDITABLE, enrollment.status, "remove")
    if location.approved is not None:
        raise NotNow("remove", states.APPROVED)
    move_location(session, actor, enrollment, location, "remove", now=now, why=why)
    end_role(session, actor, Role.VACCINE_COORDINATOR, location.id, now=now)
    drop_corrections_of(session, location, now=now)
    advance(session, actor, enrollment, now=now)
    session.flush()
    return location


ALIVE = frozenset(
    {states.NOT_STARTED, states.DRAFT, states.COMPLETE, states.RETURNED, states.UPDATING, states.APPROVED}
)


def _refuse_bad(session: Session, enrollment: Enrollment, location: EnrolledLocation) -> None:
    missing = fields.unanswered(fields.LOCATION, location.answers)
    if missing:
        raise Incomplete(missing)
    session.flush()
    code = known_places(session, enrollment, but=location.id).get(place_key(location.answers))
    if code is not None:
        raise SameLocation(code)


def _reopen(
    session: Session, actor: Actor, enrollment: Enrollment, location: EnrolledLocation, now: datetime, *, told: bool
) -> None:
    """A coordinator whose signatures do not cover the change has to look at the location again."""
    if location.status not in {states.COMPLETE, states.APPROVED}:
        return
    dossier = load_dossier(session, enrollment)
    stands = all(duty.valid for duty in coordinators_duties(dossier, location))
    if location.status == states.APPROVED:
        move_location(session, actor, enrollment, location, "begin_update", now=now)
        if stands and not missing_in_section_b(dossier, location):
            move_location(session, actor, enrollment, location, "complete_section_b", now=now)
            return
    elif stands:
        return
    else:
        act = "edit" if location.approved is None else "edit_update"
        move_location(session, actor, enrollment, location, act, now=now)
    location.awaited_since, location.reminded = now, 0
    if told:
        tell(session, "enrollment.section_b_asked", enrollment, to="coordinator", now=now, location=location)
