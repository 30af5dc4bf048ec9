"""Use case: an agent links the record that somebody names on the telephone: a person's code, or a clinic's PIN."""

import re
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts import attempts
from app.domain.accounts.access import Actor
from app.domain.accounts.sessions import WINDOW
from app.domain.helpdesk.errors import RecordUnknown
from app.domain.helpdesk.models import Case
from app.domain.helpdesk.work_case import Seen, link_record
from app.domain.providers.models import Location
from app.domain.recipients.models import Recipient

ATTEMPT = "case-link"
MISSES = 20
_PIN = re.compile(r"(?:NCA)?([0-9]{6})")


def link_by_code(session: Session, actor: Actor, seen: Seen, typed: str, *, now: datetime, today: date) -> Case:
    """Link it to the case; agents see its name from then on, and whose record it is sees that they do.

    Raises RecordUnknown for a code that nobody has (the caller counts it: MISSES within WINDOW are allowed), NotFound.
    """
    guessing = attempts.blocked(session, ATTEMPT, str(actor.id), limit=MISSES, within=WINDOW, now=now)
    found = None if guessing else _named(session, "".join(sign for sign in typed.upper() if sign.isalnum()))
    if found is None:
        raise RecordUnknown(guessing)
    return link_record(session, actor, seen.number, *found, now=now, today=today)


def _named(session: Session, code: str) -> tuple[str, UUID] | None:
    if pin := _PIN.fullmatch(code):
        place = session.scalar(select(Location.id).where(Location.provider_pin == pin.group(1)))
        return ("location", place) if place else None
    person = session.scalar(select(Recipient.id).where(Recipient.code == code)) if code else None
    return ("recipient", person) if person else None
