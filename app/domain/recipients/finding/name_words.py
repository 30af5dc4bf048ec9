"""The later words of names, kept beside the records, so that Garcia-Lopez is found as Lopez, too."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from app.domain.recipients.finding.models import NameWord
from app.domain.recipients.models import Recipient

_LONGEST_WORD, _LONGEST_NAMES = 80, 250


def later_words(recipient_id: UUID, first_folded: str, last_folded: str) -> list[dict[str, object]]:
    """The rows to keep for a record; none for most."""
    words = {*first_folded.split(" ")[1:], *last_folded.split(" ")[1:]}
    names = f"{last_folded} {first_folded}"[:_LONGEST_NAMES]
    return [
        {"word": word[:_LONGEST_WORD], "names": names, "recipient_id": recipient_id} for word in sorted(words) if word
    ]


def add_name_words(session: Session, rows: Iterable[dict[str, object]]) -> None:
    """Keep the words of new records, in one statement."""
    wanted = list(rows)
    if wanted:
        session.execute(insert(NameWord), wanted)


def keep_name_words(session: Session, record: Recipient) -> None:
    """Keep them anew after a name has changed."""
    session.execute(delete(NameWord).where(NameWord.recipient_id == record.id))
    add_name_words(session, later_words(record.id, record.first_folded, record.last_folded))
