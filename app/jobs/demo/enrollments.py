"""Practices that ask to join: one under review, one that waits for its officers, one that has just begun."""

import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PIL import Image, ImageDraw

from app.domain.accounts.access import Actor, system
from app.domain.accounts.invitations import (
    accept_with_account,
    accept_with_new_account,
    account_of_person,
    get_invitation,
    make_link,
    open_invitation,
)
from app.domain.accounts.sessions import actor_of
from app.domain.enrollment.add_location import AddEnrolledLocation, add_location
from app.domain.enrollment.agreements import PROVIDER_AGREEMENT, STORAGE_ATTESTATION, current
from app.domain.enrollment.complete_section_a import complete_section_a
from app.domain.enrollment.complete_section_b import complete_section_b
from app.domain.enrollment.practicing_providers import AddProvider, add_provider
from app.domain.enrollment.queries import list_locations, my_enrollments
from app.domain.enrollment.save_section_a import SaveSectionA, save_section_a
from app.domain.enrollment.save_section_b import SaveSectionB, save_section_b
from app.domain.enrollment.sign import Sign, sign
from app.domain.enrollment.start_enrollment import StartEnrollment, start_enrollment
from app.domain.enrollment.storage_units import AddUnit, add_unit
from app.infra import clock
from app.infra.storage import FolderStorage
from app.jobs.demo.users import PASSWORD, DemoUser

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.accounts.models import Account
    from app.domain.enrollment.models import EnrolledLocation, Enrollment

_ADDRESS = {"street": "12 Main Street", "city": "Raleigh", "state": "NC", "county": "37183", "zip": "27601"}


@dataclass(frozen=True, slots=True)
class Applicant:
    """A practice: its name, its domain for mail, and how far its application has come."""

    name: str
    domain: str
    locations: int
    stage: str


APPLICANTS = (
    Applicant("Dogwood Pharmacy", "dogwood.example", 2, "submitted"),
    Applicant("Neuse Family Medicine", "neuse.example", 1, "signatures"),
    Applicant("Foothills Pediatrics", "foothills.example", 1, "section_a"),
)


def apply(session: "Session", storage: FolderStorage, applicant: Applicant, *, now: datetime) -> list[DemoUser]:
    """One application up to its stage. Who may sign in to it."""
    admin_mail = f"admin@{applicant.domain}"
    start_enrollment(session, StartEnrollment("Olivia", "Grant", admin_mail), now=now)
    enrollment, boss = _begun(session, admin_mail, now)
    answers = _section_a(applicant)
    save_section_a(session, boss, SaveSectionA(enrollment.id, answers, enrollment.version), now=now)
    users = [DemoUser(f"Organization Administrator ({applicant.stage})", "enrollment", admin_mail, PASSWORD)]
    if applicant.stage == "section_a":
        return users
    for number in range(1, applicant.locations + 1):
        add_location(session, boss, AddEnrolledLocation(enrollment.id, _place(applicant, number)), now=now)
    complete_section_a(session, boss, enrollment.id, now=now + timedelta(hours=1))
    for place in list_locations(session, boss, enrollment.id).items:
        who = _accepted(session, place.coordinator_invitation_id, place.coordinator_email, now)
        users.append(DemoUser("Vaccine Coordinator", "enrollment", place.coordinator_email, PASSWORD))
        _section_b(session, storage, enrollment, place, who, now=now + timedelta(days=1))
    if applicant.stage == "submitted":
        for capacity in ("ceo", "cmo"):
            invitation_id = getattr(enrollment, f"{capacity}_invitation_id")
            officer = _accepted(session, invitation_id, f"{capacity}@{applicant.domain}", now)
            name = f"{answers[f'officer_{capacity}_first_name']} {answers[f'officer_{capacity}_last_name']}"
            _sign(session, officer, enrollment, PROVIDER_AGREEMENT, capacity, name, now=now + timedelta(days=2))
    return users


def _begun(session: "Session", email: str, now: datetime) -> "tuple[Enrollment, Actor]":
    session.flush()
    newest = my_enrollments(session, system("demo"))[0]
    return newest, _accepted(session, newest.administrator_invitation_id, email, now)


def _accepted(session: "Session", invitation_id: UUID | None, email: str, now: datetime) -> Actor:
    invitation = get_invitation(session, invitation_id)
    known = account_of_person(session, "enrollment", email, invitation.first_name, invitation.last_name)
    if invitation.accepted_at is None:
        token = make_link(session, "invitation", now=now, invitation_id=invitation.id)
        session.flush()
        invitation, link = open_invitation(session, token, now=now)
        if known is None:
            known = accept_with_new_account(session, invitation, link, PASSWORD, now=now)
        else:
            accept_with_account(session, invitation, link, known, now=now)
    return _fresh(session, known)


def _fresh(session: "Session", account: "Account | None") -> Actor:
    session.flush()
    if account is None:
        raise LookupError("the invitation was accepted by nobody")
    session.refresh(account)
    return actor_of(account, now=clock.now())


