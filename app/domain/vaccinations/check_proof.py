"""Is a proof one of ours? Whoever holds its code may ask; nothing is kept about who asked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vaccinations.models import Proof
from app.domain.vaccinations.proof_codes import read_code
from app.domain.vaccinations.proof_contents import ProofContents, contents_from_json

Verdict = Literal["genuine", "replaced", "revoked", "unknown", "misread"]


@dataclass(frozen=True, slots=True)
class ProofCheck:
    """The answer. `contents`, what was printed, is told for a genuine proof only.

    `misread`: the text cannot be a code at all, a sign was left out or is wrong.
    """

    verdict: Verdict
    code: str = ""
    issued_at: datetime | None = None
    revoked_at: datetime | None = None
    contents: ProofContents | None = None


def check_proof(session: Session, typed: str) -> ProofCheck:
    """What we know about the proof with this code, however it was typed."""
    code = read_code(typed)
    if code is None:
        return ProofCheck("misread")
    proof = session.scalar(select(Proof).where(Proof.code == code))
    if proof is None:
        return ProofCheck("unknown", code)
    if proof.revoked_at is not None:
        verdict: Verdict = "replaced" if proof.revoked_because == "replaced" else "revoked"
        return ProofCheck(verdict, code, proof.issued_at, proof.revoked_at)
    return ProofCheck("genuine", code, proof.issued_at, None, contents_from_json(proof.facts))
