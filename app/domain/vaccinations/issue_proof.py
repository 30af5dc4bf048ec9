"""Use case: a proof is issued once, kept, and served as it was kept until the record changes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import NotFound
from app.domain.recipients.models import Recipient
from app.domain.recipients.own_record import own_recipient
from app.domain.recipients.records import records_of
from app.domain.vaccinations.errors import BadDose, NoDosesYet
from app.domain.vaccinations.health_cards import card_for, live_card, revoke_cards
from app.domain.vaccinations.history import GivenDose, doses_of
from app.domain.vaccinations.models import Proof
from app.domain.vaccinations.proof_codes import new_code
from app.domain.vaccinations.proof_contents import ProofContents, contents_of
from app.domain.vaccinations.signing_keys import Issuer
from app.domain.vaccinations.sources import is_proven
from app.domain.vaccinations.visits import listed_recipient
from app.infra import audit
from app.infra.db import one_at_a_time
from app.infra.storage import FolderStorage

PAPERS = ("letter", "a4", "wallet")
LANGUAGES = ("en", "es")
Render = Callable[[ProofContents, str, str, str, str], bytes]
"""(contents, code, signed health card, paper, language) -> the PDF."""


@dataclass(frozen=True, slots=True)
class WhichProof:
    """Whose proof, on which paper, in which language. `location_id`: the clinic that prints it, if any."""

    recipient_id: UUID
    location_id: UUID | None = None
    paper: str = "letter"
    language: str = "en"


@dataclass(frozen=True, slots=True)
class ProofState:
    """The live proof, if one was issued, and whether it still says what the record says. `doses`: those it may show."""

    recipient: Recipient
    doses: list[GivenDose]
    proof: Proof | None
    is_current: bool


def proof_state(session: Session, actor: Actor, which: WhichProof) -> ProofState:
    """Where a proof stands. Raises NotFound where the actor may not have it."""
    recipient = _whose(session, actor, which)
    doses = [dose for dose in doses_of(session, recipient.id) if is_proven(dose.source)]
    proof = _live(session, recipient, which)
    current = proof is not None and proof.facts_hash == contents_of(recipient, doses).fingerprint()
    return ProofState(recipient, doses, proof, current)


def issue_proof(
    session: Session,
    actor: Actor,
    which: WhichProof,
    *,
    storage: FolderStorage,
    render: Render,
    issuer: Issuer,
    now: datetime,
) -> Proof:
    """The current proof: the one there is, or a new one that replaces it, with the person's health card on it.

    Raises NoDosesYet, NotFound.
    """
    if which.paper not in PAPERS:
        raise BadDose("paper")
    if which.language not in LANGUAGES:
        raise BadDose("language")
    one_at_a_time(session, f"proof:{_whose(session, actor, which).id}")
    state = proof_state(session, actor, which)
    if not state.doses:
        raise NoDosesYet
    if state.proof is not None and state.is_current:
        return state.proof
    contents = contents_of(state.recipient, state.doses)
    _replace_what_differs(session, state.recipient.id, contents.fingerprint(), now)
    card = card_for(session, state.recipient.id, contents, issuer, now=now)
    code = new_code()
    proof = Proof(
        code=code,
        recipient_id=state.recipient.id,
        paper=which.paper,
        language=which.language,
        facts=contents.to_json(),
        facts_hash=contents.fingerprint(),
        storage_key=storage.put("proofs", render(contents, code, card, which.paper, which.language)),
        issued_at=now,
        issued_by_id=actor.id,
    )
    session.add(proof)
    session.flush()
    audit.record(
        session,
        actor_kind=actor.kind,
        actor_id=actor.id,
        act="recipient.proof_issued",
        subject_kind="recipient",
        subject_id=state.recipient.id,
        place_id=which.location_id,
        now=now,
    )
    return proof


def issued_pdf(session: Session, actor: Actor, which: WhichProof, *, storage: FolderStorage) -> bytes:
    """The bytes of the live proof as they were kept. Raises NotFound when none was issued."""
    proof = _live(session, _whose(session, actor, which), which)
    if proof is None:
        raise NotFound
    return storage.get(proof.storage_key)


def issued_card(session: Session, actor: Actor, which: WhichProof) -> str:
    """The signed health card of the live proof. Raises NotFound when none was issued."""
    card = live_card(session, _whose(session, actor, which).id)
    if card is None:
        raise NotFound
    return str(card.token)


def _whose(session: Session, actor: Actor, which: WhichProof) -> Recipient:
    if which.location_id is None:
        return own_recipient(session, actor, which.recipient_id, Permission.VIEW_OWN_RECORD)
    actor.require(Permission.PRINT_PROOFS, at=which.location_id)
    return listed_recipient(session, actor, which.location_id, which.recipient_id)


def _replace_what_differs(session: Session, recipient_id: UUID, says: str, now: datetime) -> None:
    """Proofs on any paper and cards that say something else are out of date from now on."""
    records = records_of(session, [recipient_id])
    session.execute(
        update(Proof)
        .where(Proof.recipient_id.in_(records), Proof.revoked_at.is_(None), Proof.facts_hash != says)
        .values(revoked_at=now, revoked_because="replaced")
    )
    revoke_cards(session, records, unless=says, because="replaced", now=now)


def _live(session: Session, recipient: Recipient, which: WhichProof) -> Proof | None:
    return session.scalar(
        select(Proof).where(
            Proof.recipient_id == recipient.id,
            Proof.paper == which.paper,
            Proof.language == which.language,
            Proof.revoked_at.is_(None),
        )
    )
