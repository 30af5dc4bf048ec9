"""What a correction leaves to the job: whose proofs, and on which papers and in which languages."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vaccinations.models import Proof
from app.domain.vaccinations.renewing.models import ProofRenewal

CORRECTED = "corrected"
"""Why a proof was withdrawn that is made anew; one that was replaced has its successor already."""


def withdrawn_proofs(session: Session, records: Iterable[UUID]) -> list[tuple[str, str]]:
    """Papers and languages of which the person's newest proof was withdrawn by a correction, all records together."""
    newest: dict[tuple[str, str], str | None] = {}
    rows = session.execute(
        select(Proof.paper, Proof.language, Proof.revoked_at, Proof.revoked_because)
        .where(Proof.recipient_id.in_(list(records)))
        .order_by(Proof.issued_at, Proof.id)
    )
    for paper, language, revoked_at, because in rows:
        newest[paper, language] = because if revoked_at else None
    return sorted(which for which, because in newest.items() if because == CORRECTED)


def ask_for_renewal(
    session: Session, recipient_id: UUID, records: Iterable[UUID], *, withdrawn: bool, now: datetime
) -> None:
    """Leave it to the job, where any proof is missing. The caller holds the person's proofs.

    `withdrawn`: one was valid until this moment, so that the person is told.
    """
    if not withdrawn and not withdrawn_proofs(session, records):
        return
    asked = session.get(ProofRenewal, recipient_id)
    if asked is None:
        session.add(ProofRenewal(recipient_id=recipient_id, asked_at=now, due_at=now, tells=withdrawn))
    else:
        asked.due_at, asked.attempts, asked.tells = now, 0, asked.tells or withdrawn
    session.flush()
