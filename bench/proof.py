"""The proof of vaccination: rendering it, whether its codes read back, the downloads of what was issued.

Run: python -m bench proof [rounds]. Medians in a warm process, from facts to bytes, six doses unless said; of downloads
the median of the p95 of five runs. `own` is the processor's time in this process: the same beside other work.
"""

import time
from collections.abc import Callable
from datetime import date
from functools import partial
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import get_args

import pypdfium2 as pdfium
import zxingcpp

from app import config, factory
from app.documents.proofs import Paper, ProofDose, ProofFacts, render_proof
from app.domain.program.products import install_products
from app.domain.vaccinations.health_cards import signed_card
from app.domain.vaccinations.proof_contents import ProofContents, ProvenDose
from app.domain.vaccinations.signing_keys import issuer_of
from app.infra import clock, migrations
from app.infra.health_cards.digits import qr_text
from app.infra.health_cards.keys import new_private_key
from app.infra.pdf import warm_up
from tests import make
from tests.browserless import Site
from tests.make.inventory import lot
from tests.make.vaccinations import dose, someone

READ_AT_DPI = 96
CODE = "7H2KQ9M4XWT3RPD8VNB5CZ1Y6F"
PER_SECOND, RUNS = 50, 5
_KEY = new_private_key()


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
        health_card=_card(doses),
        help_url="https://vaccines.example.gov",
        help_phone="(877) 555-0143",
    )


def _card(doses: int) -> str:
    """The signed health card of so many doses."""
    given = tuple(
        ProvenDose(number, "", "", f"EW01{number}0", date(2021, number, 5), "Wake County Health", "", "", "208")
        for number in range(1, doses + 1)
    )
    contents = ProofContents("", "Hernández-Ortiz", "María", "G", date(1958, 3, 14), given)
    issuer = issuer_of("https://vaccines.example.gov", demonstration=False)
    return signed_card(contents, issuer, ["r7onhcs"], _KEY, now=clock.now())


def times(work: Callable[[], object], rounds: int, clock: Callable[[], float] = time.perf_counter) -> float:
    """Milliseconds of a call, the median."""
    taken = []
    for _ in range(rounds):
        started = clock()
        work()
        taken.append((clock() - started) * 1000)
    return round(median(taken), 1)


def reads_back(pdf: bytes, expected: ProofFacts) -> bool:
    """Whether both codes on the page are read at the resolution of a screen."""
    with pdfium.PdfDocument(pdf) as document:
        picture = document[0].render(scale=READ_AT_DPI / 72, grayscale=True).to_pil()
    found = {code.text for code in zxingcpp.read_barcodes(picture)}
    return found == {expected.verify_url, qr_text(expected.health_card)}


def downloads(rounds: int) -> dict[str, float]:
    """Fifty requests a second for the proof and for the health card of the person who is signed in."""
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
            figures = {}
            for name, path, begins in (("issued", "download", b"%PDF"), ("card", "card", b"{")):
                fetch = partial(_fetch, site, f"{page}/{path}", begins)
                runs = [quantiles(paced(fetch, rounds), n=20)[-1] for _ in range(RUNS)]
                figures[f"{name}_p95_ms"] = round(median(runs), 2)
                figures[f"{name}_own_ms"] = times(fetch, rounds, time.process_time)
        machines.database.dispose()
        machines.queue.close()
    return figures


def paced(work: Callable[[], object], rounds: int) -> list[float]:
    """Milliseconds of each call from the moment it was due, fifty a second: one that waits for another counts its wait."""
    taken, begun = [], time.perf_counter()
    for number in range(rounds):
        due = begun + number / PER_SECOND
        time.sleep(max(0.0, due - time.perf_counter()))
        work()
        taken.append((time.perf_counter() - due) * 1000)
    return taken


def _fetch(site: Site, url: str, begins: bytes) -> None:
    assert site.client.get(url).data.startswith(begins)


def main(rounds: int = 40) -> dict[str, object]:
    """Measure; the figures, in milliseconds."""
    started = time.perf_counter()
    warm_up()
    cold = (time.perf_counter() - started) * 1000
    six, two = facts(6), facts(2)
    pdf = render_proof(six)
    return {
        "render_ms": times(partial(render_proof, six), rounds),
        "render_own_ms": times(partial(render_proof, six), rounds, time.process_time),
        "render_two_doses_ms": times(partial(render_proof, two), rounds),
        "reads_back": all(
            reads_back(render_proof(one, paper=paper), one) for one in (two, six) for paper in get_args(Paper)
        ),
        **downloads(rounds * 2),
        "warm_up_ms": round(cold),
        "kilobytes": round(len(pdf) / 1000, 1),
    }
