"""What the paper of a signed agreement says beside the text itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from app.domain.enrollment.agreements import Agreement

Capacity = Literal["ceo", "cmo", "coordinator"]


@dataclass(frozen=True)
class SignedBy:
    """One signature under the text. `address` is the network address that it came from.

    `text_sha256` is the digest that was stored with the signature, `location_name` the place that a coordinator
    signed for ("" for officers, who sign for all).
    """

    capacity: Capacity
    typed_name: str
    account_name: str
    signed_at: datetime
    address: str
    text_sha256: str
    location_name: str = ""


@dataclass(frozen=True)
class AgreementFacts:
    """One text with all signatures that were given under exactly this version and language of it.

    `locations` are the names of the locations that it covers, `zone` the program's, in which moments are shown.
    """

    agreement: Agreement
    organization_name: str
    enrollment_code: str
    locations: tuple[str, ...]
    signatures: tuple[SignedBy, ...]
    zone: ZoneInfo
    program_name: str
    state_name: str
    demo: bool
