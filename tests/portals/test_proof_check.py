"""Whoever holds a proof can ask whether it is genuine, and learns no more than that needs."""

from datetime import timedelta

import pypdfium2
import pytest
import time_machine
import zxingcpp

from app.documents.proofs.issued import proof_renderer, verify_url
from app.domain.vaccinations.issue_proof import WhichProof, issue_proof
from app.infra import clock
from app.portals.front.proof.throttle import MISSES
from tests import make
from tests.browserless import text_of
from tests.make.inventory import lot
from tests.make.proofs import ISSUER
from tests.make.vaccinations import dose, nurse_at, someone


@pytest.fixture
def place(session, now):
    return make.location(session)


@pytest.fixture
def maria(session, place):
    person = someone(session, place, middle_name="Elena", last_name="Lopez")
    dose(session, place, person, lot(session, place, number="EN6199"))
    return person


@pytest.fixture
def issue(session, storage, settings, place):
    """Issue a proof; `pdf` draws the real one."""

    def made(person, pdf=None):
        proof = issue_proof(
            session, nurse_at(place.id), WhichProof(person.id, place.id), storage=storage,
            render=pdf or (lambda *_: b"a proof"), issuer=ISSUER, now=clock.now(),
        )  # fmt: skip
        session.commit()
        return proof

    return made


def in_groups(code):
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


@pytest.mark.once
def test_the_code_that_is_printed_leads_to_the_page_that_says_genuine(site, settings, storage, maria, issue):
    proof = issue(maria, pdf=proof_renderer(settings, now=clock.now()))
    with pypdfium2.PdfDocument(storage.get(proof.storage_key)) as document:
        picture = document[0].render(scale=2, grayscale=True).to_pil()
    addresses = {found.text for found in zxingcpp.read_barcodes(picture) if not found.text.startswith("shc:/")}
    assert addresses == {verify_url(settings, proof.code)}
    page = site.anonymous().open(addresses.pop().removeprefix(settings.public_url))
    assert "This proof is genuine" in text_of(page)


def test_a_genuine_proof_tells_initials_year_and_doses_and_nothing_else(site, maria, issue):
    proof = issue(maria)
    said = text_of(site.anonymous().open(f"/proof/{proof.code}"))
    assert "North Carolina issued it on Mar 10, 2021" in said
    assert "Initials M. E. L. Year of birth 1950 Dose 1 Mar 10, 2021 Pfizer" in said
    for secret in ("Maria", "Elena", "Lopez", "Apr 28", "EN6199", "Ann Lee", "Eastside", proof.code):
        assert secret not in said


def test_the_code_is_taken_however_it_is_typed_or_scanned(site, settings, maria, issue):
    code = issue(maria).code
    page = site.anonymous().open("/")
    page = site.open(page.select_one('a[href="/proof"]')["href"])
    spoken = in_groups(code.lower().replace("0", "o").replace("1", "l"))
    for typed in (code, spoken, f"  {code} ", verify_url(settings, code), f"{verify_url(settings, code)}?from=scan"):
        found = site.submit(page, "main form", code=typed)
        assert site.url == f"/proof/{code}"
        assert "This proof is genuine" in text_of(found)
    assert "This proof is genuine" in text_of(site.open(f"/proof/{spoken}"))


def test_a_code_that_is_none_is_told_and_kept_for_mending(site, database):
    page = site.submit(site.open("/proof"), "main form", expect=422, code="K7QM <b>4XWT")
    assert "26 letters and digits" in text_of(page, "#code-error")
    assert page.select_one("#code")["value"] == "K7QM <b>4XWT"
    page = site.open("/proof/K7QM-4XWT", expect=404)
    assert "This is not a whole code" in text_of(page)
    assert page.select_one("#code")["value"] == "K7QM-4XWT"
    for odd in ("%00", "%E2%80%AE", "x" * 3000, "..%2F..%2Fetc", "é" * 26, " "):
        site.open(f"/proof/{odd}", expect=404)
    page = site.open("/proof")
    for odd in ("", "\0", "x" * 3000, "/proof/", "%zz", "shc:/", "shc:/12", "shc:/1/2/5676", "a.b.c"):
        site.submit(page, "main form", expect=422, code=odd)


def test_a_mistyped_code_is_unknown_and_can_be_mended_at_once(site, maria, issue):
    code = issue(maria).code
    wrong = code[:-1] + ("7" if code[-1] != "7" else "8")
    page = site.anonymous().open(f"/proof/{wrong}", expect=404)
    assert "We know no proof with this code" in text_of(page)
    assert page.select_one("#code")["value"] == wrong
    assert "This proof is genuine" in text_of(site.submit(page, "main form", code=code))


def test_a_replaced_proof_says_so_and_shows_nothing_of_the_person(site, session, place, maria, issue):
    old = issue(maria)
    dose(session, place, maria, lot(session, place))
    assert issue(maria).code != old.code
    said = text_of(site.anonymous().open(f"/proof/{old.code}"))
    assert "This proof is out of date" in said
    assert "on Mar 10, 2021" in said
    assert "genuine" not in said
    assert "Initials" not in said


def test_a_withdrawn_proof_says_so(site, session, maria, issue):
    proof = issue(maria)
    proof.revoked_at, proof.revoked_because = clock.now(), "mistake"
    session.commit()
    said = text_of(site.anonymous().open(f"/proof/{proof.code}"))
    assert "This proof was withdrawn" in said
    assert "genuine" not in said
    assert "Initials" not in said


def test_guessing_is_stopped_for_a_while_and_checking_many_is_not(site, maria, issue, now):
    code = issue(maria).code
    site.anonymous()
    for _ in range(MISSES + 1):
        site.open(f"/proof/{code}")
        site.open("/proof/K7QM-4XWT", expect=404)
    for number in range(MISSES):
        site.open(f"/proof/{number:026}", expect=404)
    assert "wait fifteen minutes" in text_of(site.open(f"/proof/{code}", expect=429))
    assert site.response.headers["Retry-After"] == "900"
    with time_machine.travel(now + timedelta(minutes=16), tick=True):
        site.open(f"/proof/{code}")


def test_the_answer_is_kept_by_nobody_and_found_by_no_search_engine(site, maria, issue):
    site.anonymous()
    for url, status in (
        (f"/proof/{issue(maria).code}", 200),
        (f"/proof/{7:026}", 404),
        ("/proof", 200),
        ("/proof", 422),
    ):
        if status == 422:
            site.submit(site.open(url), "main form", expect=status, code="x")
        else:
            site.open(url, expect=status)
        headers = site.response.headers
        assert headers["Cache-Control"] == "no-store"
        assert "noindex" in headers["X-Robots-Tag"]
        assert headers["Referrer-Policy"] == "no-referrer"
