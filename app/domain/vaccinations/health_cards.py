"""The SMART Health Card of a proof: what it says, issued once, revoked when the record says something else.

Source of the content: the immunization profile of May 2021 with its data minimised (dvci/vaccine-credential-ig).
"""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.vaccinations.models import HealthCard
from app.domain.vaccinations.proof_contents import ProofContents, ProvenDose
from app.domain.vaccinations.signing_keys import Issuer, current_key
from app.infra.health_cards.digits import LONGEST_IN_ONE_CODE
from app.infra.health_cards.keys import Jwk
from app.infra.health_cards.signed import read, sign

CVX = "http://hl7.org/fhir/sid/cvx"
SIMPLE_CODE = 700
"""Signs of a card whose code, 62 mm wide, cameras of any kind read."""

_TYPE = "https://smarthealth.cards#health-card"
_LONGEST_LOT = 19
_DEMONSTRATION = "DEMO"
_LOTS, _INITIAL, _MORE_NAMES = "lot numbers", "middle initial", "further first names"
_LEFT_OUT_IN_TURN = tuple(frozenset((_LOTS, _INITIAL, _MORE_NAMES)[:count]) for count in range(4))
# Letters and digits that a card has anyway cost it least; 34 random bits, and no card has those of another.
_RID_SIGNS, _RID_LENGTH, _RIDS_TO_CHOOSE = "abcdefghilmnoprstuvy0123456789", 7, 12


def card_for(session: Session, recipient_id: UUID, contents: ProofContents, issuer: Issuer, *, now: datetime) -> str:
    """The signed card that says this: the one there is, or a new one that takes its place."""
    revoke_cards(session, [recipient_id], unless=contents.fingerprint(), because="replaced", now=now)
    live = live_card(session, recipient_id)
    if live is not None:
        return str(live.token)
    key = current_key(session, issuer, now=now)
    token = signed_card(contents, issuer, _new_rids(session), key.private, now=now)
    card = HealthCard(
        recipient_id=recipient_id,
        kid=key.kid,
        rid=read(token).claims["vc"]["rid"],
        token=token,
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


def signed_card(
    contents: ProofContents, issuer: Issuer, rids: Sequence[str], private_key: Jwk, *, now: datetime
) -> str:
    """The card of these contents, as full as fits SIMPLE_CODE: lot numbers are left out first, then names but the
    first and the last. Where that is not enough it is the shortest that any of the `rids` gives; where one code could
    not hold that, the oldest doses are left out.
    """
    for without in _LEFT_OUT_IN_TURN:
        claims = claims_of(contents, issuer, rids[0], now=now, without=without)
        token = sign(claims, private_key)
        if len(token) <= SIMPLE_CODE:
            return token
    others = (sign({**claims, "vc": {**claims["vc"], "rid": rid}}, private_key) for rid in rids[1:])
    token = min(token, *others, key=len) if len(rids) > 1 else token
    entries = claims["vc"]["credentialSubject"]["fhirBundle"]["entry"]
    while len(token) > LONGEST_IN_ONE_CODE and len(entries) > 2:
        del entries[1]
        for at, entry in enumerate(entries):
            entry["fullUrl"] = f"resource:{at}"
        token = sign(claims, private_key)
    return token


def claims_of(
    contents: ProofContents, issuer: Issuer, rid: str, *, now: datetime, without: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """What the card says, as the framework writes it: who, which vaccine, when, which lot; nothing else.

    The order of the names is the one that deflates best, measured over many (decision 13).
    """
    name = ({"given": given} if (given := _given(contents, issuer, without)) else {}) | {"family": contents.last_name}
    patient = {"resourceType": "Patient", "name": [name], "birthDate": contents.birth_date.isoformat()}
    resources = [patient, *(_immunization(dose, _LOTS not in without) for dose in contents.doses)]
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": one, "fullUrl": f"resource:{at}"} for at, one in enumerate(resources)],
    }
    return {
        "iss": issuer.url,
        "vc": {
            "rid": rid,
            "type": [_TYPE],
            "credentialSubject": {"fhirBundle": bundle, "fhirVersion": "4.0.1"},
        },
        "nbf": int(now.timestamp()),
    }


def _given(contents: ProofContents, issuer: Issuer, without: frozenset[str]) -> list[str]:
    """Names that a card shows first; a demonstration says there what it is, since every app shows names."""
    first, _, _ = contents.first_name.partition(" ")
    names = (
        _DEMONSTRATION if issuer.demonstration else "",
        first if _MORE_NAMES in without else contents.first_name,
        "" if _INITIAL in without else contents.middle_initial,
    )
    return [name for name in names if name]


def _immunization(dose: ProvenDose, with_lot: bool) -> dict[str, Any]:
    lot = dose.lot_number[:_LONGEST_LOT] if with_lot else ""
    return {
        "resourceType": "Immunization",
        "status": "completed",
        "patient": {"reference": "resource:0"},
        "vaccineCode": {"coding": [{"code": dose.cvx, "system": CVX}]},
        **({"lotNumber": lot} if lot else {}),
        "occurrenceDateTime": dose.given_on.isoformat(),
    }


def _new_rids(session: Session) -> list[str]:
    drawn = ["".join(secrets.choice(_RID_SIGNS) for _ in range(_RID_LENGTH)) for _ in range(_RIDS_TO_CHOOSE)]
    taken = set(session.scalars(select(HealthCard.rid).where(HealthCard.rid.in_(drawn))))
    return [rid for rid in drawn if rid not in taken]
