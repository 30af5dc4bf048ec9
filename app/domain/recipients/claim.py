"""What shows that an invitation reached the right person."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.recipients.records import kept_record


def birth_date_of(session: Session, recipient_id: UUID | None) -> date | None:
    """The birth date on record, to be compared with what was typed; never shown."""
    kept = kept_record(session, recipient_id)
    return kept.birth_date if kept else None
