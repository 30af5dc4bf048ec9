"""Somebody is to work at a location: invited by mail, or given the location in the account that they have."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts import invitations
from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.invitations import Invite
from app.domain.accounts.models import Account, Invitation
from app.domain.providers.known_users import KnownUsers, known_users
from app.domain.providers.queries import refuse_closed
from app.domain.providers.user_details import FIELDS, Details, details
from app.domain.providers.user_errors import UserRefused, Why
from app.domain.providers.users import REALM
from app.infra import outbox
from app.infra.db import one_at_a_time

Taken = Literal["invited", "granted"]


@dataclass(frozen=True, slots=True)
class TakeOnUser:
    """One user as typed; `profile` is a code or a label of PROFILES."""

    location_id: UUID
    first_name: str
    last_name: str
    email: str
    ncid: str
    profile: str


def take_on_user(session: Session, actor: Actor, command: TakeOnUser, *, now: datetime) -> Taken:
    """Invite a new user, or give the location to one who has an account with this NCID; either gets a mail.

    Raises UserRefused with every reason, NotFound, or NotAllowed (also where the location is closed).
    """
    hold_users(session, actor, command.location_id)
    who = details({name: getattr(command, name) for name in FIELDS})
    person = as_person(who)
    known = known_users(session, command.location_id, [person])
    verdict, reasons = known.decide(person)
    if not reasons and verdict == "present":
        reasons = {"ncid": Why("present")}
    if reasons:
        raise UserRefused(reasons)
    made = admit(session, actor, known, who, now=now)
    invitations.mail_invitations(session, [made] if made else [], now=now)
    session.flush()
    return "invited" if made else "granted"


def hold_users(session: Session, actor: Actor, location_id: UUID, *, also_closed: bool = False) -> None:
    """Who is taken on, changed or deactivated anywhere is so one after the other, until this transaction ends.

    User names are unique in the whole program, and a location keeps a manager. Raises NotFound or NotAllowed, that also
    at a closed location unless it is `also_closed`: who left must lose access to its records there as well.
    """
    actor.require(Permission.MANAGE_USERS, at=location_id)
    if not also_closed:
        refuse_closed(session, location_id)
    one_at_a_time(session, "users of the Provider Portal")


def as_person(who: Details) -> dict[str, str]:
    """Details by their field."""
    return {name: getattr(who, name) for name in FIELDS if name != "profile"} | {"profile": who.role.value}


def admit(session: Session, actor: Actor, known: KnownUsers, who: Details, *, now: datetime) -> Invitation | None:
    """Give the location to the account with this NCID, which is told by mail; else an invitation still to be mailed."""
    account = known.by_ncid.get(who.ncid.casefold())
    if account is not None:
        give_location(session, actor, account, who, known.location_id, now=now)
        return None
    offer = Invite(
        who.role, known.location_id, who.email, who.first_name, who.last_name, realm=REALM, sign_in_name=who.ncid
    )
    return invitations.invite(session, actor, offer, now=now, with_mail=False)


def give_location(
    session: Session, actor: Actor, account: Account, who: Details, location_id: UUID, *, now: datetime
) -> None:
    """Add the profile at the location to an account, and tell its owner."""
    invitations.give_role(session, actor, account, who.role, location_id, now=now)
    tell_granted(session, account.id, location_id, who.role.value, now=now)


def tell_granted(session: Session, account_id: UUID, location_id: UUID, role: str, *, now: datetime) -> None:
    """The mail to a user who has one more location."""
    outbox.publish(
        session, "providers.location_granted", now=now, about=account_id, account_id=str(account_id),
        location_id=str(location_id), role=role,
    )  # fmt: skip
