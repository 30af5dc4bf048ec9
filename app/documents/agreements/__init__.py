"""A signed agreement as a PDF: `render_agreement(AgreementFacts(...))`, the text with everybody who signed it."""

from app.documents.agreements.facts import AgreementFacts, SignedBy
from app.documents.agreements.render import render_agreement

__all__ = ["AgreementFacts", "SignedBy", "render_agreement"]
