"""May a provider organization redistribute? Only under the Redistribution Agreement that both officers signed.

What the state has approved counts: an update that asks for it, or gives it up, changes nothing before its approval.
"""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.enrollment import states
from app.domain.enrollment.agreements import REDISTRIBUTION_AGREEMENT
from app.domain.enrollment.models import Enrollment, Signature

OFFICERS = ("ceo", "cmo")
_NOT_IN_FORCE = (states.SECTION_A, states.LOCATIONS, states.DENIED, states.DISENROLLED)


def may_redistribute(session: Session, provider_organization_id: UUID) -> bool:
    """True while an enrollment of the organization takes part and has the standing signatures of both officers."""
    signed = (
        select(func.count(Signature.capacity.distinct()))
        .where(
            Signature.enrollment_id == Enrollment.id,
            Signature.enrolled_location_id.is_(None),
            Signature.document == REDISTRIBUTION_AGREEMENT,
            Signature.capacity.in_(OFFICERS),
            Signature.superseded_at.is_(None),
        )
        .correlate(Enrollment)
        .scalar_subquery()
    )
    found = select(Enrollment.id).where(
        Enrollment.provider_organization_id == provider_organization_id,
        Enrollment.status.not_in(_NOT_IN_FORCE),
        Enrollment.approved["redistribution"].as_string() == "yes",
        signed == len(OFFICERS),
    )
    return session.scalar(found.limit(1)) is not None
