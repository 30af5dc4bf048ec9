"""From what a proof says to its PDF, with the address and names of this installation."""

from datetime import datetime
from typing import cast

from app.config import Settings
from app.documents.proofs.facts import ProofDose, ProofFacts
from app.documents.proofs.render import Paper, render_proof
from app.domain.vaccinations.issue_proof import Render
from app.domain.vaccinations.proof_contents import ProofContents
from app.domain.vaccinations.signing_keys import Issuer, issuer_of
from app.infra import clock


def verify_url(settings: Settings, code: str) -> str:
    """The public address that says whether a proof is genuine."""
    return f"{settings.public_url}/proof/{code}"


def proof_issuer(settings: Settings) -> Issuer:
    """In whose name this installation signs health cards."""
    return issuer_of(settings.public_url, demonstration=settings.demo)


def proof_renderer(settings: Settings, *, now: datetime) -> Render:
    """What issue_proof needs to make the PDF."""

    def render(contents: ProofContents, code: str, card: str, paper: str, language: str) -> bytes:
        facts = ProofFacts(
            holder_name=contents.holder_name,
            birth_date=contents.birth_date,
            proof_code=code,
            verify_url=verify_url(settings, code),
            issued_on=clock.local_date(now, settings.zone),
            doses=tuple(
                ProofDose(
                    number=dose.number,
                    product_name=dose.product_name,
                    manufacturer=dose.manufacturer,
                    lot_number=dose.lot_number,
                    given_on=dose.given_on,
                    location_name=dose.location_name,
                    clinician_name=dose.clinician_name,
                    elsewhere=bool(dose.source),
                )
                for dose in contents.doses
            ),
            program_name=settings.program_name,
            state_name=settings.state_name,
            demo=settings.demo,
            health_card=card,
            help_url=settings.public_url,
            help_phone=settings.help_phone,
            last_name=contents.last_name,
            first_name=contents.first_name,
            middle_initial=contents.middle_initial,
        )
        return render_proof(facts, paper=cast(Paper, paper), locale=language)

    return render
