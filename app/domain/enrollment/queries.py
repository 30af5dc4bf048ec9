"""Which enrollments and locations an actor may see. Two doors; everything else is reached through them."""

from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.enrollment import states
from app.domain.enrollment.models import (
    Correction,
    EnrolledLocation,
    Enrollment,
    EnrollmentEvent,
    PracticingProvider,
    Signature,
    StorageUnit,
)
from app.domain.errors import NotFound
from app.infra.paging import Slice, pack, unpack

Row = TypeVar("Row")


def enrollments_visible_to(actor: Actor) -> Select[Enrollment]:
    """The one door to enrollments: those where the actor has a role, or which have a location where they have one."""
    query = select(Enrollment)
    if actor.kind == "system" or actor.may(Permission.REVIEW_ENROLLMENTS, at=None):
        return query
    places = actor.places(Permission.VIEW_ENROLLMENT)
    around = select(EnrolledLocation.enrollment_id).where(EnrolledLocation.id.in_(places))
    return query.where(or_(Enrollment.id.in_(places), Enrollment.id.in_(around)))


def enrolled_locations_visible_to(actor: Actor) -> Select[EnrolledLocation]:
    """The one door to enrolled locations: all of an enrollment for its roles, their own for Vaccine Coordinators."""
    query = select(EnrolledLocation)
    if actor.kind == "system" or actor.may(Permission.REVIEW_ENROLLMENTS, at=None):
        return query
    places = actor.places(Permission.VIEW_ENROLLMENT)
    return query.where(or_(EnrolledLocation.id.in_(places), EnrolledLocation.enrollment_id.in_(places)))


def get_enrollment(session: Session, actor: Actor, enrollment_id: UUID, *, to_change: bool = False) -> Enrollment:
    """One enrollment. Raises NotFound. `to_change` holds others off it and its locations until the transaction ends."""
    query = enrollments_visible_to(actor).where(Enrollment.id == enrollment_id)
    return _one(session, query, to_change)


def get_enrolled_location(
    session: Session, actor: Actor, enrolled_location_id: UUID, *, enrollment_id: UUID | None = None
) -> EnrolledLocation:
    """One location (of the enrollment, when given). Raises NotFound."""
    query = enrolled_locations_visible_to(actor).where(EnrolledLocation.id == enrolled_location_id)
    if enrollment_id is not None:
        query = query.where(EnrolledLocation.enrollment_id == enrollment_id)
    return _one(session, query, False)


def location_to_change(
    session: Session, actor: Actor, enrolled_location_id: UUID
) -> tuple[Enrollment, EnrolledLocation]:
    """A location and its enrollment, both fresh and held: whoever changes a part locks the whole. Raises NotFound."""
    seen = get_enrolled_location(session, actor, enrolled_location_id)
    enrollment = get_enrollment(session, actor, seen.enrollment_id, to_change=True)
    return enrollment, _one(session, select(EnrolledLocation).where(EnrolledLocation.id == seen.id), True)


def get_unit(session: Session, actor: Actor, unit_id: UUID, *, enrolled_location_id: UUID | None = None) -> StorageUnit:
    """One storage unit of a location that the actor may see. Raises NotFound."""
    seen = enrolled_locations_visible_to(actor).with_only_columns(EnrolledLocation.id)
    query = select(StorageUnit).where(StorageUnit.id == unit_id, StorageUnit.enrolled_location_id.in_(seen))
    if enrolled_location_id is not None:
        query = query.where(StorageUnit.enrolled_location_id == enrolled_location_id)
    return _one(session, query, False)


def get_provider(session: Session, actor: Actor, provider_id: UUID) -> PracticingProvider:
    """One practising provider of a location that the actor may see. Raises NotFound."""
    seen = enrolled_locations_visible_to(actor).with_only_columns(EnrolledLocation.id)
    return _one(
        session,
        select(PracticingProvider).where(
            PracticingProvider.id == provider_id, PracticingProvider.enrolled_location_id.in_(seen)
        ),
        False,
    )


def my_enrollments(session: Session, actor: Actor) -> list[Enrollment]:
    """The enrollments in which the actor has a part, newest first. Staff of the state use the queue."""
    if actor.is_state:
        return []
    return list(session.scalars(enrollments_visible_to(actor).order_by(Enrollment.id.desc()).limit(500)))


def my_locations(session: Session, actor: Actor, enrollment_id: UUID) -> list[EnrolledLocation]:
    """The locations of an enrollment for which the actor is the Vaccine Coordinator, in their order."""
    places = actor.places(Permission.EDIT_SECTION_B)
    query = select(EnrolledLocation).where(
        EnrolledLocation.id.in_(places), EnrolledLocation.enrollment_id == enrollment_id
    )
    return list(session.scalars(query.order_by(EnrolledLocation.number)))


