"""The Vaccine Coordinator says that Section B is complete; then the provider agreement and the attestation are signed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.enrollment.advance import advance
from app.domain.enrollment.dossier import load_dossier
from app.domain.enrollment.duties import missing_in_section_b
from app.domain.enrollment.errors import Incomplete
from app.domain.enrollment.journal import move_location
from app.domain.enrollment.models import EnrolledLocation
from app.domain.enrollment.save_section_b import location_for_section_b
from app.domain.enrollment.settle import open_for_section_b, refuse_open


def complete_section_b(
    session: Session, actor: Actor, enrolled_location_id: UUID, *, now: datetime
) -> EnrolledLocation:
    """Section B is complete. Raises Incomplete, CorrectionsOpen or NotNow."""
    enrollment, location = location_for_section_b(session, actor, enrolled_location_id)
    missing = missing_in_section_b(load_dossier(session, enrollment), location)
    if missing:
        raise Incomplete(missing)
    refuse_open(open_for_section_b(session, enrollment, location))
    move_location(session, actor, enrollment, location, "complete_section_b", now=now)
    advance(session, actor, enrollment, now=now)
    session.flush()
    return location
