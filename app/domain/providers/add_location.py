"""Add a location and invite its first Location Manager. The approval of an enrollment does it by itself."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission, Role
from app.domain.accounts.invitations import Invite, invite
from app.domain.accounts.names import is_taken
from app.domain.errors import Refusal
from app.domain.providers.models import Location, ProviderOrganization
from app.infra import audit
from app.infra.db import one_at_a_time

FIRST_PIN = 650_000


class PinTaken(Refusal):
    """Another location has this Provider PIN."""


class BadPin(Refusal):
    """A Provider PIN has six digits."""


class NcidTaken(Refusal):
    """Somebody signs in to the Provider Portal with this NCID user name already."""


@dataclass(frozen=True, slots=True)
class AddLocation:
    """The location, and who manages it first. `provider_pin` is six digits, without the NCA before it."""

    provider_organization: str
    name: str
    provider_pin: str
    street: str
    city: str
    county_fips: str
    zip: str
    phone: str
    manager_first_name: str
    manager_last_name: str
    manager_email: str
    manager_ncid: str


def add_location(session: Session, actor: Actor, command: AddLocation, *, now: datetime) -> Location:
    """Create the location (and its provider organization when the name is new) and invite its manager.

    Raises BadPin, PinTaken or NcidTaken.
    """
    actor.require(Permission.MANAGE_PROVIDERS, at=None)
    if is_taken(session, "provider", command.manager_ncid):
        raise NcidTaken
    parent = session.scalar(
        select(ProviderOrganization).where(ProviderOrganization.name == command.provider_organization).limit(1)
    )
    if parent is None:
        parent = ProviderOrganization(name=command.provider_organization, created_at=now)
        session.add(parent)
        session.flush()
    return open_location(session, actor, parent, command, now=now)


def open_location(
    session: Session, actor: Actor, parent: ProviderOrganization, command: AddLocation, *, now: datetime
) -> Location:
    """Create a location of the organization and invite its first manager. The caller has checked that the actor may.

    A manager whose NCID is known already can add the location to the account that has it; nobody is invited where no
    address is known. Raises BadPin or PinTaken.
    """
    one_at_a_time(session, "provider pins")
    if not re.fullmatch(r"[0-9]{6}", command.provider_pin):
        raise BadPin
    if session.scalar(select(Location.id).where(Location.provider_pin == command.provider_pin)):
        raise PinTaken
    location = Location(
        provider_organization_id=parent.id, name=command.name, provider_pin=command.provider_pin, street=command.street,
        city=command.city, county_fips=command.county_fips, zip=command.zip, phone=command.phone, created_at=now,
    )  # fmt: skip
    session.add(location)
    session.flush()
    if command.manager_email:
        _invite_manager(session, actor, location, command, now)
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="location.added", subject_kind="location",
        subject_id=location.id, now=now,
    )  # fmt: skip
    return location


def _invite_manager(session: Session, actor: Actor, location: Location, command: AddLocation, now: datetime) -> None:
    known = not command.manager_ncid or is_taken(session, "provider", command.manager_ncid)
    offer = Invite(
        Role.LOCATION_MANAGER, location.id, command.manager_email, command.manager_first_name, command.manager_last_name,
        realm="provider", sign_in_name=None if known else command.manager_ncid,
    )  # fmt: skip
    invite(session, actor, offer, now=now)


def suggest_pin(session: Session) -> str:
    """A Provider PIN that nobody has: the next after the highest."""
    highest = session.scalar(select(func.max(Location.provider_pin)))
    return f"{int(highest or FIRST_PIN) + 1:06d}"[-6:]
