"""Where a reminder may go: a mailbox whose owner has shown to read it.

That is an address on the record with which the person's own account was claimed through a mail, or which was confirmed
when it was changed; for a dependant without one, the address of whoever acts for them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Role
from app.domain.accounts.models import Account, Grant
from app.domain.accounts.names import fold_name
from app.domain.recipients.closing.close_record import accounts_of_the_dead
from app.domain.recipients.joining.models import EmailChange
from app.domain.recipients.models import Recipient
from app.domain.recipients.records import records_of

AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox and who reads it. `for_dependant`: it is a guardian's."""

    email: str
    first_name: str
    full_name: str
    language: str
    for_dependant: bool


def addresses_of(session: Session, people: Sequence[Recipient], *, now: datetime) -> dict[UUID, Address]:
    """The confirmed address of each person that has one: two queries for every few hundred of them, one more where
    guardians are among them. That the person lives is asked elsewhere; a guardian who has died is left out here.
    """
    found: dict[UUID, Address] = {}
    for start in range(0, len(people), AT_A_TIME):
        some = {person.id: person for person in people[start : start + AT_A_TIME]}
        owner = records_of(session, list(some))
        rows = session.execute(
            select(Grant.scope_id, Grant.role, Grant.until, Account)
            .join(Account, Account.id == Grant.account_id)
            .where(Grant.scope_id.in_(list(owner)), Grant.role.in_((Role.RECIPIENT.value, Role.GUARDIAN.value)))
            .where(Grant.ended_at.is_(None), Account.closed_at.is_(None), Account.email.is_not(None))
            .order_by(Grant.id)
        ).all()
        guardians = {account.id for _scope, role, _until, account in rows if role == Role.GUARDIAN}
        dead = accounts_of_the_dead(session, guardians) if guardians else set()
        for scope_id, role, until, account in rows:
            if scope_id is None or (until is not None and until <= now) or account.id in dead:
                continue
            person = some[owner[scope_id]]
            if role == Role.GUARDIAN:
                found.setdefault(person.id, _of_guardian(account))
            elif account.email_folded == person.email_folded:
                found[person.id] = _own(person)
        for person in _changed_and_confirmed(session, owner, some):
            found[person.id] = _own(person)
    return found


def _changed_and_confirmed(
    session: Session, owner: dict[UUID, UUID], some: dict[UUID, Recipient]
) -> Iterator[Recipient]:
    """Those who answered the mail to the address that is on the record now."""
    rows = session.execute(
        select(EmailChange.recipient_id, EmailChange.email).where(
            EmailChange.recipient_id.in_(list(owner)), EmailChange.confirmed.is_(True)
        )
    )
    for recipient_id, email in rows:
        person = some[owner[recipient_id]]
        if fold_name(email) == person.email_folded:
            yield person


def _own(person: Recipient) -> Address:
    language = "es" if person.language == "es" else "en"
    return Address(person.email or "", person.first_name, person.full_name, language, for_dependant=False)


def _of_guardian(account: Account) -> Address:
    return Address(account.email or "", account.first_name, account.full_name, account.language, for_dependant=True)
