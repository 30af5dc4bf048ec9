"""To whom mails about an enrollment go, and the few facts in them: names of places and of fields, no answers."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts import invitations
from app.domain.accounts.access import Role
from app.domain.accounts.models import Account, Invitation
from app.domain.enrollment import fields, states
from app.domain.enrollment.dossier import load_dossier
from app.domain.enrollment.models import EnrolledLocation, Enrollment
from app.domain.enrollment.progress import ADMINISTRATOR, awaited
from app.domain.enrollment.settle import open_for_section_a, open_for_section_b

MOST_NAMED = 10
_ROLES = {"administrator": Role.ORGANIZATION_ADMINISTRATOR, "ceo": Role.OFFICER_CEO, "cmo": Role.OFFICER_CMO}
_PREFIX = {"administrator": "administrator_", "ceo": "officer_ceo_", "cmo": "officer_cmo_"}


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who gets a mail. `invitation_id`: they have not registered yet, and a fresh link belongs into it."""

    email: str
    name: str
    language: str = "en"
    invitation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a mail may tell. `fields` are labels of fields to correct; `locations` of one person, at most MOST_NAMED."""

    enrollment_id: UUID
    organization: str
    status: str
    location: str
    locations: tuple[str, ...]
    location_count: int
    approved_count: int
    fields: tuple[str, ...]


def addressee_of(session: Session, enrollment_id: UUID, to: str, enrolled_location_id: UUID | None) -> Addressee | None:
    """Whoever is administrator, coordinator (of the location), ceo or cmo now; None when nobody can be reached."""
    enrollment = session.get(Enrollment, enrollment_id)
    location = session.get(EnrolledLocation, enrolled_location_id) if enrolled_location_id else None
    if enrollment is None or (to == "coordinator" and location is None):
        return None
    if location is not None and to == "coordinator":
        role, place, invitation_id = Role.VACCINE_COORDINATOR, location.id, location.coordinator_invitation_id
        email, name = location.coordinator_email, location.coordinator_name
    else:
        role, place = _ROLES[to], enrollment.id
        invitation_id = getattr(enrollment, f"{to}_invitation_id")
        email, first, last = (
            enrollment.answers.get(_PREFIX[to] + part, "") for part in ("email", "first_name", "last_name")
        )
        name = f"{first} {last}".strip()
    for grant in invitations.holders(session, role, place):
        account = session.get_one(Account, grant.account_id)
        return Addressee(account.email, account.full_name, account.language) if account.email else None
    return Addressee(email, name, invitation_id=invitation_id) if email else None


def is_awaited(session: Session, enrollment_id: UUID, to: str, enrolled_location_id: UUID | None) -> bool:
    """True while the application still waits for them: a request that waited in the outbox may be out of date."""
    enrollment = session.get_one(Enrollment, enrollment_id)
    return any(
        one.who == to and (to != "coordinator" or one.enrolled_location_id == enrolled_location_id)
        for one in awaited(session, enrollment)
    )


def facts_of(session: Session, enrollment_id: UUID, to: str, enrolled_location_id: UUID | None = None) -> Facts:
    """The facts of a mail about an enrollment, or about one location of it."""
    enrollment = session.get_one(Enrollment, enrollment_id)
    dossier = load_dossier(session, enrollment)
    location = session.get(EnrolledLocation, enrolled_location_id) if enrolled_location_id else None
    if to == ADMINISTRATOR:
        asked = open_for_section_a(session, enrollment)
    else:
        asked = open_for_section_b(session, enrollment, location) if location else []
    labels = {
        key: field.label for key, field in (fields.OF_ENROLLMENT | fields.OF_LOCATION).items()
    } | fields.LIST_LABELS
    return Facts(
        enrollment_id=enrollment.id, organization=enrollment.name, status=enrollment.status,
        location=location.name if location else "",
        locations=_named(session, enrollment, location) if location and to == "coordinator" else (),
        location_count=len(dossier.covered),
        approved_count=sum(one.status == states.APPROVED for one in dossier.covered),
        fields=tuple(dict.fromkeys(labels[one.field] for one in asked)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """What an open invitation and its fellows to the same person offer. `approved`: all those locations are."""

    organization: str
    locations: tuple[str, ...]
    roles: tuple[str, ...]
    approved: bool


def offer_of(session: Session, invitation: Invitation) -> Offer:
    """What the mail of an invitation tells."""
    same = session.scalars(
        select(Invitation)
        .where(Invitation.email_folded == invitation.email_folded, Invitation.realm == invitation.realm)
        .where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
        .order_by(Invitation.id)
    ).all()
    ids = [one.scope_id for one in same]
    found = session.scalars(
        select(EnrolledLocation).where(EnrolledLocation.id.in_(ids)).order_by(EnrolledLocation.number)
    ).all()
    mine = next((one for one in found if one.id == invitation.scope_id), None)
    enrollment = session.get(Enrollment, mine.enrollment_id if mine else invitation.scope_id)
    here = [one for one in found if enrollment and one.enrollment_id == enrollment.id]
    return Offer(
        enrollment.name if enrollment else "",
        tuple(one.name for one in here),
        tuple(dict.fromkeys(one.role for one in same)),
        all(one.status == states.APPROVED for one in here),
    )


def _named(session: Session, enrollment: Enrollment, location: EnrolledLocation) -> tuple[str, ...]:
    """The locations of the same coordinator."""
    query = (
        select(EnrolledLocation.name)
        .where(EnrolledLocation.enrollment_id == enrollment.id, EnrolledLocation.status.not_in(states.GONE))
        .where(EnrolledLocation.coordinator_email == location.coordinator_email)
        .order_by(EnrolledLocation.number)
    )
    return tuple(session.scalars(query.limit(MOST_NAMED)))
