"""What must be signed by whom and for which facts, and what is still missing.

Of the federal COVID-19 Vaccination Program Provider Agreement: the chief medical officer and the chief executive
officer sign Section A for the organization and all its locations, whose list is part of it; each location's
coordinator answers for its profile and for the storage units in it. Of the Supplemental Redistribution Agreement: it
is signed by both officers, and only where vaccine is passed on.

A signature stands as long as its facts do. So this table of facts is the rule of what is signed again:

| what changes                                          | who signs again                                |
|-------------------------------------------------------|------------------------------------------------|
| legal name or address of the organization             | both officers, on behalf of all locations      |
| an officer                                            | that officer                                   |
| a location is added or renamed                        | both officers; renamed: its coordinator, too   |
| redistribution from no to yes                         | both officers, the redistribution agreement    |
| address or coordinator of a location                  | its coordinator, both documents                |
| a storage unit or the capacity of a location          | its coordinator, the storage attestation       |
| a location is left out; telephone numbers, providers …| nobody                                         |
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.domain.enrollment import fields, states
from app.domain.enrollment.agreements import PROVIDER_AGREEMENT, REDISTRIBUTION_AGREEMENT, STORAGE_ATTESTATION
from app.domain.enrollment.dossier import Dossier
from app.domain.enrollment.models import EnrolledLocation, Signature

COORDINATOR, CEO, CMO = "coordinator", "ceo", "cmo"
OFFICERS = (CEO, CMO)
_ADDRESS = ("street", "street_2", "city", "state", "county", "zip")
_CAPACITIES = ("capacity_refrigerated", "capacity_frozen", "capacity_ultra_frozen")


@dataclass(frozen=True, slots=True)
class Duty:
    """One signature that the enrollment needs. `signature` is the standing one; `valid` when its facts still hold."""

    document: str
    capacity: str
    enrolled_location_id: UUID | None
    facts: dict[str, Any]
    signature: Signature | None

    @property
    def valid(self) -> bool:
        """True when nothing is left to sign here."""
        return self.signature is not None and _covers(self.signature.facts, self.facts)


def _covers(signed: dict[str, Any], facts: dict[str, Any]) -> bool:
    """The facts are those that were signed for. Who signed for twelve locations has signed for eleven of them."""
    alike = all(signed.get(key) == value for key, value in facts.items() if key != "locations")
    return alike and all(location in signed.get("locations", []) for location in facts.get("locations", []))


def digest(facts: dict[str, Any]) -> str:
    """SHA-256 of facts, whatever their order, in hex."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def officers_duties(dossier: Dossier) -> Iterator[Duty]:
    """What the two officers sign: the provider agreement, and redistribution only where it applies."""
    documents = [PROVIDER_AGREEMENT, *([REDISTRIBUTION_AGREEMENT] if dossier.enrollment.redistribution else [])]
    for capacity in OFFICERS:
        for document in documents:
            facts = _officers_facts(dossier, capacity)
            yield Duty(document, capacity, None, facts, dossier.signatures.get((document, capacity, None)))


def coordinators_duties(dossier: Dossier, location: EnrolledLocation) -> Iterator[Duty]:
    """What the Vaccine Coordinator of a location signs: the provider agreement and the storage attestation."""
    facts = _locations_facts(location)
    for document in (PROVIDER_AGREEMENT, STORAGE_ATTESTATION):
        if document == STORAGE_ATTESTATION:
            units = [[unit.brand, unit.model, unit.kind] for unit in dossier.units.get(location.id, [])]
            capacities = {key: location.answers.get(key, "") for key in _CAPACITIES}
            facts = {**facts, "storage_units": sorted(units), **capacities}
        key = (document, COORDINATOR, location.id)
        yield Duty(document, COORDINATOR, location.id, facts, dossier.signatures.get(key))


def missing_in_section_a(dossier: Dossier) -> tuple[str, ...]:
    """Keys of fields without an answer; "locations" when there is none."""
    found = fields.unanswered(fields.SECTION_A, dossier.enrollment.answers)
    return found if dossier.covered else (*found, "locations")


def missing_in_location(location: EnrolledLocation) -> tuple[str, ...]:
    """Keys of what the administrator has not told of a location."""
    return fields.unanswered(fields.LOCATION, location.answers)


def missing_in_section_b(dossier: Dossier, location: EnrolledLocation) -> tuple[str, ...]:
    """Keys of fields without an answer; also "receiving", "storage_units", "pictures" and "providers".

    The agreement's form asks for at least one time at which vaccine can be received, every storage unit, and the
    clinicians with prescribing authority. Two pictures of each unit are the state's own rule.
    """
    found = list(fields.unanswered(fields.SECTION_B, location.answers))
    if not any(key.startswith("receiving_") for key in location.answers):
        found.append("receiving")
    units = dossier.units.get(location.id, [])
    if not units:
        found.append("storage_units")
    elif not all(unit.inside_key and unit.outside_key for unit in units):
        found.append("pictures")
    if not dossier.providers.get(location.id):
        found.append("providers")
    return tuple(found)


def is_ready(dossier: Dossier, location: EnrolledLocation) -> bool:
    """True when nothing of this location holds up the enrollment: it is complete and signed, or approved as it is."""
    if location.status == states.APPROVED:
        return True
    signed = all(duty.valid for duty in coordinators_duties(dossier, location))
    return location.status == states.COMPLETE and signed


def _officers_facts(dossier: Dossier, capacity: str) -> dict[str, Any]:
    answers = dossier.enrollment.answers
    return {
        "organization": answers.get("legal_name", ""),
        "address": [answers.get(f"organization_{part}", "") for part in _ADDRESS],
        "officer": [answers.get(f"officer_{capacity}_{part}", "") for part in ("first_name", "last_name", "email")],
        "locations": [[location.code, location.name] for location in dossier.covered],
    }


def _locations_facts(location: EnrolledLocation) -> dict[str, Any]:
    return {
        "location": [location.code, location.name],
        "address": [location.answers.get(part, "") for part in _ADDRESS],
        "coordinator": [
            location.answers.get(f"coordinator_{part}", "") for part in ("first_name", "last_name", "email")
        ],
    }
