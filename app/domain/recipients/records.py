"""The records of one person. Joining two is a pointer from one to the other: nothing moves, whoever reads follows it.

A pointer always leads to the record that was kept last, never to one that was itself joined with another
(recipients.merging.pointers sees to it).
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.domain.recipients.models import Recipient


def records_of(session: Session, ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Every record of each kept one: its id and those joined with it, each with the kept one's id: one query."""
    owner = {recipient_id: recipient_id for recipient_id in ids}
    joined = session.execute(select(Recipient.id, Recipient.merged_into_id).where(Recipient.merged_into_id.in_(owner)))
    for record, kept in joined.all():
        if kept is not None:
            owner.setdefault(record, kept)
    return owner


def kept_record(session: Session, recipient_id: UUID | None) -> Recipient | None:
    """The record that counts; None where there is none of this id."""
    found = session.get(Recipient, recipient_id) if recipient_id else None
    while found is not None and found.merged_into_id is not None:
        found = session.get(Recipient, found.merged_into_id)
    return found


def by_which(session: Session, records: Iterable[UUID], recipient_id: UUID) -> UUID | None:
    """That of the records, by which somebody may open this one, which is of the same person; None where none is."""
    kept = kept_record(session, recipient_id)
    held = list(records)
    if kept is None or not held:
        return None
    query = select(Recipient.id).where(Recipient.id.in_(held), Recipient.id.in_(one_person(kept.id)))
    return session.scalar(query.order_by(Recipient.id).limit(1))


def one_person(recipient_id: UUID) -> Select[UUID]:
    """The ids of all records of the person whose kept record this is, for a condition of a query."""
    return select(Recipient.id).where(or_(Recipient.id == recipient_id, Recipient.merged_into_id == recipient_id))
