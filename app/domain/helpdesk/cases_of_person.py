"""The cases that are about one person, and whom a case is about, for staff of the state. Nothing of what was written."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.helpdesk.models import Case, CaseRecord
from app.domain.helpdesk.queries import WITHOUT_TEXTS
from app.domain.recipients.models import Recipient
from app.domain.recipients.records import one_person

MOST = 50


def cases_of_person(session: Session, actor: Actor, recipient_id: UUID) -> list[Case]:
    """By any record of the person, latest first; at most MOST. Raises NotFound, NotAllowed."""
    actor.require(Permission.FIND_PEOPLE, at=None)
    about = select(CaseRecord.case_id).where(
        CaseRecord.kind == "recipient", CaseRecord.record_id.in_(one_person(recipient_id))
    )
    query = select(Case).where(Case.id.in_(about)).options(*WITHOUT_TEXTS)
    return list(session.scalars(query.order_by(Case.id.desc()).limit(MOST)))


def people_of_case(session: Session, actor: Actor, number: str) -> list[Recipient]:
    """The records that a case is about, as they were linked; none where there is no such case."""
    actor.require(Permission.FIND_PEOPLE, at=None)
    query = (
        select(Recipient)
        .join(CaseRecord, CaseRecord.record_id == Recipient.id)
        .join(Case, Case.id == CaseRecord.case_id)
        .where(CaseRecord.kind == "recipient", Case.number == number.strip().upper())
    )
    return list(session.scalars(query.order_by(CaseRecord.id).limit(MOST)))
