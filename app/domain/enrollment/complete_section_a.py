"""The administrator says that Section A is complete: from now on its Vaccine Coordinators are asked for Section B."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.enrollment import states
from app.domain.enrollment.access import require_at
from app.domain.enrollment.advance import advance
from app.domain.enrollment.dossier import load_dossier
from app.domain.enrollment.duties import missing_in_location, missing_in_section_a
from app.domain.enrollment.errors import Incomplete
from app.domain.enrollment.journal import move_enrollment, note
from app.domain.enrollment.models import Enrollment
from app.domain.enrollment.people import name_coordinators
from app.domain.enrollment.queries import get_enrollment
from app.domain.enrollment.settle import open_for_section_a, refuse_open


def complete_section_a(session: Session, actor: Actor, enrollment_id: UUID, *, now: datetime) -> Enrollment:
    """Section A first, then Section B of each location. Raises Incomplete, CorrectionsOpen or NotNow.

    Done again after a return or in an update, it sends Section A on; nobody is asked twice.
    """
    require_at(session, actor, Permission.EDIT_SECTION_A, enrollment_id=enrollment_id)
    enrollment = get_enrollment(session, actor, enrollment_id, to_change=True)
    states.refuse_unless(states.EDITABLE, enrollment.status, "complete_section_a")
    dossier = load_dossier(session, enrollment)
    missing = missing_in_section_a(dossier)
    if any(missing_in_location(location) for location in dossier.covered):
        missing = (*missing, "locations")
    if missing:
        raise Incomplete(missing)
    refuse_open(open_for_section_a(session, enrollment))
    enrollment.section_a_done = True
    if enrollment.status == states.SECTION_A:
        move_enrollment(session, actor, enrollment, "complete_section_a", now=now, locations=len(dossier.covered))
    else:
        note(session, actor, enrollment, None, "complete_section_a", now=now)
    waiting = [location for location in dossier.covered if location.status != states.APPROVED]
    name_coordinators(session, actor, enrollment, waiting, now=now)
    advance(session, actor, enrollment, now=now)
    session.flush()
    return enrollment
