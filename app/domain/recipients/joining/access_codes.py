"""A code on paper, printed by a clinic that has looked at an identity document: the way in without e-mail, and back in.

It is random (15 of 30 letters and digits, 73 bits), works once, expires, and only its hash is kept.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.accounts import names, passwords
from app.domain.accounts.access import Actor, Permission, Role
from app.domain.accounts.invitations import WeakPassword, give_role
from app.domain.accounts.models import Account, SignInName
from app.domain.accounts.password_reset import set_password
from app.domain.accounts.sessions import hash_token
from app.domain.errors import Refusal
from app.domain.program.lookup import Choice, Choices
from app.domain.recipients.joining.accounts import account_of_recipient
from app.domain.recipients.joining.models import AccessCode
from app.domain.recipients.models import Recipient
from app.domain.recipients.queries import get_recipient
from app.domain.recipients.records import one_person
from app.infra import audit
from app.infra.db import one_at_a_time

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS, _PER_GROUP = 3, 5
A_DOUBLE_CLICK = timedelta(minutes=2)

DOCUMENTS = Choices(
    (
        Choice("driver_license", "Driver license or state ID"),
        Choice("passport", "Passport"),
        Choice("consular_card", "Consular or tribal identity card"),
        Choice("work_or_school", "Work or school ID with a picture"),
        Choice("known_here", "No document: somebody here knows the person well"),
    )
)
"""What may be looked at. People without papers are known to somebody; which it was is kept."""


class CodeUnknown(Refusal):
    """No such code, used or too old, or the birth date is another one: which of them is not told."""


class NotChecked(Refusal):
    """Nobody said what was looked at."""


@dataclass(frozen=True, slots=True)
class PrintAccessCode:
    """A clinic prints a code for somebody in its list. `document` is a code of DOCUMENTS; `days` how long it works."""

    location_id: UUID
    recipient_id: UUID
    document: str
    days: int


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """What stands on the sheet, and nowhere else."""

    code: str
    recipient: Recipient
    expires_at: datetime


def print_access_code(session: Session, actor: Actor, command: PrintAccessCode, *, now: datetime) -> PrintedCode:
    """Make a code; codes printed before (but for a double click) stop working. Raises NotFound, NotAllowed, NotChecked."""
    actor.require(Permission.REGISTER_WALK_INS, at=command.location_id)
    recipient = get_recipient(session, actor, command.location_id, command.recipient_id)
    if DOCUMENTS.by_code(command.document) is None:
        raise NotChecked
    _withdraw(session, recipient.id, now=now, made_before=now - A_DOUBLE_CLICK)
    code = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_PER_GROUP)) for _ in range(_GROUPS))
    made = AccessCode(
        code_hash=hash_code(code), recipient_id=recipient.id, place_id=command.location_id,
        document=command.document, made_at=now, made_by_id=actor.id, expires_at=now + timedelta(days=command.days),
    )  # fmt: skip
    session.add(made)
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="recipient.access_code_printed",
        subject_kind="recipient", subject_id=recipient.id, place_id=command.location_id, now=now,
        document=command.document,
    )  # fmt: skip
    session.flush()
    return PrintedCode(code, recipient, made.expires_at)


def use_access_code(session: Session, typed: str, birth_date: date | None, password: str, *, now: datetime) -> Account:
    """Set the password of the person's account, or make one. Raises CodeUnknown, WeakPassword.

    An account that also works elsewhere (a nurse's, say) is never opened by a sheet from a clinic: the person gets one
    apart for the own record. A used code with the password that it set lets in once more, since the answer may have been lost.
    """
    one_at_a_time(session, "access-code")
    found = session.scalar(select(AccessCode).where(AccessCode.code_hash == hash_code(typed)))
    if found is None or found.withdrawn_at or found.expires_at <= now:
        raise CodeUnknown
    recipient = _kept(session, found.recipient_id)
    if recipient.birth_date != birth_date:
        raise CodeUnknown
    if found.used_at:
        return _who_set(session, recipient.id, {recipient.id, found.recipient_id}, password)
    unmet = passwords.unmet_criteria(password, (recipient.first_name, recipient.last_name, recipient.email))
    if unmet:
        raise WeakPassword(unmet)
    found.used_at = now
    _withdraw(session, recipient.id, now=now, made_before=now + A_DOUBLE_CLICK)
    account = account_of_recipient(session, recipient.id)
    if account is None or not _only_own(account, {recipient.id, found.recipient_id}):
        account = _make_account(session, recipient, password, now)
    else:
        set_password(session, account, password, now=now)
    audit.record(
        session, actor_kind="person", actor_id=account.id, act="recipient.access_code_used",
        subject_kind="recipient", subject_id=recipient.id, now=now,
    )  # fmt: skip
    session.flush()
    return account


def last_code(session: Session, actor: Actor, location_id: UUID, recipient_id: UUID) -> AccessCode | None:
    """The latest code printed for somebody in the location's list, used or not."""
    recipient = get_recipient(session, actor, location_id, recipient_id)
    query = select(AccessCode).where(AccessCode.recipient_id.in_(one_person(recipient.id)))
    return session.scalars(query.order_by(AccessCode.made_at.desc(), AccessCode.id.desc()).limit(1)).first()


def hash_code(typed: str) -> str:
    """The hash of a code however it was typed: case, spaces and hyphens do not matter."""
    return hash_token("".join(sign for sign in typed.upper() if sign.isalnum()))


def _withdraw(session: Session, recipient_id: UUID, *, now: datetime, made_before: datetime) -> None:
    session.execute(
        update(AccessCode)
        .where(AccessCode.recipient_id.in_(one_person(recipient_id)), AccessCode.used_at.is_(None))
        .where(AccessCode.withdrawn_at.is_(None), AccessCode.made_at < made_before)
        .values(withdrawn_at=now)
        .execution_options(synchronize_session="fetch")
    )


def _kept(session: Session, recipient_id: UUID) -> Recipient:
    found = session.get_one(Recipient, recipient_id)
    while found.merged_into_id is not None:
        found = session.get_one(Recipient, found.merged_into_id)
    return found


def _only_own(account: Account, records: set[UUID]) -> bool:
    live = [grant for grant in account.grants if grant.ended_at is None]
    return all(grant.role == Role.RECIPIENT.value and grant.scope_id in records for grant in live)


def _who_set(session: Session, recipient_id: UUID, records: set[UUID], password: str) -> Account:
    account = account_of_recipient(session, recipient_id)
    own = account if account and account.slept_at is None and _only_own(account, records) else None
    if not passwords.verify(own.password_hash if own else None, password) or own is None:
        raise CodeUnknown
    return own


def _make_account(session: Session, recipient: Recipient, password: str, now: datetime) -> Account:
    """Without mailbox: the address on record was not proved by this."""
    account = Account(
        first_name=recipient.first_name, last_name=recipient.last_name, created_at=now,
        password_hash=passwords.hash_password(password),
        language="es" if recipient.language == "es" else "en",
    )  # fmt: skip
    session.add(account)
    session.flush()
    name = names.make_recipient_name(session, recipient.first_name, recipient.last_name)
    account.names.append(
        SignInName(account_id=account.id, realm="recipient", name=name, name_folded=names.fold_name(name))
    )
    own = Actor(kind="person", id=account.id)
    give_role(session, own, account, Role.RECIPIENT, recipient.id, now=now)
    return account
