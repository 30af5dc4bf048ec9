"""The agreements: read in two languages, signed by name and tick, once for all locations, and kept as PDF."""

import pytest
from sqlalchemy import select

from app.domain.accounts.models import Account
from app.domain.enrollment.agreements import current
from app.domain.enrollment.complete_section_b import complete_section_b
from app.domain.enrollment.models import Signature
from app.infra import clock
from tests.browserless import text_of
from tests.documents.pdf_parts import text_of as text_of_pdf
from tests.make import enrollment as making

PROVIDER, REDISTRIBUTION, STORAGE = "provider_agreement", "redistribution_agreement", "storage_attestation"


def of(enrollment, rest=""):
    return f"/enrollment/{enrollment.id}/agreements{rest}"


def come(site, session, actor):
    return site.sign_in(session.get_one(Account, actor.id))


def standing(session):
    query = select(Signature).where(Signature.superseded_at.is_(None)).order_by(Signature.id)
    return [(one.document, one.capacity) for one in session.scalars(query)]


@pytest.fixture
def complete(session, now):
    """Section B is complete and not signed."""
    enrollment = making.with_section_a(session)
    location = making.locations_of(session, enrollment)[0]
    who = making.filled(session, location)
    complete_section_b(session, who, location.id, now=clock.now())
    session.commit()
    return enrollment


def test_the_coordinator_reads_and_signs_both_documents(site, session, complete):
    location = making.locations_of(session, complete)[0]
    come(site, session, making.coordinator_of(session, location))
    page = site.open(of(complete))
    assert "Read and sign: Provider agreement" in text_of(page)
    page = site.open(of(complete, f"/{PROVIDER}"))
    for paragraph in current(PROVIDER, "en").paragraphs:
        assert " ".join(paragraph.text.split()) in text_of(page, "#text")
    page = site.submit(page, "#sign", expect=422, typed_name="Verab Cole")
    assert "Tick this box" in text_of(page, "#agreed-error")
    assert page.select_one("#typed_name")["value"] == "Verab Cole"
    page = site.submit(page, "#sign", expect=422, typed_name="Somebody Else", agreed="y")
    assert "Write your name as it is in your account: Verab Cole" in text_of(page, "#typed_name-error")
    assert standing(session) == []
    page = site.submit(page, "#sign", typed_name="Verab Cole", agreed="y")
    assert "Read and sign: Storage and Handling Attestation" in text_of(page)
    site.submit(site.open(of(complete, f"/{STORAGE}")), "#sign", typed_name="Verab Cole", agreed="y")
    assert standing(session) == [(PROVIDER, "coordinator"), (STORAGE, "coordinator")]
    kept = session.scalars(select(Signature)).first()
    assert (kept.typed_name, kept.language, kept.text_sha256) == ("Verab Cole", "en", current(PROVIDER, "en").sha256)
    assert kept.address == "127.0.0.1"


def test_the_text_is_read_and_signed_in_spanish(site, session, complete):
    come(site, session, making.coordinator_of(session, making.locations_of(session, complete)[0]))
    page = site.open(of(complete, f"/{PROVIDER}"))
    page = site.open(site.url + page.select_one("main a[hreflang=es]")["href"].removeprefix(site.url))
    assert page.select_one("#text")["lang"] == "es"
    site.submit(page, "#sign", typed_name="Verab Cole", agreed="y")
    kept = session.scalars(select(Signature)).one()
    assert (kept.language, kept.text_sha256) == ("es", current(PROVIDER, "es").sha256)


def test_a_text_that_changed_meanwhile_is_read_again(site, session, complete):
    come(site, session, making.coordinator_of(session, making.locations_of(session, complete)[0]))
    page = site.open(of(complete, f"/{PROVIDER}"))
    page = site.submit(page, "#sign", expect=409, typed_name="Verab Cole", agreed="y", sha256="0" * 64)
    assert "The text has changed" in text_of(page)
    assert standing(session) == []
    site.submit(page, "#sign", typed_name="Verab Cole", agreed="y")
    assert standing(session) == [(PROVIDER, "coordinator")]


