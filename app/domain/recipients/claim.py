"""What shows that an invitation reached the right person."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.recipients.models import Recipient


def birth_date_of(session: Session, recipient_id: UUID | None) -> date | None:
    """The birth date on record, to be compared with what was typed; never shown."""
    return session.scalar(select(Recipient.birth_date).where(Recipient.id == recipient_id))
