"""After somebody's names or birth date were changed: whatever is derived from them follows."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.recipients.finding.name_words import keep_name_words
from app.domain.recipients.keys import name_key, sound_key
from app.domain.recipients.models import Listing, Recipient
from app.infra.search import fold


def follow_names(session: Session, record: Recipient, *, shown_before: str) -> None:
    """Keys, the words that the record is found by, and the lists of clinics.

    An employer goes on seeing the name that it sent, which is the one `shown_before` (first and last) where the record
    had it so far: another one would tell what others know of the person.
    """
    record.first_folded, record.last_folded = fold(record.first_name), fold(record.last_name)
    record.name_key = name_key(record.first_name, record.last_name, record.birth_date)
    record.sound_key = sound_key(record.last_name, record.birth_date)
    session.flush()
    lists = update(Listing).where(Listing.recipient_id == record.id)
    session.execute(
        lists.where(Listing.scope_kind == "location").values(
            first_folded=record.first_folded, last_folded=record.last_folded
        )
    )
    shown_now = f"{record.first_name} {record.last_name}"
    if shown_now != shown_before:
        of_employers = lists.where(Listing.scope_kind == "organization")
        session.execute(of_employers.where(Listing.sent_name.is_(None)).values(sent_name=shown_before))
        session.execute(of_employers.where(Listing.sent_name == shown_now).values(sent_name=None))
    keep_name_words(session, record)
