"""Registration without an invitation: the mailbox is proved first, and only then is the person looked for.

Whoever asks learns nothing about who is on record: the page is the same, and what the mail says depends only on what
its own mailbox may know. A record with another address is never opened; a new one is made beside it and held for staff.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.accounts import invitations, passwords
from app.domain.accounts.access import Role, system
from app.domain.accounts.invitations import Invite, WeakPassword
from app.domain.accounts.models import Account, Invitation, MailLink
from app.domain.accounts.names import fold_name
from app.domain.errors import Refusal
from app.domain.program.settings import SELF_REGISTRATION_OPEN, value_of
from app.domain.recipients.closing.close_record import may_be_mailed
from app.domain.recipients.guardians.mailboxes import is_a_guardians
from app.domain.recipients.joining.accounts import account_of_recipient
from app.domain.recipients.joining.models import SelfRegistration
from app.domain.recipients.matching import Candidates, Match
from app.domain.recipients.models import Recipient
from app.domain.recipients.recipient_rows import RecipientRow
from app.domain.recipients.register import create_recipients
from app.infra import audit, outbox
from app.infra.db import Database, one_at_a_time

PURPOSE = "self-registration"
LINK_LASTS = timedelta(days=7)
KEPT_UNCONFIRMED = timedelta(days=8)
_JOB = system("self-registration")


class RegistrationClosed(Refusal):
    """The state has not opened registration without an invitation, or has closed it again."""


class KnownAlready(Refusal):
    """The person has an account with this very mailbox."""


@dataclass(frozen=True, slots=True)
class SelfRegister:
    """What was typed; names, date and address have the form of a record. `today` is the program's day."""

    first_name: str
    last_name: str
    birth_date: date
    email: str
    today: date
    language: str = "en"


@dataclass(frozen=True, slots=True)
class WhatToMail:
    """`known`: the mailbox belongs to this person's account `account_id`. Otherwise a link to go on."""

    asked: SelfRegistration
    account_id: UUID | None


def is_open(session: Session, *, today: date) -> bool:
    """True on days on which anybody may register."""
    return value_of(session, SELF_REGISTRATION_OPEN, today=today)


def ask_to_register(session: Session, command: SelfRegister, *, now: datetime) -> None:
    """Keep what was typed and send a mail, whoever is on record already. Raises RegistrationClosed."""
    if not is_open(session, today=command.today):
        raise RegistrationClosed
    asked = SelfRegistration(
        first_name=command.first_name, last_name=command.last_name, birth_date=command.birth_date,
        email=command.email, language=command.language, asked_at=now,
    )  # fmt: skip
    session.add(asked)
    session.flush()
    outbox.publish(
        session, "recipients.self_registration_asked", now=now, about=asked.id, registration_id=str(asked.id)
    )


def what_to_mail(session: Session, registration_id: UUID) -> WhatToMail | None:
    """What the mail may say to the mailbox that was typed; None where there is nothing to say any more. For jobs."""
    asked = session.get(SelfRegistration, registration_id)
    if asked is None or asked.confirmed_at is not None:
        return None
    own = _own(session, asked, _matches(session, asked))
    if own is not None and not may_be_mailed(session, own.id):
        return None
    account = account_of_recipient(session, own.id) if own else None
    return WhatToMail(asked, account.id if account else None)


def open_registration(session: Session, token: str, *, now: datetime) -> tuple[SelfRegistration, MailLink]:
    """What was typed, behind a link. Raises LinkUnknown, LinkUsed, LinkExpired."""
    link = invitations.open_link(session, PURPOSE, token, now=now)
    asked = session.get(SelfRegistration, link.subject_id)
    if asked is None:
        raise invitations.LinkUnknown
    if asked.confirmed_at is not None:
        raise invitations.LinkUsed
    return asked, link


