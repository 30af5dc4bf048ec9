"""Use case: a vaccine provider registers with the help desk (HD2): user id and temporary password come by mail."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts import passwords
from app.domain.accounts.access import SCOPE_OF_ROLE, Role
from app.domain.accounts.models import Account, Grant, SignInName
from app.domain.accounts.names import fold_name, is_taken
from app.domain.helpdesk.errors import BadRequest, WrongCode
from app.domain.helpdesk.models import Requester
from app.domain.helpdesk.open_case import check_names
from app.domain.program.terms import FIRST
from app.infra import audit, outbox

REALM = "helpdesk"
GENERIC_CODE = "VAC2021"
TERMS = FIRST["helpdesk"]
_CODE = re.compile(r"NCA[0-9]{6}")
_LETTERS = "abcdefghjkmnpqrstuvwxyz"
_CAPITALS = "ABCDEFGHJKMNPQRSTUVWXYZ"
_DIGITS = "23456789"


@dataclass(frozen=True, slots=True)
class RegisterRequester:
    """`code`: `NCA` and the six digits of the Provider PIN, or the generic code; `terms`: the version agreed to."""

    first_name: str
    last_name: str
    email: str
    code: str
    terms: str


def register_requester(
    session: Session, command: RegisterRequester, *, now: datetime, terms: str = TERMS
) -> None:
    """Make the account and mail user id and temporary password; where the address has one, mail that instead.

    `terms`: the version to agree to. The caller shows the same page either way. Raises BadRequest, WrongCode.
    """
    _check(command, terms)
    existing = session.scalar(
        select(Account)
        .join(SignInName, SignInName.account_id == Account.id)
        .where(SignInName.realm == REALM, Account.email_folded == fold_name(command.email))
        .where(Account.closed_at.is_(None))
    )
    if existing is not None:
        outbox.publish(
            session, "accounts.named", now=now, about=existing.id, account_id=str(existing.id), realm=REALM
        )
        return
    account = registered_account(session, command, now=now)
    outbox.publish(session, "helpdesk.registered", now=now, about=account.id, account_id=str(account.id))


def registered_account(
    session: Session, command: RegisterRequester, *, now: datetime, user_id: str | None = None
) -> Account:
    """The account of a requester, with no password yet; a user id is made where none is given. The command is checked."""
    account = Account(
        first_name=command.first_name.strip(), last_name=command.last_name.strip(), email=command.email.strip(),
        email_folded=fold_name(command.email), created_at=now,
    )  # fmt: skip
    session.add(account)
    session.flush()
    name, code = user_id or _free_user_id(session), command.code.strip().upper()
    session.add(SignInName(account_id=account.id, realm=REALM, name=name, name_folded=fold_name(name)))
    role = Role.HELP_DESK_REQUESTER
    session.add(
        Grant(account_id=account.id, role=role, scope_kind=SCOPE_OF_ROLE[role], scope_id=account.id, given_at=now)
    )
    pin = code if _CODE.fullmatch(code) else ""
    session.add(Requester(account_id=account.id, provider_pin=pin, terms=command.terms, registered_at=now))
    session.flush()
    audit.record(
        session, actor_kind="person", actor_id=account.id, act="help_desk.registered", subject_kind="account",
        subject_id=account.id, now=now, terms=command.terms,
    )  # fmt: skip
    return account


def issue_temporary_password(session: Session, account: Account) -> str:
    """A password for the mail that is about to be sent, to be replaced at the first sign-in; only its hash is kept.

    Made when the mail is written, so that it stands nowhere else; a mail that is sent again has another one.
    """
    password = "".join(
        secrets.choice(letters) for letters in (_CAPITALS, _LETTERS, _LETTERS, _LETTERS, _DIGITS, _DIGITS) * 2
    )
    account.password_hash = passwords.hash_password(password)
    account.password_is_temporary = True
    session.flush()
    return password


def requester_of(session: Session, account: Account) -> Requester | None:
    """What the help desk knows of an account; None for those who came from another portal."""
    return session.get(Requester, account.id)


def _check(command: RegisterRequester, terms: str) -> None:
    check_names(command)
    for field, longest in (("first_name", 40), ("last_name", 80), ("email", 254)):
        typed = getattr(command, field).strip()
        if not typed:
            raise BadRequest(field, "missing")
        if len(typed) > longest:
            raise BadRequest(field, "too_long", limit=longest)
    try:
        validate_email(command.email.strip(), check_deliverability=False)
    except EmailNotValidError as error:
        raise BadRequest("email", "bad_email") from error
    if command.terms != terms:
        raise BadRequest("terms", "missing")
    code = command.code.strip().upper()
    if code != GENERIC_CODE and not _CODE.fullmatch(code):
        raise WrongCode


def _free_user_id(session: Session) -> str:
    while True:
        candidate = f"HD{secrets.randbelow(900_000) + 100_000}"
        if not is_taken(session, REALM, candidate):
            return candidate