def list_locations(
    session: Session, actor: Actor, enrollment_id: UUID, *, name: str = "", after: str | None = None, size: int = 50
) -> Slice[EnrolledLocation]:
    """The locations of an enrollment that the actor may see, by number; `name` finds by a part of the name."""
    query = (
        enrolled_locations_visible_to(actor)
        .where(EnrolledLocation.enrollment_id == enrollment_id, EnrolledLocation.status != states.REMOVED)
        .order_by(EnrolledLocation.number)
        .limit(size + 1)
    )
    if name.strip():
        query = query.where(EnrolledLocation.name.icontains(name.strip(), autoescape=True))
    key = unpack(after, 1)
    if key and key[0].isdecimal():
        query = query.where(EnrolledLocation.number > int(key[0]))
    found = list(session.scalars(query))
    return Slice(found[:size], pack(found[size - 1].number) if len(found) > size else None)


def units_of(session: Session, location: EnrolledLocation, *, approved: bool = False) -> list[StorageUnit]:
    """The storage units as applied for (or those in force), in the order in which they were added."""
    wanted = StorageUnit.approved.is_(True) if approved else StorageUnit.removed_at.is_(None)
    query = select(StorageUnit).where(StorageUnit.enrolled_location_id == location.id, wanted)
    return list(session.scalars(query.order_by(StorageUnit.id)))


def providers_of(
    session: Session, location: EnrolledLocation, *, after: str | None = None, size: int = 100, approved: bool = False
) -> Slice[PracticingProvider]:
    """The practising providers as applied for (or those in force), in the order in which they were added."""
    wanted = PracticingProvider.approved.is_(True) if approved else PracticingProvider.removed_at.is_(None)
    query = select(PracticingProvider).where(PracticingProvider.enrolled_location_id == location.id, wanted)
    key = unpack(after, 1)
    if key and (last := _as_id(key[0])):
        query = query.where(PracticingProvider.id > last)
    found = list(session.scalars(query.order_by(PracticingProvider.id).limit(size + 1)))
    return Slice(found[:size], pack(found[size - 1].id) if len(found) > size else None)


def corrections_of(
    session: Session, actor: Actor, enrollment: Enrollment, *, location: EnrolledLocation | None = None,
    settled: bool = False,
) -> list[Correction]:  # fmt: skip
    """Open (or settled) corrections of Section A, or of one location. Drafts of the state are seen by the state only."""
    query = select(Correction).where(
        Correction.enrollment_id == enrollment.id,
        Correction.enrolled_location_id == location.id if location else Correction.enrolled_location_id.is_(None),
        Correction.settled_at.is_not(None) if settled else Correction.settled_at.is_(None),
    )
    if not actor.may(Permission.REVIEW_ENROLLMENTS, at=None):
        query = query.where(Correction.sent_at.is_not(None))
    return list(session.scalars(query.order_by(Correction.id)))


def signatures_of(
    session: Session, enrollment: Enrollment, *, location: EnrolledLocation | None = None
) -> list[Signature]:
    """All signatures of the officers, or of one location's coordinator: the standing ones and those replaced since."""
    query = select(Signature).where(
        Signature.enrollment_id == enrollment.id,
        Signature.enrolled_location_id == location.id if location else Signature.enrolled_location_id.is_(None),
    )
    return list(session.scalars(query.order_by(Signature.id)))


def get_signature(session: Session, actor: Actor, enrollment_id: UUID, signature_id: UUID) -> Signature:
    """One signature. A coordinator sees those of their locations, everybody else all. Raises NotFound."""
    enrollment = get_enrollment(session, actor, enrollment_id)
    query = select(Signature).where(Signature.id == signature_id, Signature.enrollment_id == enrollment.id)
    if not actor.may(Permission.VIEW_SECTION_A, at=enrollment_id):
        seen = enrolled_locations_visible_to(actor).with_only_columns(EnrolledLocation.id)
        query = query.where(Signature.enrolled_location_id.in_(seen))
    return _one(session, query, False)


def events_of(session: Session, enrollment: Enrollment, *, limit: int = 200) -> list[EnrollmentEvent]:
    """What happened, newest first. The caller came through the door."""
    query = select(EnrollmentEvent).where(EnrollmentEvent.enrollment_id == enrollment.id)
    return list(session.scalars(query.order_by(EnrollmentEvent.id.desc()).limit(limit)))


def _one(session: Session, query: Select[Row], to_change: bool) -> Row:
    if to_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