def test_officers_sign_once_for_all_locations_and_the_last_signature_submits(site, session, now):
    enrollment = making.awaiting_signatures(session, places=2, redistribution="yes")
    for capacity, name in (("ceo", "Olga Ortiz"), ("cmo", "Carl M. Mora")):
        come(site, session, making.officer_of(session, enrollment, capacity))
        assert "Redistribution agreement" in text_of(site.open(of(enrollment)))
        for document in (PROVIDER, REDISTRIBUTION):
            page = site.open(of(enrollment, f"/{document}"))
            assert "for the organization and all its locations" in text_of(page, "#sign")
            page = site.submit(page, "#sign", typed_name=name, agreed="y")
        site.open(of(enrollment, f"/{STORAGE}"))
    assert "the application went to the state" in text_of(page)
    session.refresh(enrollment)
    assert enrollment.status == "submitted"


def test_redistribution_is_read_only_where_it_applies(site, session, now):
    enrollment = making.awaiting_signatures(session)
    come(site, session, making.officer_of(session, enrollment, "ceo"))
    assert "Redistribution" not in text_of(site.open(of(enrollment)))
    site.open(of(enrollment, f"/{REDISTRIBUTION}"), expect=404)
    site.open(of(enrollment, "/lease"), expect=404)


def test_who_holds_both_offices_signs_for_both_at_once(site, session, now):
    same = {"first_name": "Olga", "last_name": "Ortiz", "email": "olga@harvest.example"}
    enrollment = making.awaiting_signatures(session, **{f"officer_cmo_{key}": value for key, value in same.items()})
    making.officer_of(session, enrollment, "ceo")
    come(site, session, making.officer_of(session, enrollment, "cmo"))
    page = site.open(of(enrollment, f"/{PROVIDER}"))
    assert len(page.select("[name=sign_for][checked]")) == 2
    page = site.submit(page, "#sign", typed_name="Olga Ortiz", agreed="y")
    assert "the application went to the state" in text_of(page)
    assert {(PROVIDER, "ceo"), (PROVIDER, "cmo")} <= set(standing(session))


def test_the_signed_agreement_is_downloaded_as_it_was_signed(site, session, now):
    enrollment = making.submitted(session, places=2)
    first, second = making.locations_of(session, enrollment)
    come(site, session, making.officer_of(session, enrollment, "cmo"))
    page = site.open(of(enrollment))
    pdf = site.get(page.select_one("#signings a[href$='.pdf']")["href"])
    assert pdf.mimetype == "application/pdf"
    text = text_of_pdf(pdf.data)
    for told in ("Harvest Pharmacy 1", "Harvest Pharmacy 2", "Carl Mora", enrollment.code, "192.0.2.7"):
        assert told in text
    come(site, session, making.coordinator_of(session, first))
    own = site.open(of(enrollment)).select_one("#signings a[href$='.pdf']")["href"]
    assert "Harvest Pharmacy 1" in text_of_pdf(site.get(own).data)
    come(site, session, making.coordinator_of(session, second))
    site.get(own, expect=404)


def test_the_administrator_reads_the_texts_and_signs_nothing(site, session, now):
    enrollment = making.submitted(session)
    come(site, session, making.boss_of(session, enrollment))
    page = site.open(of(enrollment))
    assert "There is nothing for you to sign" in text_of(page)
    assert "Olga Ortiz" in text_of(page)
    assert site.open(of(enrollment, f"/{PROVIDER}")).select_one("#sign") is None


def test_nobody_else_finds_the_agreements(site, session, now):
    enrollment = making.submitted(session)
    signature = session.scalars(select(Signature)).first()
    other = making.with_section_a(session, email="eve@second.example", legal_name="Second Clinic", first=7)
    come(site, session, making.boss_of(session, other))
    site.open(of(enrollment), expect=404)
    site.get(of(enrollment, f"/signatures/{signature.id}.pdf"), expect=404)
    site.get(of(other, f"/signatures/{signature.id}.pdf"), expect=404)
