"""Accounts with a role at a place. Every maker commits."""

from itertools import count
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts import sessions
from app.domain.accounts.access import SCOPE_OF_ROLE, Actor, Role
from app.domain.accounts.models import Account, Grant, SignInName
from app.domain.accounts.names import fold_name
from app.domain.accounts.passwords import hash_password
from app.domain.providers.models import Location
from app.infra import clock

PASSWORD = "Spring2021-doses"
_HASH = hash_password(PASSWORD)
_numbers = count(1)


def account(
    session: Session, role: Role, scope_id: UUID | None = None, *, realm: str, name: str | None = None,
    first_name: str = "Ann", last_name: str = "Lee", email: str | None = None,
) -> Account:  # fmt: skip
    """An account that can sign in with PASSWORD."""
    number = next(_numbers)
    name = name or f"user{number}"
    email = email or f"user{number}@example.org"
    made = Account(
        first_name=first_name, last_name=last_name, email=email, email_folded=fold_name(email), password_hash=_HASH,
        created_at=clock.now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    session.add(SignInName(account_id=made.id, realm=realm, name=name, name_folded=fold_name(name)))
    session.add(
        Grant(
            account_id=made.id, role=role.value, scope_kind=SCOPE_OF_ROLE[role], scope_id=scope_id, given_at=clock.now()
        )
    )
    session.commit()
    return made


def manager(session: Session, at: Location, **other: str) -> Account:
    return account(session, Role.LOCATION_MANAGER, at.id, realm="provider", **other)


def healthcare_provider(session: Session, at: Location, **other: str) -> Account:
    return account(session, Role.HEALTHCARE_PROVIDER, at.id, realm="provider", **other)


def contact(session: Session, organization_id: UUID, **other: str) -> Account:
    return account(session, Role.ORGANIZATION_CONTACT, organization_id, realm="organization", **other)


def person(session: Session, recipient_id: UUID, **other: str) -> Account:
    """The account of a recipient."""
    return account(session, Role.RECIPIENT, recipient_id, realm="recipient", **other)


def administrator(session: Session, **other: str) -> Account:
    return account(session, Role.STATE_ADMINISTRATOR, realm="state", **other)


def actor(session: Session, made: Account) -> Actor:
    """The account as somebody who acts."""
    session.expire_all()
    loaded = sessions.load_account(session, made.id)
    assert loaded is not None
    return sessions.actor_of(loaded, now=clock.now())
