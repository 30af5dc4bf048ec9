"""The proof of a recipient, made and printed at the clinic."""

import pytest
from sqlalchemy import func, select

from app.domain.vaccinations.models import Proof
from app.infra.audit import AuditEntry
from tests import make
from tests.browserless import text_of
from tests.documents.pdf_parts import codes_on, rasterised
from tests.documents.pdf_parts import text_of as text_of_pdf
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import dose, someone


@pytest.fixture
def place(session, now):
    return make.location(session)


@pytest.fixture
def stock(session, place):
    return make_lot(session, place, number="EN6201")


@pytest.fixture
def maria(session, place, stock):
    """Maria, who was given a dose at the clinic today."""
    patient = someone(session, place)
    patient.visit_id = dose(session, place, patient, stock).visit_id
    return patient


@pytest.fixture
def base(site, session, place):
    site.sign_in(make.healthcare_provider(session, place))
    return f"/provider/{place.id}/clinic"


def count(session):
    session.expire_all()
    return session.scalar(select(func.count()).select_from(Proof))


def test_after_the_dose_the_proof_is_one_press_away_and_downloads_as_a_pdf(site, session, base, maria):
    page = site.open(f"{base}/visits/{maria.visit_id}")
    page = site.submit(page, press="Make the proof")
    assert "The proof is ready" in text_of(page)
    response = site.get(page.select_one('a[href*="proof.pdf"]')["href"])
    assert response.mimetype == "application/pdf"
    assert response.headers["Content-Disposition"] == "attachment; filename*=UTF-8''vaccination-proof.pdf"
    assert "Lopez" in text_of_pdf(response.data)
    assert "EN6201" in text_of_pdf(response.data)
    code = session.scalars(select(Proof.code)).one()
    assert any(found.text.endswith(code) for found in codes_on(rasterised(response.data, 200)))


def test_the_same_bytes_are_served_again_and_nothing_new_is_made(site, session, base, maria):
    url = f"{base}/recipients/{maria.id}/proof"
    site.submit(site.open(url))
    first = site.get(f"{url}.pdf").data
    site.submit(site.open(url))
    assert site.get(f"{url}.pdf").data == first
    assert count(session) == 1


def test_each_paper_has_its_own_proof(site, session, base, maria):
    url = f"{base}/recipients/{maria.id}/proof"
    page = site.submit(site.open(url), paper="a4")
    assert site.get(page.select_one('a[href*="proof.pdf"]')["href"]).mimetype == "application/pdf"
    site.get(f"{url}.pdf?paper=letter", expect=404)
    assert session.scalars(select(Proof.paper)).all() == ["a4"]
    site.open(f"{url}?paper=napkin", expect=404)
    site.submit(page, expect=422, paper="napkin")


def test_after_a_further_dose_the_proof_is_made_anew(site, session, base, place, stock, maria):
    url = f"{base}/recipients/{maria.id}/proof"
    page = site.submit(site.open(url))
    assert "Download the proof" in text_of(page)
    dose(session, place, maria, stock)
    page = site.open(url)
    assert "Download the proof" not in text_of(page)
    page = site.submit(page)
    assert "Download the proof" in text_of(page)
    assert count(session) == 2


def test_without_a_dose_there_is_nothing_to_prove(site, session, base, place):
    patient = someone(session, place, first_name="Bo")
    page = site.open(f"{base}/recipients/{patient.id}/proof")
    assert "There is nothing to prove yet" in text_of(page)
    assert not page.select("main form[method=post]")


def test_the_proof_of_somebody_whom_the_place_does_not_list_is_not_here(site, session, base):
    other = make.location(session, "Westside Clinic")
    stranger = someone(session, other, first_name="Bo")
    dose(session, other, stranger, make_lot(session, other))
    for ending in ("", ".pdf"):
        site.open(f"{base}/recipients/{stranger.id}/proof{ending}", expect=404)


def test_who_makes_and_downloads_a_proof_is_logged(site, session, base, maria):
    url = f"{base}/recipients/{maria.id}/proof"
    site.submit(site.open(url))
    site.get(f"{url}.pdf")
    acts = set(session.scalars(select(AuditEntry.act).where(AuditEntry.subject_id == maria.id)))
    assert {"recipient.proof_issued", "recipient.proof_downloaded"} <= acts
