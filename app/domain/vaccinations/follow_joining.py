"""What joining two records, and undoing it, means for doses and proofs. Told by the area of recipients.

The doses of both count together: they are numbered anew, and proofs that say something else by now are withdrawn.
Doses that were marked as entered twice when the records were joined count again once that is undone.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import system
from app.domain.vaccinations.doses import REMOVED, keep_change, settle_person
from app.domain.vaccinations.models import Administration, DoubledDose
from app.infra.db import one_at_a_time


def doses_follow_joining(
    session: Session, merge_id: UUID, kept_id: UUID, other_id: UUID, *, joined: bool, today: date, now: datetime
) -> None:
    """In the same transaction; others who change the doses of either wait until it ends."""
    del today
    for recipient_id in sorted((kept_id, other_id)):
        one_at_a_time(session, f"doses:{recipient_id}")
    if not joined:
        _count_again(session, merge_id, now)
    for recipient_id in (kept_id,) if joined else (kept_id, other_id):
        settle_person(session, recipient_id, now=now)


def _count_again(session: Session, merge_id: UUID, now: datetime) -> None:
    marked = session.scalars(select(DoubledDose).where(DoubledDose.merge_id == merge_id, DoubledDose.undone_at.is_(None)))
    for mark in marked.all():
        mark.undone_at = now
        dose = session.get_one(Administration, mark.administration_id)
        if dose.status == REMOVED:
            dose.status = "completed"
            keep_change(session, system("joining"), dose, "restored", whose=dose.recipient_id, now=now)
    session.flush()
