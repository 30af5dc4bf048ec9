"""The proof of vaccination: rendering it, whether its code reads back, the download of one already issued.

Run: python -m bench proof [rounds]. Medians in a warm process, from facts to bytes, six doses unless said.
"""

import time
from collections.abc import Callable
from datetime import date
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import pypdfium2 as pdfium
import zxingcpp

from app import config, factory
from app.documents.proofs import ProofDose, ProofFacts, render_proof
from app.domain.program.products import install_products
from app.infra import migrations
from app.infra.pdf import warm_up
from tests import make
from tests.browserless import Site
from tests.make.inventory import lot
from tests.make.vaccinations import dose, someone

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


def downloads_ms(rounds: int) -> list[float]:
    """Milliseconds of each request for a proof that was issued, by the person who is signed in."""
    with TemporaryDirectory() as folder:
        environ = {"CVMS_INSTANCE": folder, "CVMS_TESTING": "1", "SECRET_KEY": "x" * 32}
        machines = factory.make_machines(config.load(environ))
        migrations.upgrade(machines.database)
        with machines.database.session(write=True) as session:
            install_products(session)
            clinic = make.location(session)
            patient = someone(session, clinic)
            stock = lot(session, clinic)
            for _ in range(2):
                dose(session, clinic, patient, stock)
            site = Site(factory.create_app(machines=machines), session)
            site.sign_in(make.person(session, patient.id))
            page = f"/recipient/{patient.id}/proof"
            site.submit(site.open(page), "#make-proof")
            taken = times(lambda: _fetch(site, f"{page}/download"), rounds)
        machines.database.dispose()
        machines.queue.close()
    return taken


def _fetch(site: Site, url: str) -> None:
    assert site.client.get(url).data.startswith(b"%PDF")


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
        "issued_p95_ms": round(quantiles(downloads_ms(rounds * 10), n=20)[-1], 2),
        "warm_up_ms": round(cold),
        "kilobytes": round(len(pdf) / 1000, 1),
    }