def complete_self_registration(
    session: Session, asked: SelfRegistration, link: MailLink, password: str, *, now: datetime
) -> Account:
    """The address is proved: make the account, with the record on file that has this address, or with a new one.

    Raises WeakPassword, LinkUsed when another browser was faster, KnownAlready.
    """
    unmet = passwords.unmet_criteria(password, (asked.first_name, asked.last_name, asked.email))
    if unmet:
        raise WeakPassword(unmet)
    invitations.take_link(session, link, now=now)
    one_at_a_time(session, "matching")
    session.refresh(asked)
    if asked.confirmed_at is not None:
        raise invitations.LinkUsed
    recipient = _record_for(session, asked, now)
    asked.confirmed_at, asked.recipient_id = now, recipient.id
    account = _let_in(session, recipient, asked, password, now)
    link.account_id = account.id
    audit.record(
        session, actor_kind="person", actor_id=account.id, act="recipient.self_registered", subject_kind="recipient",
        subject_id=recipient.id, now=now, looks_like_another=asked.possible_id is not None,
    )  # fmt: skip
    session.flush()
    return account


def forget_unconfirmed(database: Database, *, now: datetime) -> None:
    """Delete what was typed by people who never followed the link."""
    with database.transaction() as session:
        session.execute(
            delete(SelfRegistration).where(
                SelfRegistration.confirmed_at.is_(None), SelfRegistration.asked_at < now - KEPT_UNCONFIRMED
            )
        )


def _record_for(session: Session, asked: SelfRegistration, now: datetime) -> Recipient:
    matches = _matches(session, asked)
    own = _own(session, asked, matches)
    if own is not None:
        if account_of_recipient(session, own.id) is not None:
            raise KnownAlready
        return own
    details = _details(asked)
    made = create_recipients(session, [details], source="self", created_by_id=None, now=now)[0]
    if matches:
        asked.possible_id = matches[0].known.kept_id
        outbox.publish(session, "recipients.perhaps_the_same", now=now, about=asked.id, registration_id=str(asked.id))
    found = session.get_one(Recipient, made.id)
    found.language = asked.language
    return found


def _let_in(session: Session, recipient: Recipient, asked: SelfRegistration, password: str, now: datetime) -> Account:
    """The account, by the invitation that waits for this person or by one that is answered at once."""
    waiting = session.scalars(
        select(Invitation)
        .where(Invitation.scope_id == recipient.id, Invitation.role == Role.RECIPIENT.value)
        .where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
        .where(Invitation.email_folded == fold_name(asked.email))
        .order_by(Invitation.id.desc())
    ).first()
    if waiting is None:
        offer = Invite(
            Role.RECIPIENT, recipient.id, asked.email, recipient.first_name, recipient.last_name, "recipient"
        )
        waiting = invitations.invite(session, _JOB, offer, now=now, with_mail=False)
    token = invitations.make_link(session, "invitation", now=now, invitation_id=waiting.id)
    session.flush()
    invitation, link = invitations.open_invitation(session, token, now=now)
    return invitations.accept_with_new_account(session, invitation, link, password, now=now)


def _own(session: Session, asked: SelfRegistration, matches: list[Match]) -> Recipient | None:
    """The record that is surely this person's and has the address that was typed.

    While it has no account, an address that a guardian reads opens nothing: the guardian knows name and birth date too.
    """
    for match in matches:
        if match.kind == "same":
            found = session.get_one(Recipient, match.known.kept_id)
            if found.email_folded != fold_name(asked.email):
                continue
            if account_of_recipient(session, found.id) or not is_a_guardians(session, found.id, asked.email):
                return found
    return None


def _matches(session: Session, asked: SelfRegistration) -> list[Match]:
    details = _details(asked)
    return Candidates(session, [details]).matches(details)


def _details(asked: SelfRegistration) -> RecipientRow:
    return RecipientRow(
        number=0, first_name=asked.first_name, middle_name="", last_name=asked.last_name, suffix="",
        birth_date=asked.birth_date, email=asked.email, phone="", street="", city="", county_fips="", state_abbr="",
        zip="", gender="", races=(), ethnicity="", industry="", external_id="",
    )  # fmt: skip
