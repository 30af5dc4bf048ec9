"""What a proof says about a person: the data of the CDC card."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from app.domain.recipients.models import Recipient
from app.domain.vaccinations.history import GivenDose
from app.domain.vaccinations.sites import signed
from app.domain.vaccinations.sources import is_proven


@dataclass(frozen=True, slots=True)
class ProvenDose:
    """One dose as it stands on the proof. `source`: how we know of it, where it was given elsewhere.

    `cvx` is the vaccine's code on a health card; proofs issued before there were any have none.
    """

    number: int
    product_name: str
    manufacturer: str
    lot_number: str
    given_on: date
    location_name: str
    clinician_name: str
    source: str = ""
    cvx: str = ""


@dataclass(frozen=True, slots=True)
class ProofContents:
    """Whom the proof is of and the doses, oldest first."""

    holder_name: str
    last_name: str
    first_name: str
    middle_initial: str
    birth_date: date
    doses: tuple[ProvenDose, ...]

    def to_json(self) -> dict[str, Any]:
        """As it is kept; days as 2021-03-10."""
        facts: dict[str, Any] = json.loads(json.dumps(asdict(self), default=str))
        for dose in facts["doses"]:
            # Left out where it says nothing, so that proofs made before it was there still fit.
            if not dose["source"]:
                del dose["source"]
        return facts

    def fingerprint(self) -> str:
        """Changes when anything that is printed about the person changes."""
        text = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def contents_of(recipient: Recipient, doses: Sequence[GivenDose]) -> ProofContents:
    """What a proof made now would say. A dose that we only heard of is not on it."""
    return ProofContents(
        holder_name=recipient.full_name,
        last_name=" ".join(part for part in (recipient.last_name, recipient.suffix) if part),
        first_name=recipient.first_name,
        middle_initial=recipient.middle_name[:1],
        birth_date=recipient.birth_date,
        doses=tuple(
            ProvenDose(
                number=dose.number,
                product_name=dose.product_name,
                manufacturer=dose.manufacturer,
                lot_number=dose.lot_number,
                given_on=dose.given_on,
                location_name=dose.location_name,
                clinician_name=signed(dose.clinician_name, dose.clinician_suffix),
                source=dose.source,
                cvx=dose.cvx,
            )
            for dose in doses
            if is_proven(dose.source)
        ),
    )


def contents_from_json(facts: dict[str, Any]) -> ProofContents:
    """What a kept proof says."""
    doses = tuple(
        ProvenDose(**{**dose, "given_on": date.fromisoformat(dose["given_on"])}) for dose in facts["doses"]
    )
    return ProofContents(**{**facts, "birth_date": date.fromisoformat(facts["birth_date"]), "doses": doses})
