"""Who may sign in to the demonstration: one person for each part, and those who work beside them."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.accounts.access import Actor, Role, system
from app.domain.accounts.invitations import (
    Invite,
    accept_with_account,
    accept_with_new_account,
    get_invitation,
    invite,
    make_link,
    open_invitation,
)
from app.domain.accounts.sessions import actor_of, find_by_name, start_session
from app.infra import clock

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.accounts.models import Account

PASSWORD = "Demo-2021-vaccine"  # noqa: S105 -- shown to whoever starts the demonstration


@dataclass(frozen=True, slots=True)
class DemoUser:
    """One sign-in to be shown to whoever starts the demonstration."""

    role: str
    portal: str
    username: str
    password: str


def admit(session: "Session", offer: Invite, *, now: datetime, account: "Account | None" = None) -> "Account":
    """Invite and accept at once, as a new person or as one who has an account."""
    return _accept(session, invite(session, system("demo"), offer, now=now).id, now, account)


def admit_invited(session: "Session", invitation_id: UUID | None, *, now: datetime) -> Actor:
    """Accept an invitation that a use case made, as a new person."""
    found = get_invitation(session, invitation_id)
    return fresh(session, _accept(session, found.id, now, None))


def fresh(session: "Session", account: "Account") -> Actor:
    """The account with all its roles."""
    session.flush()
    session.refresh(account)
    return actor_of(account, now=clock.now())


def _accept(session: "Session", invitation_id: UUID, now: datetime, account: "Account | None") -> "Account":
    token = make_link(session, "invitation", now=now, invitation_id=invitation_id)
    found, link = open_invitation(session, token, now=now)
    if account is not None:
        accept_with_account(session, found, link, account, now=now)
        return account
    return accept_with_new_account(session, found, link, PASSWORD, now=now)


def sign_in_once(session: "Session", account_id: UUID, *, now: datetime) -> None:
    """Used then for the last time: what nobody uses goes to sleep."""
    start_session(session, account_id, device="Demonstration", now=now)


def by_name(session: "Session", realm: str, name: str) -> "Account":
    """The account of a sign-in name."""
    found = find_by_name(session, realm, name)
    if found is None:
        raise LookupError(name)
    return found


def admit_administrator(session: "Session", *, now: datetime, seen: datetime) -> DemoUser:
    """The state administrator."""
    account = admit(session, Invite(
        Role.STATE_ADMINISTRATOR, None, "state.admin@state.example", "Sam", "Ward", "state", "state.admin"
    ), now=now)  # fmt: skip
    sign_in_once(session, account.id, now=seen)
    return DemoUser("State administrator", "state", "state.admin", PASSWORD)


def admit_staff(
    session: "Session", locations: list[UUID], *, now: datetime, seen: datetime
) -> tuple[Actor, list[DemoUser]]:
    """Mona Miller, who manages the first two locations, and Helen Provo, the nurse at the first."""
    first, second = (
        Invite(Role.LOCATION_MANAGER, location_id, "mmiller@clinic.example", "Mona", "Miller", "provider", "mmiller")
        for location_id in locations[:2]
    )
    mona = admit(session, first, now=now)
    admit(session, second, now=now, account=mona)
    helen = admit(session, Invite(
        Role.HEALTHCARE_PROVIDER, locations[0], "hprovider@clinic.example", "Helen", "Provo", "provider", "hprovider"
    ), now=now)  # fmt: skip
    for account in (mona, helen):
        sign_in_once(session, account.id, now=seen)
    return fresh(session, mona), [
        DemoUser("Location Manager", "provider", "mmiller", PASSWORD),
        DemoUser("Healthcare Provider", "provider", "hprovider", PASSWORD),
    ]


def admit_colleague(
    session: "Session", role: Role, location_id: UUID, name: tuple[str, str], user_name: str, *, now: datetime,
    seen: datetime,
) -> Actor:  # fmt: skip
    """A manager or nurse of a location who is not among the sign-ins that are shown."""
    offer = Invite(role, location_id, f"{user_name}@clinic.example", *name, "provider", user_name)
    account = admit(session, offer, now=now)
    sign_in_once(session, account.id, now=seen)
    return fresh(session, account)


def admit_recipient(
    session: "Session", recipient_id: UUID, name: tuple[str, str], user_name: str, role: str, *, now: datetime
) -> tuple["Account", DemoUser]:
    """A person with an account of their own."""
    offer = Invite(Role.RECIPIENT, recipient_id, f"{user_name}@example.net", name[0], name[1], "recipient", user_name)
    return admit(session, offer, now=now), DemoUser(role, "recipient", user_name, PASSWORD)
