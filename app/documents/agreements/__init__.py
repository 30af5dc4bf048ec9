"""A signed agreement as a PDF: `render_agreement(AgreementFacts(...))`, the text with everybody who signed it.

`signed_agreement(settings, signature, …)` is the same for one signature as it is kept.
"""

from app.documents.agreements.facts import AgreementFacts, SignedBy
from app.documents.agreements.render import render_agreement
from app.documents.agreements.signed import signed_agreement

__all__ = ["AgreementFacts", "SignedBy", "render_agreement", "signed_agreement"]
