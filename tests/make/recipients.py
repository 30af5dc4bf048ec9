"""People on record as an upload would have made them. Every maker commits."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.domain.recipients.models import Recipient
from app.domain.recipients.recipient_rows import COLUMNS, read_row
from app.domain.recipients.register import create_recipients
from app.infra import clock
from app.infra.spreadsheet import Cell, Row
from tests.files import people

_KEYS = {column.header: column.key for column in COLUMNS}


def on_record(session: Session, row: Sequence[str], **other: Any) -> Recipient:
    """The person of a row of `people`, known to no place, with other attributes where they are named."""
    cells = {_KEYS[title]: Cell("A1", text) for title, text in zip(people.COLUMNS, row, strict=True) if text}
    person = read_row(Row(1, cells), today=clock.now().date()).recipient
    assert person is not None, row
    known = create_recipients(session, [person], source="test", created_by_id=None, now=clock.now())[0]
    made = session.get_one(Recipient, known.id)
    for name, value in other.items():
        setattr(made, name, value)
    session.commit()
    return made
