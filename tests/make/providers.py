"""Provider organizations and locations. Every maker commits."""

from itertools import count

from sqlalchemy.orm import Session

from app.domain.providers.models import Location, ProviderOrganization
from app.infra import clock

_pins = count(650001)


def location(session: Session, name: str = "Eastside Clinic", **other: str) -> Location:
    parent = ProviderOrganization(name=f"{name} Health", created_at=clock.now())
    session.add(parent)
    session.flush()
    made = Location(
        provider_organization_id=parent.id, name=name, provider_pin=str(next(_pins)), city="Raleigh", county_fips="37183",
        zip="27601", created_at=clock.now(), **other,
    )  # fmt: skip
    session.add(made)
    session.commit()
    return made
