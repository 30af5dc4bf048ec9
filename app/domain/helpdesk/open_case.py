"""Use case: somebody asks for help."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.names import fold_name
from app.domain.helpdesk.attachments import CheckedFile, keep_files
from app.domain.helpdesk.errors import BadRequest
from app.domain.helpdesk.journal import check_text, leave_row
from app.domain.helpdesk.lists import AUDIENCES
from app.domain.helpdesk.models import Case, CaseCounter, CaseRecord, CaseText, Requester, RequestType
from app.domain.helpdesk.search import found_by
from app.domain.helpdesk.steering.models import Route
from app.domain.helpdesk.steering.routes import type_and_route
from app.infra.search import fold
from app.infra.storage import FolderStorage

LONGEST = {"first_name": 40, "last_name": 80, "organization_name": 255}
LANGUAGES = ("en", "es")
_PIN = re.compile(r"NCA[0-9]{6}")
_NAME = re.compile(r"(?!.*\.\w{2})[^\W\d_](?:[^\W\d_]|[ .,'’‘`´ʼ()\u0300-\u036f\u00b7-])*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A request as it was typed. `details`: what only this audience is asked (birth date, county, where vaccinated).

    `phone` is empty or ten digits; `recipient_id` a record that the person opened when asking; `is_secondary`: for
    another organization than the requester's own, which is then not learned.
    """

    audience: str
    request_type: str
    first_name: str
    last_name: str
    email: str
    description: str
    phone: str = ""
    organization_name: str = ""
    provider_pin: str = ""
    is_secondary: bool = False
    language: str = "en"
    details: dict[str, str] = field(default_factory=dict)
    files: Sequence[CheckedFile] = ()
    recipient_id: UUID | None = None


def open_case(
    session: Session, actor: Actor | None, command: OpenCase, *, storage: FolderStorage, now: datetime, today: date
) -> Case:
    """Make the case, route it by its request type, and mail the link. `actor` None: nobody is signed in.

    What an agent writes down for a caller is the caller's case, not the agent's; a caller without e-mail address is
    answered by telephone, so that no mail goes out. Raises BadRequest (the field is named), BadAttachment.
    """
    kind, route = _request_type(session, command, today)
    by_agent = actor is not None and writes_for_callers(actor)
    _check(command, answered_by_phone=by_agent)
    own = actor is not None and actor.kind == "person" and not by_agent
    requester_id = actor.id if own and actor else None
    case = Case(
        number=_next_number(session), audience=command.audience, request_type_id=kind.id, request_type=kind,
        team_id=route.team_id if route else kind.team_id,
        priority=(route.priority if route else None) or kind.priority, requester_id=requester_id,
        first_name=command.first_name.strip(), last_name=command.last_name.strip(), email=command.email.strip(),
        email_folded=fold_name(command.email), phone=command.phone, language=command.language,
        name_folded=fold(f"{command.last_name} {command.first_name}")[:160],
        organization_name=command.organization_name.strip(), is_secondary=command.is_secondary,
        organization_folded=fold(command.organization_name)[:255], provider_pin=command.provider_pin.strip().upper(),
        description=check_text("description", command.description), details=dict(command.details) or None,
        opened_at=now, reply_token=secrets.token_hex(10),
    )  # fmt: skip
    session.add(case)
    session.flush()
    session.add(CaseText(case_id=case.id, text=found_by(case)))
    keep_files(session, case, None, command.files, storage=storage, by="requester", now=now)
    if command.recipient_id is not None:
        session.add(CaseRecord(case_id=case.id, kind="recipient", record_id=command.recipient_id, linked_at=now))
    _learn_organization(session, case)
    leave_row(session, actor or Actor(kind="link", id=None), case, "open", "", now=now)
    return case


def writes_for_callers(actor: Actor) -> bool:
    """True for an agent who asks for nothing at the desk in a role of their own."""
    return actor.anywhere(Permission.WORK_CASES) and not actor.anywhere(Permission.OPEN_CASES)


def _request_type(session: Session, command: OpenCase, today: date) -> tuple[RequestType, Route | None]:
    if command.audience not in AUDIENCES:
        raise BadRequest("audience", "unknown")
    if not command.request_type:
        raise BadRequest("request_type", "missing")
    kind, route = type_and_route(session, command.request_type, command.language, today)
    over = kind is not None and kind.effective_to is not None and kind.effective_to < today
    if kind is None or kind.audience != command.audience or kind.effective_from > today or over:
        raise BadRequest("request_type", "unknown")
    return kind, route


def check_names(command: Any) -> None:
    """The first name greets in mails to an address that anybody may type: it is no place for a message or a link.

    Raises BadRequest.
    """
    for name in ("first_name", "last_name"):
        typed = getattr(command, name).strip()
        if not typed:
            raise BadRequest(name, "missing")
        if not _NAME.fullmatch(typed):
            raise BadRequest(name, "bad_name")


def _check(command: OpenCase, *, answered_by_phone: bool) -> None:
    check_names(command)
    if command.audience == "organization" and not command.organization_name.strip():
        raise BadRequest("organization_name", "missing")
    for name, longest in LONGEST.items():
        if len(getattr(command, name).strip()) > longest:
            raise BadRequest(name, "too_long", limit=longest)
    _check_mailbox(command, answered_by_phone=answered_by_phone)
    if command.phone and not re.fullmatch("[0-9]{10}", command.phone):
        raise BadRequest("phone", "bad_phone")
    if command.provider_pin.strip() and not _PIN.fullmatch(command.provider_pin.strip().upper()):
        raise BadRequest("provider_pin", "bad_pin")
    if command.language not in LANGUAGES:
        raise BadRequest("language", "unknown")


def _check_mailbox(command: OpenCase, *, answered_by_phone: bool) -> None:
    mailbox = command.email.strip()
    if not mailbox and not answered_by_phone:
        raise BadRequest("email", "missing")
    if not mailbox and not command.phone:
        raise BadRequest("phone", "unreachable")
    try:
        if mailbox:
            validate_email(mailbox, check_deliverability=False)
    except EmailNotValidError as error:
        raise BadRequest("email", "bad_email") from error


def _next_number(session: Session) -> str:
    """Counted, so that it can be read over the phone; the row is held until the end of the transaction."""
    last = session.scalar(
        update(CaseCounter).where(CaseCounter.id == 1).values(last=CaseCounter.last + 1).returning(CaseCounter.last)
    )
    return f"CS{last:07d}"


def _learn_organization(session: Session, case: Case) -> None:
    """The name typed the first time stands in the form from the next case on (domain 8.2)."""
    known = session.get(Requester, case.requester_id) if case.requester_id else None
    if known is not None and case.organization_name and not case.is_secondary and not known.organization_name:
        known.organization_name = case.organization_name
        known.provider_pin = known.provider_pin or case.provider_pin
