"""What is on record around one person, for staff of the state: lists that name them, uploads that brought them, ways in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from app.domain.accounts.access import Actor, Permission, Role
from app.domain.accounts.models import Account, Grant, Invitation
from app.domain.errors import NotFound
from app.domain.organizations.models import Organization
from app.domain.providers.models import Location
from app.domain.recipients.models import Listing, Recipient
from app.domain.recipients.records import kept_record, one_person
from app.domain.uploads.models import Upload, UploadRow

MOST = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """A place that lists the person. `how`: upload, walk-in, visit, merge. `is_clinic` False: an employer."""

    place: str
    is_clinic: bool
    how: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Brought:
    """A row of an upload that is about the person."""

    filename: str
    number: int
    fate: str
    place: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class WayIn:
    """An account that opens the record, or opened it: `ended_at` is when that ended. `is_guardian`: for somebody else."""

    account: Account
    is_guardian: bool
    given_at: datetime
    ended_at: datetime | None


def find_person(session: Session, actor: Actor, recipient_id: UUID) -> Recipient:
    """Anybody's record, as it was kept. Raises NotFound, NotAllowed."""
    actor.require(Permission.FIND_PEOPLE, at=None)
    found = kept_record(session, recipient_id)
    if found is None:
        raise NotFound(recipient_id)
    return found


def lists_with(session: Session, actor: Actor, recipient_id: UUID) -> list[Listed]:
    """The places that list the person, latest first; at most MOST."""
    actor.require(Permission.FIND_PEOPLE, at=None)
    rows = session.execute(
        select(Listing, Location.name, Organization.name)
        .outerjoin(Location, Location.id == Listing.scope_id)
        .outerjoin(Organization, Organization.id == Listing.scope_id)
        .where(Listing.recipient_id.in_(one_person(recipient_id)))
        .order_by(Listing.listed_at.desc(), Listing.id)
        .limit(MOST)
    )
    return [
        Listed(clinic or employer or "", clinic is not None, listing.how, listing.listed_at)
        for listing, clinic, employer in rows
    ]


def uploads_with(session: Session, actor: Actor, recipient_id: UUID) -> list[Brought]:
    """The rows of uploads that are about the person, latest first; at most MOST."""
    actor.require(Permission.FIND_PEOPLE, at=None)
    rows = session.execute(
        select(UploadRow.number, UploadRow.fate, Upload.filename, Upload.sent_at, Location.name, Organization.name)
        .join(Upload, Upload.id == UploadRow.upload_id)
        .outerjoin(Location, Location.id == Upload.scope_id)
        .outerjoin(Organization, Organization.id == Upload.scope_id)
        .where(UploadRow.subject_id.in_(one_person(recipient_id)))
        .order_by(Upload.sent_at.desc(), UploadRow.number)
        .limit(MOST)
    )
    return [
        Brought(filename, number, fate, clinic or employer or "", sent_at)
        for number, fate, filename, sent_at, clinic, employer in rows
    ]


def ways_in(session: Session, actor: Actor, recipient_id: UUID) -> list[WayIn]:
    """The accounts that open or opened the record, with their user names, latest first; at most MOST."""
    actor.require(Permission.FIND_PEOPLE, at=None)
    rows = session.execute(
        select(Grant, Account)
        .join(Account, Account.id == Grant.account_id)
        .options(selectinload(Account.names))
        .where(Grant.scope_id.in_(one_person(recipient_id)))
        .where(or_(Grant.role == Role.RECIPIENT.value, Grant.role == Role.GUARDIAN.value))
        .order_by(Grant.id.desc())
        .limit(MOST)
    )
    return [
        WayIn(account, grant.role == Role.GUARDIAN.value, grant.given_at, grant.ended_at or account.closed_at)
        for grant, account in rows
    ]


def invitations_of(session: Session, actor: Actor, recipient_id: UUID) -> list[Invitation]:
    """The invitations to the record, latest first; at most MOST."""
    actor.require(Permission.FIND_PEOPLE, at=None)
    query = select(Invitation).where(
        Invitation.scope_id.in_(one_person(recipient_id)), Invitation.role == Role.RECIPIENT.value
    )
    return list(session.scalars(query.order_by(Invitation.id.desc()).limit(MOST)))
