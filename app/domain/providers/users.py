"""The users of a location: who works there, who is invited, who was deactivated."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission, Role
from app.domain.accounts.models import OPEN_TO_PROVIDERS, Account, Grant, Invitation, SignInName, SignInSession
from app.domain.accounts.names import fold_name
from app.domain.errors import NotFound
from app.infra.outbox import OutboxMessage
from app.infra.paging import Slice, pack, unpack
from app.infra.search import fold

REALM = "provider"
ROLES = (Role.LOCATION_MANAGER.value, Role.HEALTHCARE_PROVIDER.value)
Status = Literal["active", "invited", "mail_trouble", "deactivated"]


@dataclass(frozen=True, slots=True)
class LocationUser:
    """Somebody with a profile at the location. `id` is that of the account, or of the open invitation.

    `ncid` is empty where nobody told it. `last_sign_in` None: not signed in yet (or before sessions were kept).
    """

    id: UUID
    account_id: UUID | None
    first_name: str
    last_name: str
    email: str
    ncid: str
    role: Role
    status: Status
    since: datetime
    last_sign_in: datetime | None = None

    @property
    def full_name(self) -> str:
        """First and last name as one would say them."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def order(self) -> tuple[str, str, str]:
        """By name, as lists show them."""
        return (fold(self.last_name), fold(self.first_name), str(self.id))


def users_visible_to(actor: Actor, location_id: UUID) -> Select[Account, Grant]:
    """The one door to a location's accounts: everybody who has or had a profile there, by the age of the grant."""
    actor.require(Permission.MANAGE_USERS, at=location_id)
    return (
        select(Account, Grant)
        .join(Grant, Grant.account_id == Account.id)
        .where(Grant.scope_id == location_id, Grant.scope_kind == "location", Grant.role.in_(ROLES))
        .order_by(Grant.id)
    )


def list_users(
    session: Session, actor: Actor, location_id: UUID, *, deactivated: bool = False, after: str | None = None,
    size: int = 50,
) -> Slice[LocationUser]:  # fmt: skip
    """A page by name, of those who may work here (and the invited), or of those who no longer may.

    A location has hundreds of users at the most: they are read at once, and five queries are all.
    """
    users = [
        user
        for user in _accounts(session, actor, location_id) + ([] if deactivated else _invited(session, location_id))
        if (user.status == "deactivated") == deactivated
    ]
    users.sort(key=lambda user: user.order)
    key = unpack(after, 3)
    if key is not None:
        users = [user for user in users if user.order > (key[0], key[1], key[2])]
    shown = users[:size]
    more = pack(*shown[-1].order) if len(users) > size else None
    return Slice(_completed(session, shown), more)


def get_user(session: Session, actor: Actor, location_id: UUID, user_id: UUID) -> LocationUser:
    """One of them. Raises NotFound."""
    everybody = _accounts(session, actor, location_id, account_id=user_id) or _invited(session, location_id)
    found = next((user for user in everybody if user.id == user_id), None)
    if found is None:
        raise NotFound(user_id)
    return _completed(session, [found])[0]


def live_grants(session: Session, location_id: UUID, *account_ids: UUID) -> list[Grant]:
    """What these accounts (or everybody) may do here now."""
    query = select(Grant).where(
        Grant.scope_id == location_id, Grant.scope_kind == "location", Grant.role.in_(ROLES), Grant.ended_at.is_(None)
    )
    if account_ids:
        query = query.where(Grant.account_id.in_(account_ids))
    return list(session.scalars(query.order_by(Grant.id)))


def open_provider_invitations() -> Select[Invitation]:
    """Invitations to the Provider Portal that nobody answered yet: few, whatever else there is."""
    return select(Invitation).where(OPEN_TO_PROVIDERS)


def _accounts(
    session: Session, actor: Actor, location_id: UUID, *, account_id: UUID | None = None
) -> list[LocationUser]:
    query = users_visible_to(actor, location_id)
    if account_id is not None:
        query = query.where(Account.id == account_id)
    found: dict[UUID, LocationUser] = {}
    for account, grant in session.execute(query):
        known = found.get(account.id)
        live = grant.ended_at is None and account.closed_at is None
        if known is not None and known.status == "active" and not (live and grant.role == Role.LOCATION_MANAGER):
            continue
        found[account.id] = LocationUser(
            account.id, account.id, account.first_name, account.last_name, account.email or "", "", Role(grant.role),
            "active" if live else "deactivated", grant.given_at if live else grant.ended_at or grant.given_at,
        )  # fmt: skip
    return list(found.values())


def _invited(session: Session, location_id: UUID) -> list[LocationUser]:
    query = select(Invitation).where(
        Invitation.scope_id == location_id, Invitation.role.in_(ROLES), Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
    )  # fmt: skip
    return [
        LocationUser(
            offer.id, None, offer.first_name, offer.last_name, offer.email, offer.sign_in_name or "", Role(offer.role),
            "invited", offer.created_at,
        )
        for offer in session.scalars(query)
    ]  # fmt: skip


def _completed(session: Session, users: list[LocationUser]) -> list[LocationUser]:
    """With user names, the last time they signed in, and whether their mail arrived."""
    accounts = [user.account_id for user in users if user.account_id]
    invitations = [user.id for user in users if user.account_id is None]
    names = ncids_of(session, accounts)
    seen = _last_sign_ins(session, accounts)
    troubled = _troubled(session, invitations)
    return [
        replace(user, ncid=names.get(user.account_id, ""), last_sign_in=seen.get(user.account_id))
        if user.account_id
        else replace(user, status="mail_trouble" if user.id in troubled else "invited")
        for user in users
    ]


def ncids_of(session: Session, account_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The NCID user names of accounts; the latest where one has several."""
    query = select(SignInName.account_id, SignInName.name).where(
        SignInName.account_id.in_(list(account_ids)), SignInName.realm == REALM
    )
    return {account_id: name for account_id, name in session.execute(query.order_by(SignInName.id))}  # noqa: C416 - a Row


def _last_sign_ins(session: Session, account_ids: list[UUID]) -> dict[UUID, datetime]:
    query = (
        select(SignInSession.account_id, func.max(SignInSession.started_at))
        .where(SignInSession.account_id.in_(account_ids))
        .group_by(SignInSession.account_id)
    )
    return {account_id: at for account_id, at in session.execute(query)}  # noqa: C416 - a Row is no pair to mypy


def _troubled(session: Session, invitation_ids: list[UUID]) -> set[UUID]:
    """Invitations whose latest mail could not be delivered."""
    query = select(OutboxMessage.about_id, OutboxMessage.status).where(OutboxMessage.about_id.in_(invitation_ids))
    latest = {about: status for about, status in session.execute(query.order_by(OutboxMessage.id)) if about}
    return {about for about, status in latest.items() if status in {"failed", "unsure"}}


def find_by_ncid(session: Session, actor: Actor, location_id: UUID, ncid: str) -> LocationUser | None:
    """The location's user, or the invited one, with this NCID user name."""
    wanted = fold_name(ncid)
    accounts = users_visible_to(actor, location_id)
    named = select(SignInName.account_id).where(SignInName.realm == REALM, SignInName.name_folded == wanted)
    account_id = session.scalar(accounts.with_only_columns(Account.id).where(Account.id.in_(named)).limit(1))
    if account_id is not None:
        return get_user(session, actor, location_id, account_id)
    return next((user for user in _invited(session, location_id) if fold_name(user.ncid) == wanted), None)
