"""The state approves: each location by itself, and with the first one the organization.

Approval makes the location of the Provider Portal with its identifiers and invites its first Location Manager, so that
it can receive stock. In an update the approved version stays in force until the new one takes its place here.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.enrollment import states
from app.domain.enrollment.dossier import load_dossier
from app.domain.enrollment.errors import NothingToDecide
from app.domain.enrollment.journal import move_enrollment, move_location, note
from app.domain.enrollment.models import (
    Correction,
    EnrolledLocation,
    Enrollment,
    PracticingProvider,
    StorageUnit,
)
from app.domain.enrollment.people import tell
from app.domain.enrollment.queries import get_enrollment, location_to_change
from app.domain.providers.add_location import AddLocation, open_location
from app.domain.providers.add_location import suggest_pin as suggest_pin
from app.domain.providers.models import Location, ProviderOrganization


@dataclass(frozen=True, slots=True)
class ApproveLocation:
    """`provider_pin` is six digits; it is needed once, and not read in an update."""

    enrolled_location_id: UUID
    provider_pin: str = ""


def approve_location(session: Session, actor: Actor, command: ApproveLocation, *, now: datetime) -> EnrolledLocation:
    """Approve a location as it was submitted. Raises NothingToDecide, BadPin or PinTaken."""
    enrollment, location = for_decision(session, actor, command.enrolled_location_id)
    parent = _organization(session, enrollment, now)
    if location.location_id is None:
        place = open_location(session, actor, parent, place_of(enrollment, location, command.provider_pin), now=now)
        location.location_id = place.id
    else:
        _follow(session.get_one(Location, location.location_id), location)
    move_location(session, actor, enrollment, location, "approve", now=now)
    location.approved, location.decided_at = own_answers(location.answers), now
    for table in (StorageUnit, PracticingProvider):
        session.execute(
            update(table).where(table.enrolled_location_id == location.id).values(approved=table.removed_at.is_(None))
        )
    _approve_section_a(session, actor, enrollment, now)
    tell(session, "enrollment.approved", enrollment, to="coordinator", location=location, now=now)
    finish_review(session, actor, enrollment, now=now)
    session.flush()
    return location


def approve_enrollment(session: Session, actor: Actor, enrollment_id: UUID, *, now: datetime) -> Enrollment:
    """Approve an update of Section A where no location waits for a decision. Raises NothingToDecide."""
    actor.require(Permission.REVIEW_ENROLLMENTS, at=None)
    enrollment = get_enrollment(session, actor, enrollment_id, to_change=True)
    covered = load_dossier(session, enrollment).covered
    if enrollment.status != states.SUBMITTED or not any(one.status == states.APPROVED for one in covered):
        raise NothingToDecide(enrollment.status)
    _organization(session, enrollment, now)
    _approve_section_a(session, actor, enrollment, now)
    finish_review(session, actor, enrollment, now=now)
    session.flush()
    return enrollment


def for_decision(session: Session, actor: Actor, enrolled_location_id: UUID) -> tuple[Enrollment, EnrolledLocation]:
    """A location that waits for the state's decision, held. Raises NothingToDecide when it does not (any more)."""
    actor.require(Permission.REVIEW_ENROLLMENTS, at=None)
    enrollment, location = location_to_change(session, actor, enrolled_location_id)
    if enrollment.status != states.SUBMITTED or location.status != states.COMPLETE:
        raise NothingToDecide(location.status)
    unsent = Correction.sent_at.is_(None), Correction.enrolled_location_id == location.id
    session.execute(delete(Correction).where(*unsent))
    return enrollment, location


def finish_review(session: Session, actor: Actor, enrollment: Enrollment, *, now: datetime) -> None:
    """After a decision: when none is left to be made, the enrollment is approved, or denied with its last location."""
    covered = load_dossier(session, enrollment).covered
    if any(location.status != states.APPROVED for location in covered):
        return
    if covered and enrollment.approved != own_answers(enrollment.answers):
        return
    act = "approve" if covered else "deny"
    move_enrollment(session, actor, enrollment, act, now=now, locations=len(covered))
    enrollment.decided_at = now
    tell(session, "enrollment.approved" if covered else "enrollment.denied", enrollment, to="administrator", now=now)


def own_answers(answers: dict[str, Any]) -> dict[str, Any]:
    """The answers without those of the state's staff."""
    return {key: value for key, value in answers.items() if not key.startswith("official_")}


def _approve_section_a(session: Session, actor: Actor, enrollment: Enrollment, now: datetime) -> None:
    if enrollment.approved != own_answers(enrollment.answers):
        enrollment.approved = own_answers(enrollment.answers)
        note(session, actor, enrollment, None, "approve_section_a", now=now)


def _organization(session: Session, enrollment: Enrollment, now: datetime) -> ProviderOrganization:
    """The provider organization of the enrollment, under its legal name."""
    if enrollment.provider_organization_id is not None:
        known = session.get_one(ProviderOrganization, enrollment.provider_organization_id)
        known.name = enrollment.name
        return known
    made = ProviderOrganization(name=enrollment.name, created_at=now)
    session.add(made)
    session.flush()
    enrollment.provider_organization_id = made.id
    return made


def place_of(enrollment: Enrollment, location: EnrolledLocation, pin: str) -> AddLocation:
    """The location of the Provider Portal that an enrolled location becomes, with its first manager."""
    answers = location.answers
    return AddLocation(
        provider_organization=enrollment.name, name=location.name, provider_pin=pin, street=_street(answers),
        city=answers.get("city", ""), county_fips=answers.get("county", ""), zip=answers.get("zip", ""),
        phone=answers.get("shipping_phone", ""), manager_first_name=answers.get("manager_first_name", ""),
        manager_last_name=answers.get("manager_last_name", ""), manager_email=answers.get("manager_email", ""),
        manager_ncid=answers.get("manager_ncid", ""),
    )  # fmt: skip


def _follow(place: Location, location: EnrolledLocation) -> None:
    """The location of the Provider Portal is named and addressed as approved."""
    answers = location.answers
    place.name, place.street, place.city = location.name, _street(answers), answers.get("city", "")
    place.county_fips, place.zip = answers.get("county", ""), answers.get("zip", "")
    place.phone = answers.get("shipping_phone", "")


def _street(answers: dict[str, Any]) -> str:
    return ", ".join(part for part in (answers.get("street"), answers.get("street_2")) if part)[:255]
