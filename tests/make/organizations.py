"""Organizations and their contacts. Every maker commits."""

from sqlalchemy.orm import Session

from app.domain.accounts.access import system
from app.domain.organizations.create_point_of_contact import CreatePointOfContact, create_point_of_contact
from app.domain.organizations.models import Organization, PointOfContact
from app.domain.organizations.searchable import make_searchable
from app.infra import clock


def organization(session: Session, name: str = "Harvest Foods", **other: str) -> Organization:
    """An organization in the food industry of Raleigh, found by search."""
    details = {
        "industry": "food",
        "street": "12 Main St",
        "city": "Raleigh",
        "state_abbr": "NC",
        "zip": "27601",
    }
    made = Organization(name=name, **(details | other), country="United States", phone="", created_at=clock.now())
    session.add(made)
    make_searchable(session, [made])
    session.commit()
    return made


def employer(session: Session, name: str = "Harvest Foods") -> Organization:
    """An organization whose contact has confirmed its details and may upload."""
    made = organization(session, name)
    made.confirmed_at = clock.now()
    session.commit()
    return made


def point_of_contact(
    session: Session, organization: Organization, email: str = "jane.doe@example.com", **other: str
) -> PointOfContact:
    """An invited contact, Jane Doe."""
    names = {"first_name": "Jane", "last_name": "Doe"} | other
    made = create_point_of_contact(
        session, system("test"), CreatePointOfContact(None, organization.id, email=email,
        confirmed_right_person=True, **names), now=clock.now(),
    )  # fmt: skip
    session.commit()
    return made
