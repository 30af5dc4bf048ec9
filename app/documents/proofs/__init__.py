"""The proof of vaccination as a PDF: `render_proof(ProofFacts(...))`. Issue once, then serve those bytes."""

from app.documents.proofs.facts import ProofDose, ProofFacts
from app.documents.proofs.render import Paper, grouped_code, render_proof

__all__ = ["Paper", "ProofDose", "ProofFacts", "grouped_code", "render_proof"]
