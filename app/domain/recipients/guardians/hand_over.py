"""Dependants come of age: the guardian's right has ended by itself at midnight; this tells both.

The right does not hang on this job: the grant carries the moment. Who came of age is invited only at an address that no
guardian has had to do with: anywhere else the invitation would open the record to a guardian, silently.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Role, system
from app.domain.accounts.invitations import Invite, holders, invite
from app.domain.accounts.models import Account
from app.domain.recipients.closing.close_record import may_be_mailed
from app.domain.recipients.guardians.decide import end
from app.domain.recipients.guardians.mailboxes import is_a_guardians
from app.domain.recipients.guardians.models import Guardianship
from app.domain.recipients.models import Recipient
from app.infra import outbox
from app.infra.db import Database

CHUNK = 100


def hand_over_due(database: Database, *, now: datetime) -> int:
    """End what came of age and write the mails, some in a transaction; returns how many. Run again, it does nothing."""
    handed = 0
    while True:
        with database.transaction() as session:
            due = session.scalars(
                select(Guardianship)
                .where(Guardianship.ended_at.is_(None), Guardianship.until <= now)
                .order_by(Guardianship.until, Guardianship.id)
                .limit(CHUNK)
                .with_for_update()
            ).all()
            for found in due:
                _hand_over(session, found, now)
        handed += len(due)
        if len(due) < CHUNK:
            return handed


def guardian_to_tell(session: Session, guardianship_id: UUID) -> Account | None:
    """Whom the mail about the end goes to; None where one of the two has died. For jobs only."""
    found = session.get(Guardianship, guardianship_id)
    if found is None or not all(may_be_mailed(session, one) for one in (found.dependant_id, found.guardian_id)):
        return None
    return session.get(Account, found.account_id)


def _hand_over(session: Session, found: Guardianship, now: datetime) -> None:
    actor = system("coming of age")
    end(session, actor, found, "adult", now=now)
    person = session.get_one(Recipient, found.dependant_id)
    while person.merged_into_id is not None:
        person = session.get_one(Recipient, person.merged_into_id)
    if not may_be_mailed(session, person.id):
        return
    outbox.publish(session, "recipients.handed_over", now=now, about=found.id, guardianship_id=str(found.id))
    if person.email is None or is_a_guardians(session, person.id, person.email):
        return
    if not holders(session, Role.RECIPIENT, person.id):
        offer = Invite(Role.RECIPIENT, person.id, person.email, person.first_name, person.last_name, "recipient")
        invite(session, actor, offer, now=now)
