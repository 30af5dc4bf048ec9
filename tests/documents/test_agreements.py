"""The paper of a signed agreement, read back from the PDF as a person and a screen reader get it."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pypdfium2 as pdfium
import pytest

from app.documents.agreements import AgreementFacts, SignedBy, render_agreement
from app.domain.enrollment.agreements import DOCUMENTS, LANGUAGES, current
from tests.documents.pdf_parts import inflated, page_count, text_of

pytestmark = pytest.mark.once

printed = cache(render_agreement)
"""For looking at one paper from several sides."""


def a_signature(document: str = "provider_agreement", language: str = "en", **changed: Any) -> SignedBy:
    signature = SignedBy(
        capacity="cmo",
        typed_name="Dr. Amara Okafor",
        account_name="Amara N. Okafor",
        signed_at=datetime(2021, 1, 15, 14, 30, 5, tzinfo=UTC),
        address="203.0.113.7",
        text_sha256=current(document, language).sha256,
    )
    return replace(signature, **changed)


def some_facts(document: str = "provider_agreement", language: str = "en", **changed: Any) -> AgreementFacts:
    facts = AgreementFacts(
        agreement=current(document, language),
        organization_name="Blue Ridge Community Health",
        enrollment_code="NC104233A",
        locations=("Asheville Clinic", "Boone Clinic"),
        signatures=(
            a_signature(document, language),
            a_signature(
                document, language, capacity="ceo", typed_name="Luis Hernández-Ortiz", account_name="Luis Hernandez",
                signed_at=datetime(2021, 7, 15, 14, 30, 5, tzinfo=UTC), address="2001:db8:85a3::8a2e:370:7334",
            ),
            a_signature(
                document, language, capacity="coordinator", typed_name="Wren Castillo", account_name="Wren B. Castillo",
                location_name="Boone Clinic",
            ),
        ),
        zone=ZoneInfo("America/New_York"),
        program_name="COVID-19 Vaccine Management System",
        state_name="North Carolina",
        demo=False,
    )  # fmt: skip
    return replace(facts, **changed)


def words(text: str) -> str:
    """Without spaces: where a line breaks is not what a test is about."""
    return "".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def test_the_paper_says_who_signed_in_which_capacity_when_and_from_where() -> None:
    text = words(text_of(printed(some_facts())))
    for said in (
        "North Carolina",
        "Blue Ridge Community Health",
        "NC104233A",
        "2 locations",
        "Asheville Clinic",
        "Dr. Amara Okafor Chief Medical Officer for all locations Jan 15, 2021, 9:30:05 AM EST",
        "Amara N. Okafor 203.0.113.7",
        "Luis Hernández-Ortiz Chief Executive Officer for all locations Jul 15, 2021, 10:30:05 AM EDT",
        "2001:db8:85a3::8a2e:370:7334",
        "Wren Castillo Vaccine Coordinator Boone Clinic",
        "Wren B. Castillo",
        "Version 1, language: English",
        current("provider_agreement", "en").sha256,
    ):
        assert words(said) in text


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_text_is_on_the_paper_in_its_order(document: str, language: str) -> None:
    facts = some_facts(document, language)
    pages = re.compile(r"\d/\d")
    text = pages.sub("", words(text_of(printed(facts)))).replace("-", "")
    place = text.index(words(facts.agreement.heading).replace("-", ""))
    for part in facts.agreement.paragraphs:
        assert (place := text.find(words(part.text).replace("-", ""), place)) > 0, part.text


def test_the_paper_can_be_read_by_everybody() -> None:
    parts = inflated(printed(some_facts()))
    assert b"/MarkInfo" in parts
    assert b"pdfuaid:part" in parts
    for tag in (b"/H1", b"/H2", b"/Table", b"/TH", b"/TD", b"/P"):
        assert tag in parts
    with pdfium.PdfDocument(printed(some_facts())) as document:
        assert document.get_metadata_dict()["Title"] == (
            "COVID-19 Vaccination Program Provider Agreement – Blue Ridge Community Health"
        )


def test_a_spanish_text_is_marked_as_spanish_for_whoever_has_it_read_aloud() -> None:
    assert re.search(rb"/Lang ?\(es\)", inflated(printed(some_facts(language="es"))))
    assert re.search(rb"/Lang ?\(en\)", inflated(printed(some_facts())))
    assert words("idioma: español") in words(text_of(printed(some_facts(language="es"))))


def test_a_paper_never_shows_a_signature_under_a_text_that_was_not_signed() -> None:
    with pytest.raises(ValueError, match="another text"):
        render_agreement(some_facts(signatures=(a_signature(language="es"),)))


def test_before_anybody_signed_the_paper_says_so() -> None:
    assert "Nobody has signed yet." in text_of(render_agreement(some_facts(signatures=())))


def test_a_chain_of_400_locations_fits_with_all_of_its_coordinators() -> None:
    places = tuple(f"Store {number:03} of the chain, Main Street" for number in range(400))
    signatures = tuple(a_signature(capacity="coordinator", location_name=place) for place in places[:120])
    paper = render_agreement(some_facts(locations=places, signatures=signatures))
    text = text_of(paper)
    assert "400 locations" in text
    assert places[0] in text
    assert text.count(places[119]) == 2
    assert page_count(paper) < 25


def test_names_are_printed_as_typed_and_never_as_markup() -> None:
    typed = "<b>Amara</b> & Söhne {{ 7 * 7 }}"
    paper = render_agreement(some_facts(signatures=(a_signature(typed_name=typed),), demo=True))
    assert words(typed) in words(text_of(paper))
    assert "DEMONSTRATION – not an agreement" in text_of(paper)
