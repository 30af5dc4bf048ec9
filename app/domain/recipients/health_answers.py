"""What a person answered about health when registering, for staff of the state who opened it with a reason."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.break_glass import require_open
from app.domain.errors import NotFound
from app.domain.recipients.models import Recipient
from app.domain.recipients.registration import registration_of


@dataclass(frozen=True, slots=True)
class HealthAnswers:
    """Codes of the program's lists; "" and () where nothing was answered. `until`: when they close again."""

    conditions: tuple[str, ...]
    pregnant: str
    living: str
    until: datetime


def record_to_open(session: Session, actor: Actor, recipient_id: UUID) -> Recipient:
    """The record as it was kept, for the page that asks for the reason. Raises NotFound, NotAllowed."""
    actor.require(Permission.BREAK_GLASS, at=None)
    found = session.get(Recipient, recipient_id)
    while found is not None and found.merged_into_id is not None:
        found = session.get(Recipient, found.merged_into_id)
    if found is None:
        raise NotFound(recipient_id)
    return found


def health_answers_of(session: Session, actor: Actor, recipient: Recipient, *, now: datetime) -> HealthAnswers:
    """The answers, while they are open to the actor. Raises GlassClosed, NotFound, NotAllowed."""
    until = require_open(session, actor, recipient.id, now=now)
    answers = registration_of(recipient)
    return HealthAnswers(answers.conditions, answers.pregnant, answers.living, until)
