"""Which organizations and contacts an actor may see, and how far their invitations have come."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import Select, and_, exists, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission, Role
from app.domain.accounts.models import Grant, Invitation, SignInName
from app.domain.errors import NotFound
from app.domain.organizations.models import Organization, PointOfContact
from app.infra.outbox import OutboxMessage

Progress = Literal["signed_in", "ended", "mail_trouble", "invited", "not_invited"]
"""`ended`: they had signed in, and may do nothing for the organization any more."""


@dataclass(frozen=True, slots=True)
class ContactStatus:
    """A contact and how far the invitation has come."""

    contact: PointOfContact
    progress: Progress
    sign_in_name: str


def organizations_visible_to(actor: Actor) -> Select[Organization]:
    """The one door to organizations: all for those who manage any, their own for contacts."""
    query = select(Organization)
    if actor.anywhere(Permission.MANAGE_ORGANIZATIONS):
        return query
    return query.where(Organization.id.in_(actor.places(Permission.VIEW_ORGANIZATION)))


def contacts_visible_to(actor: Actor) -> Select[PointOfContact]:
    """The one door to contacts: those of the organizations that the actor may see."""
    query = select(PointOfContact)
    if actor.anywhere(Permission.MANAGE_ORGANIZATIONS):
        return query
    return query.where(PointOfContact.organization_id.in_(actor.places(Permission.VIEW_ORGANIZATION)))


def get_organization(
    session: Session, actor: Actor, organization_id: UUID, *, to_change: bool = False
) -> Organization:
    """One organization. Raises NotFound. `to_change` holds others off until this transaction ends."""
    query = organizations_visible_to(actor).where(Organization.id == organization_id)
    if to_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound(organization_id)
    return found


def get_contact(
    session: Session, actor: Actor, contact_id: UUID, *, to_change: bool = False
) -> PointOfContact:
    """One contact. Raises NotFound. `to_change` holds others off until this transaction ends."""
    query = contacts_visible_to(actor).where(PointOfContact.id == contact_id)
    if to_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound(contact_id)
    return found


def is_confirmed(session: Session, organization_id: UUID) -> bool:
    """True once a contact has confirmed the organization's details: only then may they upload."""
    return bool(
        session.scalar(
            select(exists().where(Organization.id == organization_id, Organization.confirmed_at.is_not(None)))
        )
    )


def contacts_of(session: Session, actor: Actor, organization_id: UUID) -> list[ContactStatus]:
    """The organization's contacts, in the order of their creation. Empty for those who may not see it."""
    contacts = session.scalars(
        contacts_visible_to(actor)
        .where(PointOfContact.organization_id == organization_id)
        .order_by(PointOfContact.id)
    )
    return with_status(session, list(contacts))


def with_status(session: Session, contacts: list[PointOfContact]) -> list[ContactStatus]:
    """The contacts with the state of their invitations, in three queries for however many."""
    ids = [contact.invitation_id for contact in contacts if contact.invitation_id]
    invitations = {
        invitation.id: invitation
        for invitation in session.scalars(select(Invitation).where(Invitation.id.in_(ids)))
    }
    mails: dict[UUID | None, str] = {
        row.about_id: row.status
        for row in session.execute(
            select(OutboxMessage.about_id, OutboxMessage.status)
            .where(OutboxMessage.about_id.in_(ids))
            .order_by(OutboxMessage.id)
        )
    }
    names = _sign_in_names(session, [invitation.account_id for invitation in invitations.values()])
    return [_status(contact, invitations, mails, names) for contact in contacts]


def _sign_in_names(
    session: Session, account_ids: list[UUID | None]
) -> tuple[dict[UUID | None, str], set[tuple[UUID | None, UUID | None]]]:
    """User names by account, and the pairs of account and organization that hold still."""
    holds = and_(
        Grant.account_id == SignInName.account_id, Grant.role == Role.ORGANIZATION_CONTACT.value, Grant.ended_at.is_(None)
    )
    query = (
        select(SignInName.account_id, SignInName.name, Grant.scope_id)
        .outerjoin(Grant, holds)
        .where(SignInName.account_id.in_([found for found in account_ids if found]), SignInName.realm == "organization")
    )
    rows = session.execute(query).all()
    return {row.account_id: row.name for row in rows}, {(row.account_id, row.scope_id) for row in rows}


def _status(
    contact: PointOfContact,
    invitations: dict[UUID, Invitation],
    mails: dict[UUID | None, str],
    known: tuple[dict[UUID | None, str], set[tuple[UUID | None, UUID | None]]],
) -> ContactStatus:
    invitation = invitations.get(contact.invitation_id) if contact.invitation_id else None
    if invitation is None:
        return ContactStatus(contact, "not_invited", "")
    if invitation.accepted_at is not None:
        names, held = known
        holds = (invitation.account_id, contact.organization_id) in held
        return ContactStatus(contact, "signed_in" if holds else "ended", names.get(invitation.account_id, ""))
    trouble = mails.get(invitation.id) in {"failed", "unsure"}
    return ContactStatus(contact, "mail_trouble" if trouble else "invited", invitation.sign_in_name or "")
