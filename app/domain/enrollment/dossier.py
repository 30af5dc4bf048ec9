"""All of one enrollment at a glance, in six queries for however many locations."""

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.enrollment import states
from app.domain.enrollment.models import (
    Correction,
    EnrolledLocation,
    Enrollment,
    PracticingProvider,
    Signature,
    StorageUnit,
)


@dataclass(slots=True)
class Dossier:
    """`locations` are those not removed, by number. `signatures` stand; `corrections` were sent and are open."""

    enrollment: Enrollment
    locations: list[EnrolledLocation]
    units: dict[UUID, list[StorageUnit]] = field(default_factory=dict)
    providers: dict[UUID, int] = field(default_factory=dict)
    signatures: dict[tuple[str, str, UUID | None], Signature] = field(default_factory=dict)
    corrections: list[Correction] = field(default_factory=list)

    @property
    def covered(self) -> list[EnrolledLocation]:
        """The locations that the agreement covers, or will."""
        return [location for location in self.locations if location.status not in states.GONE]


def load_dossier(session: Session, enrollment: Enrollment) -> Dossier:
    """The enrollment as it stands in this transaction."""
    session.flush()
    locations = session.scalars(
        select(EnrolledLocation)
        .where(EnrolledLocation.enrollment_id == enrollment.id, EnrolledLocation.status != states.REMOVED)
        .order_by(EnrolledLocation.number)
    )
    dossier = Dossier(enrollment, list(locations))
    ours = select(EnrolledLocation.id).where(EnrolledLocation.enrollment_id == enrollment.id)
    units: dict[UUID, list[StorageUnit]] = defaultdict(list)
    for unit in session.scalars(
        select(StorageUnit)
        .where(StorageUnit.enrolled_location_id.in_(ours), StorageUnit.removed_at.is_(None))
        .order_by(StorageUnit.id)
    ):
        units[unit.enrolled_location_id].append(unit)
    dossier.units = units
    counted = session.execute(
        select(PracticingProvider.enrolled_location_id, func.count())
        .where(PracticingProvider.enrolled_location_id.in_(ours), PracticingProvider.removed_at.is_(None))
        .group_by(PracticingProvider.enrolled_location_id)
    )
    dossier.providers = {location_id: count for location_id, count in counted}  # noqa: C416 -- not a mapping for dict()
    standing = select(Signature).where(Signature.enrollment_id == enrollment.id, Signature.superseded_at.is_(None))
    dossier.signatures = {(s.document, s.capacity, s.enrolled_location_id): s for s in session.scalars(standing)}
    dossier.corrections = list(
        session.scalars(
            select(Correction)
            .where(Correction.enrollment_id == enrollment.id, Correction.settled_at.is_(None))
            .where(Correction.sent_at.is_not(None))
            .order_by(Correction.id)
        )
    )
    return dossier
