"""Enrollments at any stage, made by the use cases that people use. Every maker commits."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts import invitations
from app.domain.accounts.access import Actor, Role
from app.domain.accounts.models import Account, Grant, Invitation
from app.domain.enrollment.add_location import AddEnrolledLocation, add_location
from app.domain.enrollment.agreements import PROVIDER_AGREEMENT, REDISTRIBUTION_AGREEMENT, STORAGE_ATTESTATION, current
from app.domain.enrollment.approve import ApproveLocation, approve_location, suggest_pin
from app.domain.enrollment.complete_section_a import complete_section_a
from app.domain.enrollment.complete_section_b import complete_section_b
from app.domain.enrollment.models import EnrolledLocation, Enrollment, Signature
from app.domain.enrollment.practicing_providers import AddProvider, add_provider
from app.domain.enrollment.save_section_a import SaveSectionA, save_section_a
from app.domain.enrollment.save_section_b import SaveSectionB, save_section_b
from app.domain.enrollment.sign import Sign, sign
from app.domain.enrollment.start_enrollment import StartEnrollment, start_enrollment
from app.domain.enrollment.storage_units import AddUnit, add_unit
from app.infra import clock
from tests.make.accounts import PASSWORD, actor, administrator

_ADDRESS = {"street": "12 Main Street", "city": "Raleigh", "state": "NC", "county": "37183", "zip": "27601"}
PICTURE = "pictures/ab/abababababababababababababababab"


def section_a(**other: Any) -> dict[str, Any]:
    """All answers of Section A: Harvest Pharmacy, Olga Ortiz (CEO) and Carl Mora (CMO)."""
    answers: dict[str, Any] = {
        "legal_name": "Harvest Pharmacy",
        "organization_phone": "9195550100",
        "organization_email": "office@harvest.example",
        "administrator_first_name": "Ann",
        "administrator_last_name": "Lee",
        "administrator_email": "ann@harvest.example",
        "administrator_phone": "9195550101",
        "redistribution": "no",
        "officer_cmo_title": "Medical Director",
        "officer_cmo_license_state": "NC",
        "officer_cmo_license_number": "2001-12345",
    }
    for capacity, first, last in (("cmo", "Carl", "Mora"), ("ceo", "Olga", "Ortiz")):
        prefix = f"officer_{capacity}_"
        answers |= {
            f"{prefix}first_name": first,
            f"{prefix}last_name": last,
            f"{prefix}email": f"{first.lower()}@harvest.example",
            f"{prefix}phone": "9195550102",
        }
    for prefix in ("organization_", "officer_cmo_", "officer_ceo_"):
        answers |= {prefix + key: value for key, value in _ADDRESS.items()}
    return answers | other


def place(number: int = 1, **other: Any) -> dict[str, Any]:
    """What Section A says of a location: each with a coordinator of its own, Vera1 Cole and so on."""
    letter = "abcdefghijklmnopqrstuvwxyz"[number % 26]
    return {
        **_ADDRESS,
        "name": f"Harvest Pharmacy {number}",
        "street": f"{number} Main Street",
        "coordinator_first_name": f"Vera{letter}",
        "coordinator_last_name": "Cole",
        "coordinator_email": f"vera{number}@harvest.example",
        "coordinator_phone": "9195550103",
    } | other


def section_b(**other: Any) -> dict[str, Any]:
    """All answers of Section B."""
    return {
        "provider_type": "18",
        "settings": ["pharmacy"],
        "other_orders": "no",
        "reporting_system": "CVMS",
        "iis_reporting": "yes",
        "iis_id": "IIS-1",
        "backup_first_name": "Bea",
        "backup_last_name": "Backup",
        "backup_email": "bea@harvest.example",
        "backup_phone": "9195550104",
        **{f"shipping_{key}": value for key, value in _ADDRESS.items()},
        "shipping_phone": "9195550105",
        "administration_differs": "no",
        "receiving_monday_am": "08:00-12:00",
        "patients_children": "200",
        "patients_adults": "900",
        "patients_seniors": "300",
        "patients_weekly": "120",
        "flu_peak_week": "unknown",
        "populations": ["adult", "seniors"],
        "capacity_refrigerated": "40",
        "capacity_frozen": "none",
        "capacity_ultra_frozen": "none",
        "manager_first_name": "Max",
        "manager_last_name": "Meyer",
        "manager_email": "max@harvest.example",
        "manager_ncid": "mmeyer",
    } | other


def accepted(session: Session, invitation_id: UUID | None) -> Account:
    """Whoever was invited follows the link and has an account with PASSWORD (or the role in the one they have)."""
    now = clock.now()
    invitation = session.get_one(Invitation, invitation_id)
    known = invitations.account_of_person(
        session, invitation.realm, invitation.email, invitation.first_name, invitation.last_name
    )
    if invitation.accepted_at is not None:
        return session.get_one(Account, invitation.account_id)
    token = invitations.make_link(session, "invitation", now=now, invitation_id=invitation.id)
    session.flush()
    invitation, link = invitations.open_invitation(session, token, now=now)
    if known is not None:
        invitations.accept_with_account(session, invitation, link, known, now=now)
    else:
        known = invitations.accept_with_new_account(session, invitation, link, PASSWORD, now=now)
    session.commit()
    return known


def started(session: Session, **who: str) -> tuple[Enrollment, Account]:
    """An enrollment whose administrator has confirmed the address."""
    names = {"first_name": "Ann", "last_name": "Lee", "email": "ann@harvest.example"} | who
    start_enrollment(session, StartEnrollment(**names), now=clock.now())
    enrollment = session.scalars(select(Enrollment).order_by(Enrollment.id.desc())).first()
    assert enrollment is not None
    return enrollment, accepted(session, enrollment.administrator_invitation_id)


def with_section_a(session: Session, places: int = 1, *, first: int = 1, **answers: Any) -> Enrollment:
    """Section A is complete, the coordinators are invited. Places are numbered from `first`."""
    enrollment, account = started(session, email=answers.pop("email", "ann@harvest.example"))
    boss, now = actor(session, account), clock.now()
    save_section_a(session, boss, SaveSectionA(enrollment.id, section_a(**answers), enrollment.version), now=now)
    for number in range(first, first + places):
        add_location(session, boss, AddEnrolledLocation(enrollment.id, place(number)), now=now)
    complete_section_a(session, boss, enrollment.id, now=now)
    session.commit()
    return enrollment


def locations_of(session: Session, enrollment: Enrollment) -> list[EnrolledLocation]:
    """Its locations by number."""
    query = select(EnrolledLocation).where(EnrolledLocation.enrollment_id == enrollment.id)
    return list(session.scalars(query.order_by(EnrolledLocation.number)))


def holder(session: Session, role: Role, scope_id: UUID) -> Actor:
    """Whoever has the role at the place now, as somebody who acts."""
    account_id = session.scalars(
        select(Grant.account_id).where(Grant.role == role.value, Grant.scope_id == scope_id, Grant.ended_at.is_(None))
    ).one()
    return actor(session, session.get_one(Account, account_id))


def boss_of(session: Session, enrollment: Enrollment) -> Actor:
    """Its Organization Administrator."""
    return holder(session, Role.ORGANIZATION_ADMINISTRATOR, enrollment.id)


def coordinator_of(session: Session, location: EnrolledLocation) -> Actor:
    """Its Vaccine Coordinator, who follows the link first if need be."""
    if location.coordinator_invitation_id:
        accepted(session, location.coordinator_invitation_id)
    return holder(session, Role.VACCINE_COORDINATOR, location.id)


def officer_of(session: Session, enrollment: Enrollment, capacity: str) -> Actor:
    """Its CEO or CMO, who follows the link first if need be."""
    if invitation_id := getattr(enrollment, f"{capacity}_invitation_id"):
        accepted(session, invitation_id)
    return holder(session, {"ceo": Role.OFFICER_CEO, "cmo": Role.OFFICER_CMO}[capacity], enrollment.id)


def state_actor(session: Session) -> Actor:
    """Somebody of the state's staff who may decide."""
    return actor(session, administrator(session))


