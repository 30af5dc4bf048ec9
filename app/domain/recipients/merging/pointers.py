"""Where each record leads. What was joined with what is in the merges; the pointers follow from them.

A pointer leads straight to the record that was kept last, so that nobody who reads has to follow two.
"""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.recipients.merging.models import Merge
from app.domain.recipients.models import Recipient


def point(session: Session, other: Recipient, kept: Recipient) -> None:
    """Let a record, and all that were joined with it before, lead to another one."""
    session.flush()
    session.execute(
        update(Recipient)
        .where(Recipient.merged_into_id == other.id)
        .values(merged_into_id=kept.id)
        .execution_options(synchronize_session="fetch")
    )
    other.merged_into_id = kept.id
    session.flush()


def stand_alone(session: Session, other: Recipient) -> None:
    """Let a record stand for itself again; those that were joined with it lead to it as before."""
    other.merged_into_id = None
    session.flush()
    below, frontier = set[UUID](), {other.id}
    while frontier:
        joined = select(Merge.other_id).where(Merge.kept_id.in_(frontier), Merge.undone_at.is_(None))
        frontier = set(session.scalars(joined)) - below
        below |= frontier
    if below:
        session.execute(
            update(Recipient)
            .where(Recipient.id.in_(below))
            .values(merged_into_id=other.id)
            .execution_options(synchronize_session="fetch")
        )
