"""Staff of the state find one record by the code that somebody reads to them, and see who acts for that person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import NotFound
from app.domain.recipients.models import Recipient
from app.infra import audit


def find_by_code(session: Session, actor: Actor, code: str, *, now: datetime) -> Recipient | None:
    """The record whose code was read aloud, as it was kept; None where nobody has it. The log tells that it was found."""
    actor.require(Permission.CLOSE_RECORDS, at=None)
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    found = session.scalar(select(Recipient).where(Recipient.code == plain)) if plain else None
    if found is None:
        return None
    kept = get_record(session, actor, found.id)
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="recipient.found", subject_kind="recipient",
        subject_id=kept.id, now=now,
    )  # fmt: skip
    return kept


def get_record(session: Session, actor: Actor, recipient_id: UUID | None) -> Recipient:
    """Any record, as it was kept, for staff of the state. Raises NotFound or NotAllowed."""
    actor.require(Permission.CLOSE_RECORDS, at=None)
    found = session.get(Recipient, recipient_id) if recipient_id else None
    while found is not None and found.merged_into_id is not None:
        found = session.get(Recipient, found.merged_into_id)
    if found is None:
        raise NotFound
    return found