def filled(session: Session, location: EnrolledLocation, **answers: Any) -> Actor:
    """Section B is answered, with a storage unit, its pictures and a provider; returns the coordinator."""
    who, now = coordinator_of(session, location), clock.now()
    save_section_b(session, who, SaveSectionB(location.id, section_b(**answers), location.version), now=now)
    add_unit(session, who, AddUnit(location.id, "Helmer", "GX", "freezer", PICTURE, PICTURE), now=now)
    add_provider(session, who, AddProvider(location.id, "Nora", "Nolan", "NP", f"NP-{location.number}"), now=now)
    session.commit()
    return who


def signed(
    session: Session, who: Actor, enrollment: Enrollment, document: str, capacity: str,
    location: EnrolledLocation | None = None, **other: Any,
) -> Signature:  # fmt: skip
    """Sign the newest text under the name of the account."""
    made = sign(session, who, signing(session, who, enrollment, document, capacity, location, **other), now=clock.now())
    session.commit()
    return made


def signing(
    session: Session, who: Actor, enrollment: Enrollment, document: str, capacity: str,
    location: EnrolledLocation | None = None, **other: Any,
) -> Sign:  # fmt: skip
    """The command with which somebody signs the newest text under the name of their account."""
    text, account = current(document, "en"), session.get_one(Account, who.id)
    values = {
        "typed_name": account.full_name, "language": "en", "text_version": text.version, "text_sha256": text.sha256,
        "address": "192.0.2.7", "enrolled_location_id": location.id if location else None,
    } | other  # fmt: skip
    return Sign(enrollment.id, document, capacity, **values)


