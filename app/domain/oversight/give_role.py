"""Give somebody who has an account a role, at a place or for the whole program, for good or until a day."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.domain.accounts.access import SCOPE_OF_ROLE, Actor, Role
from app.domain.accounts.invitations import give_role
from app.domain.accounts.models import Account, SignInName
from app.domain.accounts.names import fold_name, free_name
from app.domain.oversight.errors import AboveOneself, EndsTooEarly, HeldAlready, PlaceMissing
from app.domain.oversight.places import place_for_role
from app.domain.oversight.rights import account_to_change, may_give
from app.domain.oversight.tell import tell
from app.infra import clock

REALM_OF_SCOPE = {"program": "state", "team": "helpdesk", "location": "provider"}


@dataclass(frozen=True, slots=True)
class GiveRole:
    """`scope_id` None: the whole program. `last_day`: the role ends with this day; None: it does not end."""

    account_id: UUID
    role: Role
    scope_id: UUID | None = None
    last_day: date | None = None


def give_role_to_user(
    session: Session, actor: Actor, command: GiveRole, *, zone: ZoneInfo, now: datetime
) -> str:
    """Returns the name of the place. The owner is told by mail, and gets a user name for that portal if there is none.

    Raises NotOnOneself, AboveOneself, PlaceMissing, EndsTooEarly, HeldAlready, NotFound, NotAllowed.
    """
    account = account_to_change(session, actor, command.account_id)
    if not may_give(actor, command.role):
        raise AboveOneself
    place = place_for_role(session, command.role, command.scope_id)
    if place is None:
        raise PlaceMissing
    if command.last_day is not None and command.last_day < clock.local_date(now, zone):
        raise EndsTooEarly
    _refuse_held(account, command, now)
    grant = give_role(session, actor, account, command.role, command.scope_id, now=now)
    if command.last_day is not None:
        grant.until = clock.day_bounds(command.last_day, zone)[1]
    name = _name_for(session, account, command.role)
    tell(session, account, "role_given", now=now, role=command.role.value, place=place.name, name=name)
    return place.name


def _refuse_held(account: Account, command: GiveRole, now: datetime) -> None:
    """A role whose day has passed is ended for good: the next one is another."""
    for grant in account.grants:
        if grant.ended_at is None and grant.role == command.role and grant.scope_id == command.scope_id:
            if grant.until is None or now < grant.until:
                raise HeldAlready
            grant.ended_at = grant.until


def _name_for(session: Session, account: Account, role: Role) -> str:
    """The user name in the role's portal: whoever has none there signs in with their e-mail address."""
    realm = REALM_OF_SCOPE[SCOPE_OF_ROLE[role]]
    known = next((name.name for name in reversed(account.names) if name.realm == realm), "")
    if known or not account.email:
        return known
    made = free_name(session, realm, account.email)
    session.add(SignInName(account_id=account.id, realm=realm, name=made, name_folded=fold_name(made)))
    session.flush()
    return made
