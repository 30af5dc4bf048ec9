"""The proof of vaccination, read back from the PDF as a person, a scanner and a screen reader get it."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import cache

import pypdfium2 as pdfium
import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.proofs import Paper, ProofDose, ProofFacts, grouped_code, render_proof
from tests.documents.pdf_parts import codes_on, inflated, page_count, rasterised, text_of

pytestmark = pytest.mark.once

CODE = "7H2KQ9M4XWT3RPD8VNB5CZ1Y6F"
PRINTED_CODE = "7H2K-Q9M4-XWT3-RPD8-VNB5-CZ1Y-6F"
ADDRESS = f"https://vaccines.example.gov/proof/{CODE}"
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
        f"Anyone can check this proof at {ADDRESS}",
        PRINTED_CODE,
    ):
        assert words.replace(" ", "") in text


def test_the_wallet_card_repeats_the_essentials() -> None:
    text = text_of(printed(some_facts()))
    card = text[text.index("Wallet card") :].replace(" ", "")

    for words in (
        "María Guadalupe Hernández-Ortiz",
        "Mar 14, 1958",
        PRINTED_CODE,
        "1 Jan 5, 2021 · Pfizer-BioNTech COVID-19 Vaccine Lot EW0110 · Wake County Public Health Center",
        "2 Feb 5, 2021 · Pfizer-BioNTech",
        "vaccines.example.gov",
    ):
        assert words.replace(" ", "") in card


@pytest.mark.parametrize("paper", ["letter", "a4"])
@pytest.mark.parametrize("dpi", [96, 150, 300])
@pytest.mark.parametrize("facts", [some_facts(), the_longest_facts()], ids=["usual", "longest"])
def test_both_codes_on_the_page_lead_to_the_check(paper: Paper, dpi: int, facts: ProofFacts) -> None:
    codes = codes_on(rasterised(printed(facts, paper=paper), dpi))

    assert [code.text for code in codes] == [ADDRESS, ADDRESS]


def test_the_large_code_is_at_least_32_mm_wide_and_both_keep_their_quiet_zone() -> None:
    dots_per_mm = 300 / 25.4
    picture = rasterised(printed(the_longest_facts()), 300)
    large, small = codes_on(picture)

    assert (large.position.top_right.x - large.position.top_left.x) / dots_per_mm >= 32
    modules, _ = segno.make_qr(ADDRESS, error="m", boost_error=False).symbol_size(border=0)
    for code in (large, small):
        corner, far = code.position.top_left, code.position.bottom_right
        # Half a module less than four: the corners that the reader reports are a pixel off now and then.
        clear = round(3.5 * (far.x - corner.x) / modules)
        square = (corner.x - clear, corner.y - clear, far.x + clear, far.y + clear)
        zone = picture.crop(square)
        zone.paste(255, (clear - 2, clear - 2, zone.width - clear + 2, zone.height - clear + 2))
        assert zone.getextrema() == (255, 255)


@pytest.mark.parametrize(("paper", "size_mm"), [("letter", (215.9, 279.4)), ("a4", (210, 297))])
def test_six_doses_with_the_longest_texts_stay_on_one_page(
    paper: Paper, size_mm: tuple[float, float]
) -> None:
    pdf = printed(the_longest_facts(), paper=paper)

    with pdfium.PdfDocument(pdf) as document:
        assert len(document) == 1
        assert [side * 25.4 / 72 for side in document[0].get_size()] == pytest.approx(size_mm, abs=0.05)
    text = text_of(pdf)
    assert text.count("Sunnybrook Road") >= 6
    assert "6 doses on record" in text
    assert "EW0160" in text[text.index("Wallet card") :]


@pytest.mark.parametrize("count", [1, 3, 4, 5, 6])
def test_a_usual_proof_is_one_page(count: int) -> None:
    doses = tuple(a_dose(number) for number in range(1, count + 1))
    facts = replace(the_longest_facts(), doses=doses)

    assert page_count(render_proof(facts)) == page_count(render_proof(facts, paper="a4")) == 1


def test_more_doses_than_a_page_holds_are_all_there() -> None:
    facts = some_facts(doses=tuple(a_dose(lot_number=f"LOT{number}X") for number in range(1, 31)))
    text = text_of(render_proof(facts))

    assert all(f"LOT{number}X" in text for number in range(1, 31))


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_the_wallet_card_is_two_faces_of_a_bank_card(paper: Paper) -> None:
    dots_per_mm = 300 / 25.4
    picture = rasterised(printed(some_facts(), paper=paper), 300)
    widths = {row: _run(picture, row) / dots_per_mm for row in range(picture.height // 2, picture.height)}
    edges = [row for row, width in widths.items() if width == pytest.approx(2 * 85.6, abs=0.3)]

    assert (max(edges) - min(edges)) / dots_per_mm == pytest.approx(54, abs=0.3)


def _run(picture: object, row: int) -> int:
    """The longest unbroken line in a row of pixels."""
    pixels = picture.crop((0, row, picture.width, row + 1)).tobytes()  # type: ignore[attr-defined]
    return max(len(part) for part in bytes(pixel < 240 for pixel in pixels).split(b"\x00"))


def test_a_screen_reader_finds_headings_a_table_and_the_words_of_the_pictures() -> None:
    objects = inflated(printed(some_facts()))

    assert b"/Marked true" in objects
    assert b"/Lang (en)" in objects
    assert b"/Title (Proof of Vaccination)" in objects
    for tag in (b"/H1", b"/H2", b"/Table", b"/Caption", b"/TH", b"/TD", b"/Figure", b"/Link"):
        assert b"/S " + tag in objects
    assert objects.count(b"/Alt (") == 2
    assert f"QR code with the address {ADDRESS}".encode() in objects


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
    places = [text.index(word) for word in (*words, "Is this proof genuine?", "Wallet card", "Lot EW0110")]

    assert places == sorted(places)


def test_a_demonstration_says_so_on_the_certificate_and_on_both_faces_of_the_card() -> None:
    words = "DEMONSTRATION – not a medical record"

    assert text_of(render_proof(some_facts(demo=True))).count(words) == 3
    assert words not in text_of(render_proof(some_facts(demo=False)))


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

    assert squeezed.count(name.replace(" ", "")) == 2


@pytest.mark.parametrize(
    "name", ["محمد عبد الله", "王小明", "ศรีสุดา", "अनिता", "ⵎⴰⵣⵉⵖ", "𠮷野家", "\u200f\u202e", ""]
)
def test_a_name_in_a_script_without_a_font_still_makes_a_proof(name: str) -> None:
    pdf = render_proof(some_facts(holder_name=name))

    assert page_count(pdf) == 1
    assert [code.text for code in codes_on(rasterised(pdf, 150))] == [ADDRESS, ADDRESS]


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
    assert [code.text for code in codes_on(rasterised(pdf, 96))] == [ADDRESS, ADDRESS]


def test_the_style_sheet_holds_nothing_that_the_printer_does_not_know(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        render_proof(the_longest_facts(), paper="a4")

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