def completed(session: Session, enrollment: Enrollment, location: EnrolledLocation, **answers: Any) -> Actor:
    """Section B is complete and signed by its coordinator."""
    who = filled(session, location, **answers)
    complete_section_b(session, who, location.id, now=clock.now())
    for document in (PROVIDER_AGREEMENT, STORAGE_ATTESTATION):
        signed(session, who, enrollment, document, "coordinator", location)
    return who


def awaiting_signatures(session: Session, places: int = 1, **answers: Any) -> Enrollment:
    """Everything is complete; the officers have been invited. `answers` as of `with_section_a`."""
    enrollment = with_section_a(session, places, **answers)
    for location in locations_of(session, enrollment):
        completed(session, enrollment, location)
    return enrollment


def sign_as_officers(session: Session, enrollment: Enrollment) -> None:
    """Both officers sign what is theirs."""
    for capacity in ("ceo", "cmo"):
        who = officer_of(session, enrollment, capacity)
        signed(session, who, enrollment, PROVIDER_AGREEMENT, capacity)
        if enrollment.redistribution:
            signed(session, who, enrollment, REDISTRIBUTION_AGREEMENT, capacity)


def submitted(session: Session, places: int = 1, **answers: Any) -> Enrollment:
    """Everything is signed; the state looks at it."""
    enrollment = awaiting_signatures(session, places, **answers)
    sign_as_officers(session, enrollment)
    return enrollment


def approved(session: Session, places: int = 1, **answers: Any) -> Enrollment:
    """All locations are approved, with identifiers."""
    enrollment = submitted(session, places, **answers)
    approve_all(session, enrollment)
    return enrollment


def approve_all(session: Session, enrollment: Enrollment) -> None:
    """The state approves whatever waits."""
    state = state_actor(session)
    for location in locations_of(session, enrollment):
        if location.status == "complete":
            command = ApproveLocation(location.id, suggest_pin(session))
            approve_location(session, state, command, now=clock.now())
    session.commit()
