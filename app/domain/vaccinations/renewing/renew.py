"""Use case of a job: make the proofs anew that a correction withdrew, and tell the person, once.

One person is one transaction: a worker that is killed in it leaves nothing behind but the row that asks for it.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import system
from app.domain.recipients.closing.close_record import may_be_mailed
from app.domain.recipients.models import Recipient
from app.domain.recipients.records import records_of
from app.domain.vaccinations.errors import NoDosesYet
from app.domain.vaccinations.issue_proof import Render, WhichProof, issue_proof
from app.domain.vaccinations.renewing.ask import withdrawn_proofs
from app.domain.vaccinations.renewing.models import ProofRenewal
from app.domain.vaccinations.signing_keys import Issuer
from app.infra import outbox
from app.infra.db import one_at_a_time
from app.infra.storage import FolderStorage

MAIL = "vaccinations.proof_changed"
_LONGEST_PAUSE_MINUTES = 24 * 60


def people_to_renew(session: Session, *, now: datetime, limit: int = 100) -> list[UUID]:
    """Whose proofs are due, longest waiting first."""
    due = select(ProofRenewal.recipient_id).where(ProofRenewal.due_at <= now)
    return list(session.scalars(due.order_by(ProofRenewal.due_at, ProofRenewal.recipient_id).limit(limit)))


def renew_proofs(
    session: Session, recipient_id: UUID, *, storage: FolderStorage, render: Render, issuer: Issuer, now: datetime
) -> bool:
    """Make them; False where nothing is to be told to anybody. Whoever has died gets none.

    A record that was joined with another meanwhile is settled with that one.
    """
    one_at_a_time(session, f"proof:{recipient_id}")
    asked = session.get(ProofRenewal, recipient_id, populate_existing=True)
    if asked is None:
        return False
    tells = asked.tells
    session.delete(asked)
    person = session.get_one(Recipient, recipient_id)
    if person.merged_into_id is not None or not may_be_mailed(session, recipient_id):
        return False
    for paper, language in withdrawn_proofs(session, records_of(session, [recipient_id])):
        which = WhichProof(recipient_id, paper=paper, language=language)
        try:
            issue_proof(
                session, system("renew proofs"), which, storage=storage, render=render, issuer=issuer, now=now
            )
        except NoDosesYet:
            break
        tells = True
    if tells:
        outbox.publish(session, MAIL, now=now, about=recipient_id, recipient_id=str(recipient_id))
    session.flush()
    return tells


def put_off(session: Session, recipient_id: UUID, *, now: datetime) -> None:
    """It broke: try again after a pause that grows."""
    asked = session.get(ProofRenewal, recipient_id)
    if asked is not None:
        asked.attempts += 1
        asked.due_at = now + timedelta(minutes=min(2**asked.attempts, _LONGEST_PAUSE_MINUTES))
