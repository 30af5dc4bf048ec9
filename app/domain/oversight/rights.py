"""Who may give which role. Some roles come from elsewhere (an enrollment, one's own record) and are given on their pages."""

from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import PERMISSIONS, SCOPE_OF_ROLE, Actor, Permission, Role
from app.domain.accounts.models import Account, Grant
from app.domain.accounts.sessions import load_account
from app.domain.errors import NotFound
from app.domain.oversight.errors import AboveOneself, LastAdministrator, NotOnOneself
from app.infra.db import one_at_a_time

_STAFF = Permission.MANAGE_STAFF
GIVEN_WITH: dict[Role, Permission] = {
    Role.STATE_ADMINISTRATOR: _STAFF,
    Role.STATE_STAFF: _STAFF,
    Role.STATE_VIEWER: _STAFF,
    Role.PRIVACY_OFFICER: _STAFF,
    Role.HELP_DESK_SUPERVISOR: _STAFF,
    Role.HELP_DESK_AGENT: _STAFF,
    Role.LOCATION_MANAGER: Permission.MANAGE_PROVIDERS,
    Role.HEALTHCARE_PROVIDER: Permission.MANAGE_PROVIDERS,
}
"""Roles that are given by hand, and what it takes to give them."""

ALSO_TAKEN = frozenset({Role.ORGANIZATION_CONTACT, Role.RECIPIENT, Role.HELP_DESK_REQUESTER})
"""Roles that are not given by hand and can be taken away by hand."""


def may_give(actor: Actor, role: Role) -> bool:
    """True where the role is given by hand, and by this actor: never one with more rights than their own."""
    needs = GIVEN_WITH.get(role)
    if needs is None or not actor.may(needs, at=None):
        return False
    return SCOPE_OF_ROLE[role] != "program" or PERMISSIONS[role] <= _own_rights(actor)


def may_take(actor: Actor, role: Role) -> bool:
    """True where this actor may take the role from somebody."""
    return may_give(actor, role) or (role in ALSO_TAKEN and actor.may(_STAFF, at=None))


def roles_to_give(actor: Actor) -> list[Role]:
    """What the actor may give, as a form lists it."""
    return [role for role in GIVEN_WITH if may_give(actor, role)]


def account_to_change(session: Session, actor: Actor, account_id: UUID) -> Account:
    """An open account that the actor may change. Others who change roles wait until this transaction ends.

    Raises NotOnOneself, NotFound, NotAllowed.
    """
    actor.require(_STAFF, at=None)
    one_at_a_time(session, "roles of users")
    if actor.id == account_id:
        raise NotOnOneself
    found = load_account(session, account_id)
    if found is None:
        raise NotFound(account_id)
    session.refresh(found)
    return found


def refuse_above(actor: Actor, account: Account) -> None:
    """Raise AboveOneself where the account holds a role of the whole program that the actor could not give."""
    for grant in account.grants:
        role = Role(grant.role)
        if grant.ended_at is None and grant.scope_kind == "program" and not may_give(actor, role):
            raise AboveOneself


def refuse_last_administrator(session: Session, account: Account) -> None:
    """Raise LastAdministrator where nobody else could administer the program tomorrow."""
    held = [grant for grant in account.grants if grant.ended_at is None]
    if all(grant.role != Role.STATE_ADMINISTRATOR for grant in held):
        return
    others = session.scalar(
        select(func.count())
        .select_from(Grant)
        .join(Account, Account.id == Grant.account_id)
        .where(Grant.role == Role.STATE_ADMINISTRATOR.value, Grant.ended_at.is_(None), Grant.until.is_(None))
        .where(Account.id != account.id, Account.closed_at.is_(None), Account.slept_at.is_(None))
        .where(or_(Account.password_hash.is_not(None), Account.email.is_not(None)))
    )
    if not others:
        raise LastAdministrator


def _own_rights(actor: Actor) -> frozenset[Permission]:
    return frozenset().union(*(PERMISSIONS[grant.role] for grant in actor.grants if grant.scope_kind == "program"))
