"""A contact's details are corrected, and the invitation sent again to the right address."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.invitations import send_invitation_again
from app.domain.accounts.models import Invitation
from app.domain.accounts.names import ORGANIZATION_SUFFIX, fold_name
from app.domain.errors import EditedMeanwhile, NotFound
from app.domain.organizations.create_point_of_contact import invite_contact, refuse_known_contact
from app.domain.organizations.details import clean
from app.domain.organizations.errors import AlreadySignedIn
from app.domain.organizations.models import PointOfContact
from app.domain.organizations.queries import get_contact, with_status
from app.infra import audit

FIELDS = ("first_name", "last_name", "email", "phone")


@dataclass(frozen=True, slots=True)
class EditContactField:
    """`field` is one of FIELDS; `version` is that of the record that the editor saw."""

    place_id: UUID | None
    contact_id: UUID
    field: str
    value: str
    version: int


@dataclass(frozen=True, slots=True)
class ResendInvitation:
    """Send the welcome mail of a contact again, with a fresh link."""

    place_id: UUID | None
    contact_id: UUID


def edit_contact_field(
    session: Session, actor: Actor, command: EditContactField, *, now: datetime
) -> PointOfContact:
    """Change one detail. A new e-mail address of a contact who has not signed in yet is invited at once.

    Raises DetailRefused, AlreadyContact, EditedMeanwhile or NotFound.
    """
    actor.require(Permission.MANAGE_ORGANIZATIONS, at=command.place_id)
    if command.field not in FIELDS:
        raise NotFound(command.field)
    contact = get_contact(session, actor, command.contact_id, to_change=True)
    value, stored = clean(command.field, command.value), str(getattr(contact, command.field))
    if contact.version != command.version:
        raise EditedMeanwhile(command.field, typed=value, stored=stored, version=contact.version)
    if value == stored:
        return contact
    if command.field == "email" and fold_name(value) != contact.email_folded:
        refuse_known_contact(session, contact.organization_id, value)
    setattr(contact, command.field, value)
    contact.email_folded = fold_name(contact.email)
    contact.version += 1
    _mend_invitation(session, contact, command.field, now)
    _record(session, actor, "contact.edited", contact, command.place_id, now, fields=[command.field])
    session.flush()
    return contact


def resend_invitation(
    session: Session, actor: Actor, command: ResendInvitation, *, now: datetime
) -> PointOfContact:
    """Send the welcome mail again; links sent before stop working. Raises AlreadySignedIn or NotFound.

    Whoever had access and lost it is invited anew, by the state alone, which had ended it.
    """
    actor.require(Permission.MANAGE_ORGANIZATIONS, at=command.place_id)
    contact = get_contact(session, actor, command.contact_id, to_change=True)
    invitation = session.get(Invitation, contact.invitation_id) if contact.invitation_id else None
    if invitation is None:
        raise NotFound(contact.id)
    if invitation.accepted_at is None:
        send_invitation_again(session, invitation, now=now)
    elif command.place_id is None and with_status(session, [contact])[0].progress == "ended":
        invite_contact(session, actor, contact, now=now)
    else:
        raise AlreadySignedIn
    _record(session, actor, "contact.invited_again", contact, command.place_id, now)
    return contact


def _mend_invitation(session: Session, contact: PointOfContact, field: str, now: datetime) -> None:
    """An invitation that is still open follows the contact; an account, once made, is its owner's."""
    invitation = session.get(Invitation, contact.invitation_id) if contact.invitation_id else None
    if invitation is None or invitation.accepted_at is not None:
        return
    invitation.first_name, invitation.last_name = contact.first_name, contact.last_name
    if field == "email":
        invitation.sign_in_name = contact.email + ORGANIZATION_SUFFIX
        send_invitation_again(session, invitation, now=now, email=contact.email)


def _record(
    session: Session, actor: Actor, act: str, contact: PointOfContact, place_id: UUID | None,
    now: datetime, **facts: list[str],
) -> None:  # fmt: skip
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act=act, subject_kind="point_of_contact",
        subject_id=contact.id, place_id=place_id, now=now, **facts,
    )  # fmt: skip
