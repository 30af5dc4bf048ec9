"""Where one person stands, found out when it is asked: a page never tells what a job has not got to yet."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.eligibility.evaluate import Status, evaluate
from app.domain.eligibility.facts import facts_on, told_by
from app.domain.eligibility.phases import load_phases
from app.domain.recipients.models import Recipient


def status_of(session: Session, recipient: Recipient, *, today: date) -> Status:
    """The status on a day of a person whom the caller reached through a door. At most four queries.

    Without a complete registration nothing is known and nothing is said.
    """
    if recipient.registered_at is None:
        return Status("not_registered")
    phases = load_phases(session, today)
    if phases is None:
        return Status("no_plan")
    facts = facts_on(today, recipient.birth_date, recipient.industry, told_by(recipient.answers))
    return evaluate(phases, facts, recipient.county_fips)


def person_to_tell(session: Session, recipient_id: UUID, *, today: date) -> Recipient | None:
    """To whom the mail about an opening goes: None where it must not be written after all, as when the group was closed
    again before anybody was told. For jobs only.
    """
    found = session.get(Recipient, recipient_id)
    if found is None or found.registered_at is None or found.merged_into_id is not None:
        return None
    if told_by(found.answers).silent or status_of(session, found, today=today).kind != "open":
        return None
    return found
