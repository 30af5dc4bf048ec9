"""From a stored signature to the PDF of the agreement as it was signed, with the names of this installation."""

from typing import TYPE_CHECKING

from app.config import Settings
from app.documents.agreements.facts import AgreementFacts, SignedBy
from app.documents.agreements.render import render_agreement
from app.domain.enrollment.agreements import read

if TYPE_CHECKING:
    from app.domain.enrollment.models import Signature


def signed_agreement(settings: Settings, signature: "Signature", *, enrollment_code: str, account_name: str) -> bytes:
    """The text that was signed, for whom and which locations, as the signature itself keeps it: later changes of the
    enrollment do not alter this paper. Raises UnknownText."""
    facts = signature.facts
    own = facts.get("location")
    places = [own] if own else facts.get("locations", [])
    signed = SignedBy(
        capacity=signature.capacity,  # type: ignore[arg-type]
        typed_name=signature.typed_name, account_name=account_name, signed_at=signature.signed_at,
        address=signature.address, text_sha256=signature.text_sha256, location_name=own[1] if own else "",
    )  # fmt: skip
    return render_agreement(
        AgreementFacts(
            agreement=read(signature.document, signature.text_version, signature.language),
            organization_name=facts.get("organization", ""), enrollment_code=enrollment_code,
            locations=tuple(name for _code, name in places), signatures=(signed,), zone=settings.zone,
            program_name=settings.program_name, state_name=settings.state_name, demo=settings.demo,
        )
    )  # fmt: skip
