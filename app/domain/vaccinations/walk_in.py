"""Use case: somebody in no list walks in: registered, listed and checked in at once."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.errors import Refusal
from app.domain.recipients.errors import LikelyDuplicate
from app.domain.recipients.models import Recipient
from app.domain.recipients.register import RegisterWalkIn, register_walk_in
from app.domain.vaccinations.check_in import CheckIn, check_in
from app.domain.vaccinations.find_for_visit import FoundPerson, describe
from app.domain.vaccinations.models import Visit

MOST_SHOWN = 5


class LooksKnown(Refusal):
    """People on record who are, or may be, this person; each can be checked in by their ticket instead."""

    def __init__(self, people: list[FoundPerson]) -> None:
        super().__init__(people)
        self.people = people


def receive_walk_in(
    session: Session, actor: Actor, command: RegisterWalkIn, *, now: datetime, today: date
) -> Visit:
    """Register and check in. Raises LooksKnown, unless the command says that it is another person."""
    try:
        recipient = register_walk_in(session, actor, command, now=now)
    except LikelyDuplicate as refusal:
        ids = [match.known.kept_id for match in refusal.matches[:MOST_SHOWN]]
        records = {
            found.id: found for found in session.scalars(select(Recipient).where(Recipient.id.in_(ids)))
        }
        known = [records[recipient_id] for recipient_id in ids if recipient_id in records]
        raise LooksKnown(describe(session, actor, command.location_id, known, now=now)) from refusal
    told = CheckIn(command.location_id, recipient_id=recipient.id, walk_in=True)
    return check_in(session, actor, told, now=now, today=today)
