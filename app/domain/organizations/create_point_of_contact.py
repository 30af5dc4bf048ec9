"""A Point of Contact is registered and invited to the Organization Portal (domain 7.1)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission, Role
from app.domain.accounts.invitations import Invite, invite
from app.domain.accounts.names import ORGANIZATION_SUFFIX, fold_name
from app.domain.organizations.details import clean_all
from app.domain.organizations.errors import AlreadyContact, RightPersonNotConfirmed
from app.domain.organizations.models import PointOfContact
from app.domain.organizations.queries import get_organization
from app.infra import audit


@dataclass(frozen=True, slots=True)
class CreatePointOfContact:
    """The e-mail address is needed for the invitation; the phone number is not."""

    place_id: UUID | None
    organization_id: UUID
    first_name: str
    last_name: str
    email: str
    phone: str = ""
    confirmed_right_person: bool = False


def create_point_of_contact(
    session: Session, actor: Actor, command: CreatePointOfContact, *, now: datetime
) -> PointOfContact:
    """Register the contact and send the welcome mail; the user name will be the e-mail + `.cvms.org`.

    Raises DetailRefused, RightPersonNotConfirmed, AlreadyContact or NotFound.
    """
    actor.require(Permission.MANAGE_ORGANIZATIONS, at=command.place_id)
    organization = get_organization(session, actor, command.organization_id, to_change=True)
    fields = ("first_name", "last_name", "email", "phone")
    details = clean_all({field: getattr(command, field) for field in fields})
    if not command.confirmed_right_person:
        raise RightPersonNotConfirmed
    refuse_known_contact(session, organization.id, details["email"])
    contact = PointOfContact(
        organization_id=organization.id, **details, email_folded=fold_name(details["email"]),
        created_at=now, created_by_id=actor.id,
    )  # fmt: skip
    session.add(contact)
    session.flush()
    invite_contact(session, actor, contact, now=now)
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="contact.created",
        subject_kind="point_of_contact", subject_id=contact.id, place_id=command.place_id, now=now,
        organization_id=str(organization.id),
    )  # fmt: skip
    session.flush()
    return contact


def invite_contact(session: Session, actor: Actor, contact: PointOfContact, *, now: datetime) -> None:
    """Offer the contact the organization, by a mail to their address."""
    offer = Invite(
        role=Role.ORGANIZATION_CONTACT, scope_id=contact.organization_id, email=contact.email, realm="organization",
        first_name=contact.first_name, last_name=contact.last_name,
        sign_in_name=contact.email + ORGANIZATION_SUFFIX,
    )  # fmt: skip
    contact.invitation_id = invite(session, actor, offer, now=now).id


def refuse_known_contact(session: Session, organization_id: UUID, email: str) -> None:
    """Raise AlreadyContact when the organization has a contact with this address."""
    known = session.scalar(
        select(PointOfContact)
        .where(PointOfContact.organization_id == organization_id)
        .where(PointOfContact.email_folded == fold_name(email))
        .limit(1)
    )
    if known is not None:
        raise AlreadyContact(known)
