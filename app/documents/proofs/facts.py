"""What a proof of vaccination says: the data of the CDC card, and how to check it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ProofDose:
    """One dose as it stands on the proof; empty texts are left out. `elsewhere`: no place of the program gave it."""

    number: int
    product_name: str
    manufacturer: str
    lot_number: str
    given_on: date
    location_name: str
    clinician_name: str
    elsewhere: bool = False


@dataclass(frozen=True)
class ProofFacts:
    """Everything that is printed. `holder_name` is the full legal name.

    The parts of the name, as the CDC card shows them apart, are printed where they are given. `verify_url` is
    the whole public address, `proof_code` the same proof's code for typing, `health_card` the signed card. Who finds
    a mistake turns to `help_url` or `help_phone`. Days are of the program's zone.
    """

    holder_name: str
    birth_date: date
    proof_code: str
    verify_url: str
    issued_on: date
    doses: tuple[ProofDose, ...]
    program_name: str
    state_name: str
    demo: bool
    health_card: str
    help_url: str
    help_phone: str
    last_name: str = ""
    first_name: str = ""
    middle_initial: str = ""
