"""Who may sign in to the demonstration: one person for each part."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.accounts.access import Role, system
from app.domain.accounts.invitations import (
    Invite,
    accept_with_account,
    accept_with_new_account,
    invite,
    make_link,
    open_invitation,
)

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
    invitation = invite(session, system("demo"), offer, now=now)
    token = make_link(session, "invitation", now=now, invitation_id=invitation.id)
    found, link = open_invitation(session, token, now=now)
    if account is not None:
        accept_with_account(session, found, link, account, now=now)
        return account
    return accept_with_new_account(session, found, link, PASSWORD, now=now)


def admit_staff(session: "Session", locations: list[UUID], *, now: datetime) -> tuple["Account", list[DemoUser]]:
    """The state administrator, the manager of two locations and a nurse. The first of them is who uploads."""
    state = Invite(Role.STATE_ADMINISTRATOR, None, "state.admin@state.example", "Sam", "Ward", "state", "state.admin")
    admit(session, state, now=now)
    manager = Invite(
        Role.LOCATION_MANAGER, locations[0], "mmiller@clinic.example", "Mona", "Miller", "provider", "mmiller"
    )
    mona = admit(session, manager, now=now)
    for other in locations[1:2]:
        more = Invite(Role.LOCATION_MANAGER, other, "mmiller@clinic.example", "Mona", "Miller", "provider", "mmiller")
        admit(session, more, now=now, account=mona)
    nurse = Invite(
        Role.HEALTHCARE_PROVIDER, locations[0], "hprovider@clinic.example", "Helen", "Provo", "provider", "hprovider"
    )
    admit(session, nurse, now=now)
    return mona, [
        DemoUser("State administrator", "state", "state.admin", PASSWORD),
        DemoUser("Location Manager", "provider", "mmiller", PASSWORD),
        DemoUser("Healthcare Provider", "provider", "hprovider", PASSWORD),
    ]


def admit_contact(session: "Session", organization_id: UUID, *, now: datetime) -> tuple["Account", DemoUser]:
    """The Point of Contact of an employer."""
    name = "pat.contact@example.org.cvms.org"
    offer = Invite(
        Role.ORGANIZATION_CONTACT, organization_id, "pat.contact@example.org", "Pat", "Contact", "organization", name
    )
    return admit(session, offer, now=now), DemoUser("Point of Contact", "organization", name, PASSWORD)


def admit_recipient(
    session: "Session", recipient_id: UUID, name: tuple[str, str], user_name: str, role: str, *, now: datetime
) -> tuple["Account", DemoUser]:
    """A person with an account of their own."""
    offer = Invite(Role.RECIPIENT, recipient_id, f"{user_name}@example.net", name[0], name[1], "recipient", user_name)
    return admit(session, offer, now=now), DemoUser(role, "recipient", user_name, PASSWORD)
