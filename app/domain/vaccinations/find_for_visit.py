"""The door "found": a clinic finds a person of the whole state by exact name, birth date and one detail more.

It answers with few facts and a ticket; the ticket, not the id, is what checks the person in.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts import attempts
from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.names import fold_name
from app.domain.recipients.models import Listing, Recipient
from app.domain.vaccinations.errors import TicketExpired, TooManySearches
from app.domain.vaccinations.history import doses_by_recipient
from app.infra import audit, crypto
from app.infra.db import Database
from app.infra.search import fold

TICKET_LASTS = timedelta(minutes=30)
MISSES_WITHIN = timedelta(minutes=15)
MISSES_OF_ACCOUNT = 40
MISSES_OF_PERSON = 10
MOST_FOUND = 5


@dataclass(frozen=True, slots=True)
class FindForVisit:
    """What the person tells. `detail`: first name, phone (or its last four digits), ZIP, code or e-mail."""

    location_id: UUID
    last_name: str
    birth_date: date
    detail: str


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Few facts, enough to tell whether it is the one at the door. `listed`: the location knows them."""

    recipient_id: UUID
    full_name: str
    birth_date: date
    city: str
    doses: int
    listed: bool
    ticket: str


def find_for_visit(
    session: Session, database: Database, actor: Actor, query: FindForVisit, *, now: datetime
) -> list[FoundPerson]:
    """The people whom the three details fit. To be called with a reading session: attempts and the log are
    written apart. Raises TooManySearches.
    """
    actor.require(Permission.CHECK_IN_RECIPIENTS, at=query.location_id)
    person_key = f"{fold(query.last_name)}|{query.birth_date.isoformat()}"
    for key, limit in ((f"account:{actor.id}", MISSES_OF_ACCOUNT), (person_key, MISSES_OF_PERSON)):
        if attempts.blocked(session, "find", key, limit=limit, within=MISSES_WITHIN, now=now):
            raise TooManySearches
    found = _matching(session, query)
    if not found:
        attempts.note(database, "find", f"account:{actor.id}", person_key, now=now)
    if found:
        _note(database, actor, query.location_id, found, now)
    return describe(session, actor, query.location_id, found, now=now)


def _note(database: Database, actor: Actor, location_id: UUID, found: list[Recipient], now: datetime) -> None:
    """An entry for each person, all in one statement apart."""
    with database.transaction() as session:
        for recipient in found:
            audit.record(
                session, actor_kind=actor.kind, actor_id=actor.id, act="recipient.found", subject_kind="recipient",
                subject_id=recipient.id, place_id=location_id, now=now,
            )  # fmt: skip


def describe(
    session: Session, actor: Actor, location_id: UUID, recipients: list[Recipient], *, now: datetime
) -> list[FoundPerson]:
    """The few facts about people whom the clinic was led to, each with a ticket to check them in."""
    ids = [recipient.id for recipient in recipients]
    doses = doses_by_recipient(session, ids)
    listed = set(
        session.scalars(
            select(Listing.recipient_id).where(Listing.scope_id == location_id, Listing.recipient_id.in_(ids))
        )
    )
    return [
        FoundPerson(
            recipient.id,
            recipient.full_name,
            recipient.birth_date,
            recipient.city,
            len(doses[recipient.id]),
            recipient.id in listed,
            make_ticket(actor, location_id, recipient.id, now=now),
        )
        for recipient in recipients
    ]


def read_ticket(ticket: str, actor: Actor, location_id: UUID, *, now: datetime) -> UUID:
    """The recipient that a ticket of this actor at this location stands for. Raises TicketExpired."""
    try:
        told = json.loads(crypto.decrypt(ticket.encode()))
        given = datetime.fromisoformat(told["at"])
        mine = told["actor"] == str(actor.id) and told["location"] == str(location_id)
        recipient_id = UUID(told["recipient"])
    except (crypto.CannotDecrypt, ValueError, KeyError, TypeError) as error:
        raise TicketExpired from error
    if not mine or now - given > TICKET_LASTS:
        raise TicketExpired
    return recipient_id


def make_ticket(actor: Actor, location_id: UUID, recipient_id: UUID, *, now: datetime) -> str:
    """With it this actor can check the person in at this location for half an hour."""
    told = {"actor": str(actor.id), "location": str(location_id), "recipient": str(recipient_id)}
    return crypto.encrypt(json.dumps({**told, "at": now.isoformat()}).encode()).decode()


def _matching(session: Session, query: FindForVisit) -> list[Recipient]:
    last = fold(query.last_name)
    if not last or not query.detail.strip():
        return []
    same = session.scalars(
        select(Recipient)
        .where(Recipient.birth_date == query.birth_date, Recipient.last_folded == last)
        .order_by(Recipient.id)
        .limit(100)
    )
    found: dict[UUID, Recipient] = {}
    for recipient in same:
        if _fits(recipient, query.detail):
            kept = _kept_record(session, recipient)
            found.setdefault(kept.id, kept)
    return list(found.values())[:MOST_FOUND]


def _kept_record(session: Session, recipient: Recipient) -> Recipient:
    while recipient.merged_into_id is not None:
        recipient = session.get_one(Recipient, recipient.merged_into_id)
    return recipient


def _fits(recipient: Recipient, detail: str) -> bool:
    text = detail.strip()
    digits = "".join(sign for sign in text if sign.isdigit())
    plain_digits = bool(digits) and not any(sign.isalpha() for sign in text)
    code = "".join(sign for sign in text.upper() if sign.isalnum())
    return (
        fold(text) == recipient.first_folded
        or (fold(text) == recipient.first_folded.split(" ")[0] and len(fold(text)) > 1)
        or (plain_digits and recipient.phone != "" and digits in (recipient.phone, recipient.phone[-4:]))
        or (
            plain_digits
            and recipient.zip != ""
            and digits in (recipient.zip[:5], recipient.zip.replace("-", ""))
        )
        or code == "".join(sign for sign in recipient.code.upper() if sign.isalnum())
        or (recipient.email_folded is not None and fold_name(text) == recipient.email_folded)
    )
