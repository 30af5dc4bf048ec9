"""Who may do what in an enrollment: places within a place."""

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission, Role
from app.domain.enrollment.models import EnrolledLocation
from app.domain.errors import NotAllowed, NotFound

OFFICERS = {"ceo": Role.OFFICER_CEO, "cmo": Role.OFFICER_CMO}


def require_at(
    session: Session, actor: Actor, permission: Permission, *, enrollment_id: UUID,
    enrolled_location_id: UUID | None = None,
) -> None:  # fmt: skip
    """Raise NotFound where the actor has no part in the enrollment, NotAllowed where the part does not reach so far.

    A role at the enrollment reaches all its locations. A Vaccine Coordinator's reaches one location, and of the
    enrollment around it only its stage (VIEW_ENROLLMENT).
    """
    if enrolled_location_id is not None and not _belongs(session, enrollment_id, enrolled_location_id):
        raise NotFound(enrolled_location_id)
    if actor.may(permission, at=enrollment_id):
        return
    if enrolled_location_id is not None:
        if actor.may(permission, at=enrolled_location_id):
            return
        if actor.knows(enrollment_id) or actor.knows(enrolled_location_id):
            raise NotAllowed
        raise NotFound(enrolled_location_id)
    coordinates = _coordinates_any(session, actor, enrollment_id)
    if coordinates and permission is Permission.VIEW_ENROLLMENT:
        return
    if coordinates or actor.knows(enrollment_id):
        raise NotAllowed
    raise NotFound(enrollment_id)


def capacities(actor: Actor, enrollment_id: UUID) -> tuple[str, ...]:
    """In which officer's capacity the actor may sign: "ceo", "cmo", both or none."""
    held = {grant.role for grant in actor.grants if grant.scope_id == enrollment_id}
    return tuple(capacity for capacity, role in OFFICERS.items() if role in held)


def _belongs(session: Session, enrollment_id: UUID, enrolled_location_id: UUID) -> bool:
    question = exists().where(
        EnrolledLocation.id == enrolled_location_id, EnrolledLocation.enrollment_id == enrollment_id
    )
    return bool(session.scalar(select(question)))


def _coordinates_any(session: Session, actor: Actor, enrollment_id: UUID) -> bool:
    places = [grant.scope_id for grant in actor.grants if grant.scope_kind == "enrolled_location"]
    question = exists().where(EnrolledLocation.id.in_(places), EnrolledLocation.enrollment_id == enrollment_id)
    return bool(places) and bool(session.scalar(select(question)))
