"""The proof of vaccination, read back from the PDF as a person, a scanner and a screen reader get it."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache

import pypdfium2 as pdfium
import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.proofs import Paper, ProofDose, ProofFacts, grouped_code, render_proof
from app.domain.vaccinations.health_cards import signed_card
from app.domain.vaccinations.proof_contents import ProofContents, ProvenDose
from app.infra.health_cards.digits import PREFIX, digits_of, qr_text
from app.infra.health_cards.keys import new_private_key
from tests.documents.pdf_parts import codes_on, inflated, page_count, rasterised, text_of
from tests.make.proofs import ISSUER

pytestmark = pytest.mark.once

CODE = "7H2KQ9M4XWT3RPD8VNB5CZ1Y6F"
PRINTED_CODE = "7H2K-Q9M4-XWT3-RPD8-VNB5-CZ1Y-6F"
ADDRESS = f"https://vaccines.example.gov/proof/{CODE}"
PAPERS = ("letter", "a4", "wallet")
KEY = new_private_key()
LONG_NAME = "Maximiliana Konstantinopoulou-Wolfeschlegelstein O’Brien-Łukaszewicz de la Cruz"


printed = cache(render_proof)
"""For looking at one proof from several sides."""


def a_dose(number: int = 1, **changed: object) -> ProofDose:
    dose = ProofDose(
        number=number,
        product_name="Pfizer-BioNTech COVID-19 Vaccine",
        manufacturer="Pfizer, Inc.",
        lot_number=f"EW01{number}0",
        given_on=date(2021, number, 5),
        location_name="Wake County Public Health Center",
        clinician_name="Jordan Whitfield, RN",
    )
    return replace(dose, **changed)  # type: ignore[arg-type]


@cache
def a_card(count: int) -> str:
    """The signed card of so many doses."""
    doses = tuple(
        ProvenDose(number, "", "", f"EW01{number}0", date(2021, 1, 5), "Wake County Public Health Center", "", "", "208")
        for number in range(1, count + 1)
    )
    holder = ProofContents("", "Hernández-Ortiz", "María", "G", date(1958, 3, 14), doses)
    return signed_card(holder, ISSUER, ["r7onhcs"], KEY, now=datetime(2021, 2, 26, tzinfo=UTC))


CARD = a_card(2)
TEXTS = [qr_text(CARD), ADDRESS]


def some_facts(**changed: object) -> ProofFacts:
    facts = ProofFacts(
        holder_name="María Guadalupe Hernández-Ortiz",
        birth_date=date(1958, 3, 14),
        proof_code=CODE,
        verify_url=ADDRESS,
        issued_on=date(2021, 2, 26),
        doses=(a_dose(1), a_dose(2)),
        program_name="COVID-19 Vaccine Management System",
        state_name="North Carolina",
        demo=False,
        health_card=CARD,
        help_url="https://vaccines.example.gov",
        help_phone="(877) 555-0143",
    )
    return replace(facts, **changed)  # type: ignore[arg-type]


def the_longest_facts() -> ProofFacts:
    """Six doses in which every text is as long as such texts occur."""
    doses = (
        a_dose(
            number,
            product_name="Pfizer-BioNTech COVID-19 Vaccine (bivalent, original and Omicron BA.4/BA.5)",
            location_name="Wake County Human Services Public Health Center, Sunnybrook Road",
            clinician_name="Ngọc-Anh Christodoulopoulou-Fitzgerald, RN",
        )
        for number in range(1, 7)
    )
    return some_facts(
        holder_name=LONG_NAME,
        last_name="Wolfeschlegelstein O’Brien-Łukaszewicz de la Cruz",
        first_name="Maximiliana Konstantinopoulou",
        middle_initial="J",
        doses=tuple(doses),
        demo=True,
        health_card=a_card(6),
    )


def test_the_proof_says_what_the_cdc_card_says() -> None:
    facts = some_facts(last_name="Hernández-Ortiz", first_name="María", middle_initial="G")
    text = text_of(printed(facts)).replace(" ", "")

    for words in (
        "North Carolina",
        "COVID-19 Vaccine Management System",
        "Proof of Vaccination",
        "María Guadalupe Hernández-Ortiz",
        "Last name Hernández-Ortiz",
        "First name María",
        "Middle initial G",
        "Date of birth Mar 14, 1958",
        "2 doses on record",
        "1 Pfizer-BioNTech COVID-19 Vaccine Pfizer, Inc. EW0110 Jan 5, 2021",
        "2 Pfizer-BioNTech COVID-19 Vaccine Pfizer, Inc. EW0120 Feb 5, 2021",
        "Jordan Whitfield, RN Wake County Public Health Center",
        "Issued on Feb 26, 2021",
        f"Scan this code with a phone camera, or type the address: {ADDRESS}",
        "Is something wrong here? Tell us at https://vaccines.example.gov or call (877) 555-0143.",
        PRINTED_CODE,
    ):
        assert words.replace(" ", "") in text


def test_the_wallet_card_says_the_essentials() -> None:
    card = text_of(printed(some_facts(), paper="wallet")).replace(" ", "")

    for words in (
        "North Carolina",
        "María Guadalupe Hernández-Ortiz",
        "Mar 14, 1958",
        PRINTED_CODE,
        "1 Jan 5, 2021 · Pfizer-BioNTech COVID-19 Vaccine Lot EW0110 · Wake County Public Health Center",
        "2 Feb 5, 2021 · Pfizer-BioNTech",
        "vaccines.example.gov/proof",
        "Is something wrong here? Tell us at vaccines.example.gov or call (877) 555-0143.",
    ):
        assert words.replace(" ", "") in card


@pytest.mark.parametrize("paper", PAPERS)
def test_a_spanish_proof_is_spanish_throughout(paper: Paper) -> None:
    pdf = printed(the_longest_facts(), paper=paper, locale="es")
    text = text_of(pdf)

    assert b"/Lang (es)" in inflated(pdf)
    assert page_count(pdf) == 1
    for words in ("Comprobante de vacunación", "Emitido el 26 feb 2021", "DEMOSTRACIÓN", "¿Hay algún error aquí?"):
        assert words in text
    for english in ("Proof", "Dose", "Issued", "wrong", "Lot ", "Date", "record"):
        assert english not in text
    assert {code.text for code in codes_on(rasterised(pdf, 150))} == {qr_text(a_card(6)), ADDRESS}


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("dpi", [96, 150, 300])
@pytest.mark.parametrize("facts", [some_facts(), the_longest_facts()], ids=["usual", "longest"])
def test_both_codes_are_read_from_the_page(paper: Paper, dpi: int, facts: ProofFacts) -> None:
    codes = codes_on(rasterised(printed(facts, paper=paper), dpi))

    assert [code.text for code in codes] == [qr_text(facts.health_card), ADDRESS]


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("facts", [some_facts(), the_longest_facts()], ids=["usual", "longest"])
def test_the_health_card_is_at_least_50_mm_wide_and_both_codes_keep_their_quiet_zone(
    paper: Paper, facts: ProofFacts
) -> None:
    dots_per_mm = 300 / 25.4
    picture = rasterised(printed(facts, paper=paper), 300)
    codes = codes_on(picture)
    drawn = (
        segno.make_qr([PREFIX, digits_of(facts.health_card)], error="l", boost_error=False),
        segno.make_qr(ADDRESS, error="m", boost_error=False),
    )

    assert (codes[0].position.top_right.x - codes[0].position.top_left.x) / dots_per_mm >= 50
    for code, like in zip(codes, drawn, strict=True):
        modules, _ = like.symbol_size(border=0)
        corner, far = code.position.top_left, code.position.bottom_right
        # Half a module less than four: the corners that the reader reports are a pixel off now and then.
        clear = round(3.5 * (far.x - corner.x) / modules)
        square = (corner.x - clear, corner.y - clear, far.x + clear, far.y + clear)
        zone = picture.crop(square)
        zone.paste(255, (clear - 2, clear - 2, zone.width - clear + 2, zone.height - clear + 2))
        assert zone.getextrema() == (255, 255)


def test_a_card_of_two_doses_is_short_enough_for_a_code_that_every_camera_reads() -> None:
    code = segno.make_qr([PREFIX, digits_of(CARD)], error="l", boost_error=False)

    assert len(CARD) <= 700
    assert code.version <= 16


@pytest.mark.parametrize(
    ("paper", "size_mm"), [("letter", (215.9, 279.4)), ("a4", (210, 297)), ("wallet", (101.6, 152.4))]
)
def test_six_doses_with_the_longest_texts_stay_on_one_page(
    paper: Paper, size_mm: tuple[float, float]
) -> None:
    pdf = printed(the_longest_facts(), paper=paper)

    with pdfium.PdfDocument(pdf) as document:
        assert len(document) == 1
        assert [side * 25.4 / 72 for side in document[0].get_size()] == pytest.approx(size_mm, abs=0.05)
    text = text_of(pdf)
    assert all(f"EW01{number}0" in text for number in range(1, 7))
    if paper != "wallet":
        assert text.count("Sunnybrook Road") == 6
        assert "6 doses on record" in text


@pytest.mark.parametrize("count", [1, 3, 4, 5, 6])
def test_a_usual_proof_is_one_page(count: int) -> None:
    doses = tuple(a_dose(number) for number in range(1, count + 1))
    facts = replace(the_longest_facts(), doses=doses)

    assert page_count(render_proof(facts)) == page_count(render_proof(facts, paper="a4")) == 1


def test_more_doses_than_a_page_holds_are_all_there() -> None:
    facts = some_facts(doses=tuple(a_dose(lot_number=f"LOT{number}X") for number in range(1, 31)))
    text = text_of(render_proof(facts))

    assert all(f"LOT{number}X" in text for number in range(1, 31))


def test_a_screen_reader_finds_headings_a_table_and_the_words_of_the_pictures() -> None:
    objects = inflated(printed(some_facts()))

    assert b"/Marked true" in objects
    assert b"/Lang (en)" in objects
    assert b"/Title (Proof of Vaccination)" in objects
    for tag in (b"/H1", b"/H2", b"/Table", b"/Caption", b"/TH", b"/TD", b"/Figure", b"/Link"):
        assert b"/S " + tag in objects
    assert objects.count(b"/Alt ") == 2
    assert f"QR code with the address {ADDRESS}".encode() in objects
    assert "QR code of the SMART Health Card of María".encode("utf-16-be").hex().encode() in objects.lower()


def test_a_screen_reader_finds_its_way_on_the_wallet_card() -> None:
    objects = inflated(printed(some_facts(), paper="wallet"))

    assert b"/Marked true" in objects
    for tag in (b"/H1", b"/H2", b"/L", b"/LI", b"/Figure", b"/Link"):
        assert b"/S " + tag in objects
    assert objects.count(b"/Alt ") == 2


def test_the_proof_tells_no_time_of_day_and_is_the_same_each_time() -> None:
    pdf = render_proof(some_facts())

    assert render_proof(some_facts()) == pdf
    assert b"CreationDate" not in inflated(pdf)
    assert b"ModDate" not in inflated(pdf)


def test_the_text_is_read_from_top_to_bottom() -> None:
    text = text_of(render_proof(some_facts(demo=True)))
    words = (
        "North Carolina",
        "Issued on",
        "Proof of Vaccination",
        "María",
        "on record",
        "Lot number",
        "EW0110",
    )
    places = [text.index(word) for word in (*words, "SMART Health Card", "Is this proof genuine?", PRINTED_CODE)]

    assert places == sorted(places)


@pytest.mark.parametrize(("paper", "times"), [("letter", 1), ("a4", 1), ("wallet", 2)])
def test_a_demonstration_says_so_on_the_certificate_and_on_both_faces_of_the_card(paper: Paper, times: int) -> None:
    words = "DEMONSTRATION – not a medical record"

    assert text_of(render_proof(some_facts(demo=True), paper=paper)).count(words) == times
    assert words not in text_of(render_proof(some_facts(demo=False), paper=paper))


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Thị Minh Khai",
        "Siobhán O’Brien-Łukaszewicz",
        "Þórður Ægisson",
        "Олена Шевченко",
        "Ελένη Παππά",
    ],
)
def test_names_are_printed_letter_by_letter(name: str) -> None:
    squeezed = text_of(render_proof(some_facts(holder_name=name))).replace(" ", "")

    assert squeezed.count(name.replace(" ", "")) == 1


@pytest.mark.parametrize(
    "name", ["محمد عبد الله", "王小明", "ศรีสุดา", "अनिता", "ⵎⴰⵣⵉⵖ", "𠮷野家", "\u200f\u202e", ""]
)
def test_a_name_in_a_script_without_a_font_still_makes_a_proof(name: str) -> None:
    pdf = render_proof(some_facts(holder_name=name))

    assert page_count(pdf) == 1
    assert [code.text for code in codes_on(rasterised(pdf, 150))] == TEXTS


@pytest.mark.parametrize(
    "name",
    [
        '<img src="file:///etc/passwd">',
        '"><img src="http://127.0.0.1:9/x.png" alt="',
        "<style>@import 'http://127.0.0.1:9/x.css'</style>",
        "{{ facts.proof_code }} {% include 'proof.css' %}",
        "%(num)s %s &amp; 100 %",
        "</p></main><script>1</script>",
    ],
)
def test_markup_in_a_name_is_only_letters(name: str) -> None:
    facts = some_facts(
        holder_name=name,
        doses=(a_dose(clinician_name=name, location_name="", product_name=name, lot_number=""),),
    )
    squeezed = text_of(render_proof(facts)).replace(" ", "")

    assert squeezed.count(name.replace(" ", "")) >= 3


@settings(max_examples=25, deadline=None)
@given(
    name=st.text(st.characters(exclude_categories=["Cs"]), max_size=120),
    place=st.text(st.characters(exclude_categories=["Cs"]), max_size=120),
)
def test_any_letters_make_a_page_whose_code_is_read(name: str, place: str) -> None:
    pdf = render_proof(some_facts(holder_name=name, doses=(a_dose(location_name=place),)))

    assert page_count(pdf) == 1
    assert [code.text for code in codes_on(rasterised(pdf, 96))] == TEXTS


def test_the_style_sheet_holds_nothing_that_the_printer_does_not_know(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        for paper in PAPERS:
            render_proof(the_longest_facts(), paper=paper)

    assert caplog.records == []


def test_many_threads_each_get_their_own_proof() -> None:
    def work(number: int) -> bool:
        name = f"Person {chr(65 + number // 26)}{chr(65 + number % 26)}"
        return name in text_of(render_proof(some_facts(holder_name=name)))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(40)))


def test_a_language_without_words_yet_is_english_and_says_so() -> None:
    pdf = render_proof(some_facts(), locale="fr")

    assert b"/Lang (en)" in inflated(pdf)
    assert "Proof of Vaccination" in text_of(pdf)


def test_an_unknown_paper_is_refused() -> None:
    with pytest.raises(ValueError, match="no such paper: legal"):
        render_proof(some_facts(), paper="legal")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "printed"),
    [
        (CODE, PRINTED_CODE),
        ("K7QM4XWT9RPD", "K7QM-4XWT-9RPD"),
        ("K7QM4XWT9R", "K7QM4-XWT9R"),
        ("K7QM4XWT9", "K7Q-M4X-WT9"),
        ("K7QM4XWT9RP", "K7QM-4XWT-9RP"),
        ("K7-QM4", "K7-QM4"),
        ("K7QM", "K7QM"),
    ],
)
def test_a_code_is_printed_in_groups(code: str, printed: str) -> None:
    assert grouped_code(code) == printed
    assert grouped_code(code).replace("-", "") == code.replace("-", "")
