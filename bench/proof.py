"""The proof of vaccination: rendering it, whether its code reads back, fetching one that is kept.

Run: python -m bench proof [rounds]. Medians in a warm process, from facts to bytes, six doses unless said.
"""

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import pypdfium2 as pdfium
import zxingcpp
from cryptography.fernet import Fernet

from app.documents.proofs import ProofDose, ProofFacts, render_proof
from app.infra import crypto
from app.infra.pdf import warm_up
from app.infra.storage import FolderStorage

READ_AT_DPI = 96
CODE = "7H2KQ9M4XWT3RPD8VNB5CZ1Y6F"


def facts(doses: int) -> ProofFacts:
    """A believable proof."""
    return ProofFacts(
        holder_name="María Guadalupe Hernández-Ortiz",
        last_name="Hernández-Ortiz",
        first_name="María",
        middle_initial="G",
        birth_date=date(1958, 3, 14),
        proof_code=CODE,
        verify_url=f"https://vaccines.example.gov/proof/{CODE}",
        issued_on=date(2021, 2, 26),
        doses=tuple(
            ProofDose(
                number=number,
                product_name="Pfizer-BioNTech COVID-19 Vaccine",
                manufacturer="Pfizer, Inc.",
                lot_number=f"EW01{number}0",
                given_on=date(2021, number, 5),
                location_name="Wake County Public Health Center",
                clinician_name="Jordan Whitfield, RN",
            )
            for number in range(1, doses + 1)
        ),
        program_name="COVID-19 Vaccine Management System",
        state_name="North Carolina",
        demo=False,
    )


def times(work: Callable[[], object], rounds: int) -> list[float]:
    """Milliseconds of each call."""
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def reads_back(pdf: bytes, expected: str) -> bool:
    """Whether every code on the page, seen at the resolution of a screen, leads to the address."""
    with pdfium.PdfDocument(pdf) as document:
        picture = document[0].render(scale=READ_AT_DPI / 72, grayscale=True).to_pil()
    found = [code.text for code in zxingcpp.read_barcodes(picture)]
    return len(found) == 2 and set(found) == {expected}


def kept_p95_ms(pdf: bytes, rounds: int) -> float:
    """Reading and decrypting the kept bytes: the part of a download that is about the proof."""
    crypto.configure((Fernet.generate_key().decode(),))
    with TemporaryDirectory() as folder:
        storage = FolderStorage(Path(folder))
        key = storage.put("proofs", pdf)
        return quantiles(times(lambda: storage.get(key), rounds), n=20)[-1]


def main(rounds: int = 40) -> dict[str, object]:
    """Measure; the figures, in milliseconds."""
    started = time.perf_counter()
    warm_up()
    cold = (time.perf_counter() - started) * 1000
    six, two = facts(6), facts(2)
    pdf = render_proof(six)
    return {
        "render_ms": round(median(times(lambda: render_proof(six), rounds)), 1),
        "render_two_doses_ms": round(median(times(lambda: render_proof(two), rounds)), 1),
        "reads_back": all(
            reads_back(render_proof(one, paper=paper), one.verify_url)
            for one in (two, six)
            for paper in ("letter", "a4")
        ),
        "kept_p95_ms": round(kept_p95_ms(pdf, rounds * 10), 2),
        "warm_up_ms": round(cold),
        "kilobytes": round(len(pdf) / 1000, 1),
    }
