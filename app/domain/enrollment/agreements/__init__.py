"""The texts that are signed: versioned plain text files in English and Spanish, one per document and version.

A text that somebody may have signed is never edited: a change is a new file with the next version's number, in both
languages. What a signature stores (version, language, sha256) therefore finds the exact text again, for ever.
"""

from app.domain.enrollment.agreements.agreements import (
    DOCUMENTS,
    LANGUAGES,
    PROVIDER_AGREEMENT,
    REDISTRIBUTION_AGREEMENT,
    STORAGE_ATTESTATION,
    Agreement,
    Paragraph,
    Shelf,
    UnknownText,
    current,
    read,
    text_of,
)

__all__ = [
    "DOCUMENTS",
    "LANGUAGES",
    "PROVIDER_AGREEMENT",
    "REDISTRIBUTION_AGREEMENT",
    "STORAGE_ATTESTATION",
    "Agreement",
    "Paragraph",
    "Shelf",
    "UnknownText",
    "current",
    "read",
    "text_of",
]
