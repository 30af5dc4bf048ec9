"""The SMART Health Card of a proof: what it says, issued once, revoked when the record says something else.

Source of the content: the immunization profile of May 2021 with its data minimised (dvci/vaccine-credential-ig).
"""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.vaccinations.models import HealthCard
from app.domain.vaccinations.proof_contents import ProofContents, ProvenDose
from app.domain.vaccinations.signing_keys import Issuer, current_key
from app.infra.health_cards.digits import LONGEST_IN_ONE_CODE
from app.infra.health_cards.signed import sign

CVX = "http://hl7.org/fhir/sid/cvx"
_TYPES = tuple(f"https://smarthealth.cards#{kind}" for kind in ("health-card", "immunization", "covid19"))
_LONGEST_DISPLAY, _LONGEST_LOT = 29, 19
_DEMONSTRATION = "DEMO "


def card_for(session: Session, recipient_id: UUID, contents: ProofContents, issuer: Issuer, *, now: datetime) -> str:
    """The signed card that says this: the one there is, or a new one that takes its place."""
    revoke_cards(session, [recipient_id], unless=contents.fingerprint(), because="replaced", now=now)
    live = live_card(session, recipient_id)
    if live is not None:
        return str(live.token)
    key = current_key(session, issuer, now=now)
    rid = secrets.token_urlsafe(6)
    card = HealthCard(
        recipient_id=recipient_id,
        kid=key.kid,
        rid=rid,
        token=_signed(contents, issuer, rid, key.private, now),
        facts_hash=contents.fingerprint(),
        issued_at=now,
    )
    session.add(card)
    session.flush()
    return str(card.token)


def live_card(session: Session, recipient_id: UUID) -> HealthCard | None:
    """The card of a person that is valid now."""
    return session.scalar(
        select(HealthCard).where(HealthCard.recipient_id == recipient_id, HealthCard.revoked_at.is_(None))
    )


def revoke_cards(
    session: Session, recipient_ids: Iterable[UUID], *, unless: str, because: str, now: datetime
) -> None:
    """Revoke the live cards of these records, except those whose facts have the fingerprint `unless`."""
    session.execute(
        update(HealthCard)
        .where(
            HealthCard.recipient_id.in_(list(recipient_ids)),
            HealthCard.revoked_at.is_(None),
            HealthCard.facts_hash != unless,
        )
        .values(revoked_at=now, revoked_because=because)
    )


def claims_of(contents: ProofContents, issuer: Issuer, rid: str, *, now: datetime) -> dict[str, Any]:
    """What the card says, as the framework writes it: who, which vaccine, when, where, which lot; nothing else."""
    given = [name for name in (contents.first_name, contents.middle_initial) if name]
    name = {"family": contents.last_name} | ({"given": given} if given else {})
    patient = {"resourceType": "Patient", "name": [name], "birthDate": contents.birth_date.isoformat()}
    resources = [patient, *(_immunization(dose, issuer) for dose in contents.doses)]
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"fullUrl": f"resource:{at}", "resource": one} for at, one in enumerate(resources)],
    }
    return {
        "iss": issuer.url,
        "nbf": int(now.timestamp()),
        "vc": {
            "type": list(_TYPES),
            "rid": rid,
            "credentialSubject": {"fhirVersion": "4.0.1", "fhirBundle": bundle},
        },
    }


def _immunization(dose: ProvenDose, issuer: Issuer) -> dict[str, Any]:
    where = f"{_DEMONSTRATION}{dose.location_name}" if issuer.demonstration else dose.location_name
    found: dict[str, Any] = {
        "resourceType": "Immunization",
        "status": "completed",
        "vaccineCode": {"coding": [{"system": CVX, "code": dose.cvx}]},
        "patient": {"reference": "resource:0"},
        "occurrenceDateTime": dose.given_on.isoformat(),
        "performer": [{"actor": {"display": _whole_words(where)}}],
    }
    if dose.lot_number:
        found["lotNumber"] = dose.lot_number[:_LONGEST_LOT]
    if not where.strip():
        del found["performer"]
    return found


def _signed(contents: ProofContents, issuer: Issuer, rid: str, private: dict[str, Any], now: datetime) -> str:
    """Signed; the oldest doses are left out where one code could not hold them all."""
    claims = claims_of(contents, issuer, rid, now=now)
    entries = claims["vc"]["credentialSubject"]["fhirBundle"]["entry"]
    token = sign(claims, private)
    while len(token) > LONGEST_IN_ONE_CODE and len(entries) > 2:
        del entries[1]
        for at, entry in enumerate(entries):
            entry["fullUrl"] = f"resource:{at}"
        token = sign(claims, private)
    return token


def _whole_words(text: str) -> str:
    """As much of a name as a card holds, not cut within a word where that can be."""
    if len(text) <= _LONGEST_DISPLAY:
        return text.strip()
    return text[: _LONGEST_DISPLAY + 1].rpartition(" ")[0].strip() or text[:_LONGEST_DISPLAY]
