"""People who have registered, with the answers that a test is about. Every maker commits."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, GrantedRole, Role, system
from app.domain.eligibility.close_group import CloseGroup, close_group
from app.domain.eligibility.models import Group
from app.domain.eligibility.open_group import OpenGroup, open_group
from app.domain.recipients.complete_registration import CompleteRegistration, complete_registration
from app.domain.recipients.models import Recipient
from app.domain.recipients.registration import TERMS, Registration
from app.infra import clock
from tests.make.vaccinations import ZONE as ZONE
from tests.make.vaccinations import someone

WAKE, ALAMANCE = "37183", "37001"
STAFF = Actor("person", None, (GrantedRole(Role.STATE_STAFF, "program", None),))
ANSWERS: dict[str, Any] = {
    "middle_name": "", "suffix": "", "phone": "", "contact_way": "email", "language": "en", "street": "1 Oak Street",
    "street_2": "", "city": "Raleigh", "county_fips": WAKE, "state_abbr": "NC", "zip": "27601", "in_state": "yes",
    "gender": "female", "races": ("2106-3",), "ethnicity": "2186-5", "industry": "other", "in_person": "not_working",
    "patient_contact": "no", "work_with": "none", "student": "no", "living": "none", "conditions": ("none",), "pregnant": "", "terms": TERMS, "sharing": TERMS,
    "guardian": "",
}  # fmt: skip


def answer(session: Session, person: Recipient, *, now: datetime | None = None, **answers: Any) -> Recipient:
    """Complete the registration, or change its answers."""
    now = now or clock.now()
    told = ANSWERS | {
        "first_name": person.first_name, "last_name": person.last_name, "email": person.email or "",
        "contact_way": "email" if person.email else "none",
    }  # fmt: skip
    command = CompleteRegistration(
        person.id, person.version, Registration(**(told | answers)), clock.local_date(now, ZONE)
    )
    complete_registration(session, system("test"), command, now=now)
    session.commit()
    return person


def registered(
    session: Session, born: date = date(1990, 5, 14), *, email: str | None = None, **answers: Any
) -> Recipient:
    """Somebody of Wake County at home, without a condition, but for what is told otherwise."""
    return answer(session, someone(session, birth_date=born, email=email), **answers)


def group(session: Session, code: str) -> Group:
    """A group of the plan of January 14, 2021."""
    return session.scalars(select(Group).where(Group.code == code)).one()


def opened(session: Session, code: str, day: date, county: str = "", *, held: bool = False) -> None:
    open_group(session, STAFF, OpenGroup(group(session, code).id, day, county, mail_held=held), now=clock.now())
    session.commit()


def closed(session: Session, code: str, day: date, county: str = "") -> None:
    close_group(session, STAFF, CloseGroup(group(session, code).id, day, county), now=clock.now())
    session.commit()
