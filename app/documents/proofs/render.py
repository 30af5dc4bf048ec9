"""From the facts of a proof to the bytes of its PDF; needs no request and no Flask."""

import re
from base64 import b64encode
from collections.abc import Callable
from functools import lru_cache
from typing import Literal
from urllib.parse import urlsplit

from app.documents.printing import PRINT, SOURCE_LOCALE, day
from app.documents.proofs.facts import ProofFacts
from app.documents.proofs.words import words_of
from app.infra.health_cards.digits import PREFIX, digits_of
from app.infra.pdf import html_to_pdf
from app.infra.qr import card_png_data_uri, qr_png_data_uri

Paper = Literal["letter", "a4", "wallet"]

# Margins that leave the same width on both papers, so that every line breaks alike.
_PAGE = {
    "letter": "@page { size: 215.9mm 279.4mm; margin: 9mm 16.95mm 6mm }\n",
    "a4": "@page { size: 210mm 297mm; margin: 9mm 14mm 6mm }\n",
    # Twice the vaccination card of the CDC, folded in the middle; a photograph of 4 by 6 inches where it is printed as one.
    "wallet": "@page { size: 101.6mm 152.4mm; margin: 0 }\n",
}

_LONG_NAME = 38
_CARD_DOSES = 6
# Letters that fit a line of each column.
_TABLE_WIDTHS = {"vaccine": 32, "lot": 13, "given": 36}
_ROOMY_LINES, _MANY_LINES, _LONG_NAME_LINES = 6, 13, 4
_CODE_GROUPS = (4, 5, 3)


def render_proof(facts: ProofFacts, *, paper: Paper = "letter", locale: str = SOURCE_LOCALE) -> bytes:
    """The PDF (PDF/UA-1, one page up to six doses) of a proof: a certificate, or a card for the wallet.

    `paper` is `letter`, `a4` or `wallet`; a `locale` that we have no words for falls back to English, and the document's
    language says so. Raises ValueError for another paper, an empty `verify_url` and an empty `health_card`.
    """
    if paper not in _PAGE:
        raise ValueError(f"no such paper: {paper}")
    environment, lang, _ = words_of(locale)
    title = _("Proof of Vaccination")
    html = environment.get_template("proof.html").render(
        facts=facts,
        paper=paper,
        lang=lang,
        title=title,
        code=grouped_code(facts.proof_code),
        qr=qr_png_data_uri(facts.verify_url),
        card_qr=card_png_data_uri(PREFIX, digits_of(facts.health_card)),
        identity=_identity(facts, _, lang),
        density=_density(facts),
        name_is_long=_name_is_long(facts),
        card_doses=facts.doses[-_CARD_DOSES:],
        check_host=urlsplit(facts.verify_url).netloc,
        phone=facts.help_phone.replace(" ", "\u00a0"),
    )
    return html_to_pdf(html, stylesheets=(_stylesheet(paper),), title=title, lang=lang)


def grouped_code(code: str) -> str:
    """A proof code in groups for reading aloud, `K7QM-4XWT-9RPD`; one that has hyphens stays as it is."""
    if "-" in code or len(code) < 6:
        return code
    size = next((size for size in _CODE_GROUPS if len(code) % size == 0), 4)
    return "-".join(code[start : start + size] for start in range(0, len(code), size))


def _identity(facts: ProofFacts, _: Callable[[str], str], lang: str) -> list[tuple[str, str]]:
    rows = [
        (_("Last name"), facts.last_name),
        (_("First name"), facts.first_name),
        (_("Middle initial"), facts.middle_initial),
        (_("Date of birth"), day(facts.birth_date, lang)),
    ]
    return [(label, value) for label, value in rows if value]


def _name_is_long(facts: ProofFacts) -> bool:
    return len(facts.holder_name) > _LONG_NAME


def _density(facts: ProofFacts) -> str:
    """How tightly the page is set, so that six doses with long names still leave room for the code."""
    lines = _LONG_NAME_LINES if _name_is_long(facts) else 0
    lines += sum(
        max(
            _lines(dose.product_name, "vaccine") + _lines(dose.manufacturer, "vaccine"),
            _lines(dose.lot_number, "lot"),
            _lines(dose.clinician_name, "given") + _lines(dose.location_name, "given"),
        )
        for dose in facts.doses
    )
    return "roomy" if lines <= _ROOMY_LINES else "many" if lines <= _MANY_LINES else "crowded"


def _lines(text: str, column: str) -> int:
    return -(-len(text) // _TABLE_WIDTHS[column])


@lru_cache(maxsize=3)
def _stylesheet(paper: Paper) -> str:
    """The style sheet with its pictures inside itself: a document may open no file."""
    css = (PRINT / "proof.css").read_text(encoding="utf-8")
    pictures = re.sub(r'url\("([a-z_]+\.svg)"\)', lambda found: f'url("{_svg_data_uri(found[1])}")', css)
    return _PAGE[paper] + pictures


def _svg_data_uri(name: str) -> str:
    return "data:image/svg+xml;base64," + b64encode((PRINT / name).read_bytes()).decode("ascii")