def _section_a(applicant: Applicant) -> dict[str, Any]:
    answers: dict[str, Any] = {
        "legal_name": applicant.name, "organization_phone": "9195550100", "redistribution": "no",
        "organization_email": f"office@{applicant.domain}", "administrator_first_name": "Olivia",
        "administrator_last_name": "Grant", "administrator_email": f"admin@{applicant.domain}",
        "administrator_phone": "9195550101", "officer_cmo_title": "Medical Director", "officer_cmo_license_state": "NC",
        "officer_cmo_license_number": "2004-01833",
    }  # fmt: skip
    for capacity, first, last in (("cmo", "Carlos", "Mora"), ("ceo", "Ellen", "Park")):
        mine = {
            "first_name": first,
            "last_name": last,
            "email": f"{capacity}@{applicant.domain}",
            "phone": "9195550102",
        }
        answers |= {f"officer_{capacity}_{key}": value for key, value in {**mine, **_ADDRESS}.items()}
    return answers | {f"organization_{key}": value for key, value in _ADDRESS.items()}


def _place(applicant: Applicant, number: int) -> dict[str, Any]:
    return {
        **_ADDRESS, "name": f"{applicant.name}, {('Main', 'Oak')[number - 1]} Street", "street": f"{number}2 Main Street",
        "coordinator_first_name": ("Vera", "Victor")[number - 1], "coordinator_last_name": "Cole",
        "coordinator_email": f"coordinator{number}@{applicant.domain}", "coordinator_phone": "9195550103",
    }  # fmt: skip


def _section_b(
    session: "Session", storage: FolderStorage, enrollment: "Enrollment", place: "EnrolledLocation", who: Actor, *,
    now: datetime,
) -> None:  # fmt: skip
    domain = place.coordinator_email.split("@")[1]
    answers = {
        "provider_type": "18", "settings": ["pharmacy"], "other_orders": "no", "reporting_system": "CVMS",
        "iis_reporting": "yes", "iis_id": "IIS-4410", "backup_first_name": "Bea", "backup_last_name": "Backer",
        "backup_email": f"backup@{domain}", "backup_phone": "9195550104", "shipping_phone": "9195550105",
        "administration_differs": "no", "receiving_monday_am": "08:00-12:00", "receiving_wednesday_pm": "13:00-16:00",
        "patients_children": "200", "patients_adults": "900", "patients_seniors": "300", "patients_weekly": "120",
        "flu_peak_week": "unknown", "populations": ["adult", "seniors"], "capacity_refrigerated": "40",
        "capacity_frozen": "none", "capacity_ultra_frozen": "none", "manager_first_name": "Max", "manager_last_name": "Meyer",
        "manager_email": f"max@{domain}", "manager_ncid": f"mmeyer{place.number}{domain[:3]}",
        **{f"shipping_{key}": value for key, value in _ADDRESS.items()},
    }  # fmt: skip
    save_section_b(session, who, SaveSectionB(place.id, answers, place.version), now=now)
    pictures = [storage.put("pictures", draw_unit(side)) for side in ("inside", "outside")]
    add_unit(session, who, AddUnit(place.id, "Helmer", "GX Solutions", "freezer", *pictures), now=now)
    add_provider(session, who, AddProvider(place.id, "Nora", "Nolan", "NP", f"NP-55{place.number}1"), now=now)
    complete_section_b(session, who, place.id, now=now)
    for document in (PROVIDER_AGREEMENT, STORAGE_ATTESTATION):
        _sign(session, who, enrollment, document, "coordinator", place.coordinator_name, now=now, place_id=place.id)


def _sign(
    session: "Session", who: Actor, enrollment: "Enrollment", document: str, capacity: str, name: str, *, now: datetime,
    place_id: UUID | None = None,
) -> None:  # fmt: skip
    text = current(document, "en")
    command = Sign(
        enrollment_id=enrollment.id, document=document, capacity=capacity, typed_name=name, language="en",
        text_version=text.version, text_sha256=text.sha256, address="192.0.2.7", enrolled_location_id=place_id,
    )  # fmt: skip
    sign(session, who, command, now=now)


def draw_unit(side: str) -> bytes:
    """A refrigerator from outside, or its shelves, drawn: pictures of real ones belong to somebody."""
    picture = Image.new("RGB", (480, 640), "#dfe6ea")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((90, 40, 390, 600), fill="#f7f9fa", outline="#5b7083", width=6)
    if side == "outside":
        pen.rectangle((360, 260, 374, 380), fill="#5b7083")
        pen.rectangle((140, 80, 250, 120), fill="#162e51")
        pen.text((155, 92), "3.8 °C", fill="#ffffff")
    else:
        for height in range(150, 600, 90):
            pen.line((96, height, 384, height), fill="#5b7083", width=4)
            for left in range(120, 360, 48):
                pen.rectangle((left, height - 46, left + 30, height - 6), fill="#8bb8d6", outline="#1b4e7a")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()
