"""Paper forms, read back from the PDF as a person and a copying machine get them."""

from dataclasses import replace
from datetime import date
from functools import cache

import pypdfium2 as pdfium
import pytest

from app.documents.paper import FORMS, LANGUAGES, MOST_ROWS, MOST_SHEETS, PaperFacts, PaperPerson, render_paper
from app.documents.paper.questions import QUESTIONS
from app.documents.paper.render import ROWS_ON_A_PAGE, comb
from app.documents.paper.words import OF_LISTS, WORDS
from app.documents.paper.workbook import paper_template
from app.domain.program.demographics import ETHNICITIES, GENDERS, RACES
from app.domain.vaccinations.paper_rows import read_paper_file
from app.domain.vaccinations.questionnaires import QUESTIONNAIRES
from app.infra import clock
from app.infra.spreadsheet import UnreadableFile
from app.portals.provider.clinic import wording
from tests.documents.pdf_parts import inflated, page_count, rasterised, text_of
from tests.make.vaccinations import ZONE

pytestmark = pytest.mark.once
LETTER = (612, 792)
MARIA = PaperPerson("Hernández-Ortiz", "María Guadalupe", date(1958, 3, 14))
printed = cache(render_paper)


def facts(*people, **other):
    edition = QUESTIONNAIRES[-1]
    told = PaperFacts(
        location_name="Wake County Public Health Center", program_name="COVID-19 Vaccine Management System",
        day=date(2021, 3, 1), people=people or (PaperPerson(),),
        products=("Pfizer-BioNTech COVID-19 Vaccine", "Moderna COVID-19 Vaccine", "Janssen COVID-19 Vaccine"),
        edition=edition.edition, questions=tuple(question.code for question in edition.questions),
    )  # fmt: skip
    return replace(told, **other)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_one_tagged_page_of_letter_paper_in_its_language(form, lang):
    pdf = printed(form, facts(), lang=lang)
    assert page_count(pdf) == 1
    with pdfium.PdfDocument(pdf) as document:
        assert sorted(round(side) for side in document[0].get_size()) == sorted(LETTER)
    inside = inflated(pdf)
    assert b"/MarkInfo" in inside
    assert f"/Lang ({lang})".encode() in inside
    text = text_of(pdf)
    assert WORDS[form][LANGUAGES.index(lang)] in text
    assert "Wake County Public Health Center" in text


@pytest.mark.parametrize("form", FORMS)
def test_the_date_is_printed_or_left_to_the_hand(form):
    assert "0 3 0 1 2 0 2 1" in text_of(printed(form, facts(), lang="en"))
    assert "2 0 2 1" not in text_of(printed(form, facts(day=None), lang="en"))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("edition", QUESTIONNAIRES, ids=[one.edition for one in QUESTIONNAIRES])
def test_the_screening_sheet_asks_the_questions_of_the_edition_in_order_on_one_page(edition, lang):
    codes = tuple(question.code for question in edition.questions)
    pdf = printed("screening", facts(MARIA, edition=edition.edition, questions=codes), lang=lang)
    text, place = text_of(pdf), 0
    for code in codes:
        words = QUESTIONS[code][LANGUAGES.index(lang)].split()
        place = text.index(" ".join(words[:4]), place) + 1
    assert edition.edition in text
    assert page_count(pdf) == 1


def test_every_question_of_every_edition_is_worded_as_on_the_page_and_in_spanish():
    codes = {question.code for edition in QUESTIONNAIRES for question in edition.questions}
    assert codes == set(QUESTIONS)
    for code, (english, spanish) in QUESTIONS.items():
        assert english == str(wording.QUESTIONS[code])
        assert spanish.startswith(("¿", "…"))
        assert spanish.endswith("?")


def test_every_code_of_a_list_and_every_word_has_its_spanish():
    codes = {entry.code for known in (GENDERS, RACES, ETHNICITIES) for entry in known.entries}
    assert {OF_LISTS.get(code, code) for code in codes} <= set(WORDS)
    assert all(english and spanish for english, spanish in WORDS.values())


@pytest.mark.parametrize("form", ["registration", "screening", "administration"])
def test_the_days_list_makes_one_sheet_for_each_person(form):
    pdf = printed(form, facts(MARIA, replace(MARIA, first_name="José")), lang="es")
    assert page_count(pdf) == 2
    text = text_of(pdf)
    assert text.count("Hernández-Ortiz") == 2
    assert "0 3 1 4 1 9 5 8" in text
    assert "José" in text


def test_the_tally_has_a_row_for_each_person_and_fills_its_last_page():
    people = tuple(replace(MARIA, first_name=f"Name{number}") for number in range(ROWS_ON_A_PAGE + 2))
    pdf = printed("tally", facts(*people), lang="en")
    text = text_of(pdf)
    assert page_count(pdf) == 2
    assert [f"Name{number}" in text for number in range(len(people))] == [True] * len(people)
    assert "Doses wasted" in text


def boxes_of(picture, dpi):
    """Heights in millimetres of the upright black lines of a page: the sides of boxes."""
    wide, high = picture.size
    dark = picture.point(lambda grey: 255 if grey < 128 else 0).load()
    found = set()
    for column in range(wide):
        run = 0
        for row in range(high):
            if dark[column, row]:
                run += 1
                continue
            if run > dpi * 4 / 25.4:
                found.add(round(run / dpi * 25.4, 1))
            run = 0
    return found


@pytest.mark.parametrize("form", FORMS)
def test_boxes_are_high_enough_to_write_in(form):
    """All but the squares that are only ticked (5 mm)."""
    heights = boxes_of(rasterised(printed(form, facts(), lang="es"), 100), 100)
    assert any(height >= 7 for height in heights)
    assert [height for height in heights if 5.8 < height < 7] == []


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_black_on_white_for_the_copying_machine(form):
    histogram = rasterised(printed(form, facts(MARIA), lang="en"), 150).histogram()
    ink = sum(histogram[:200])
    pale = sum(histogram[200:250])
    assert pale < ink, "most of what is printed is darker than a copying machine needs"


def test_a_name_as_long_as_they_come_stays_in_its_box():
    long = PaperPerson(
        "Wolfeschlegelsteinhausenbergerdorff-Konstantinopoulou", "Maximiliana Guadalupe", date(1958, 3, 14)
    )
    for form in FORMS:
        assert page_count(printed(form, facts(long, location_name="N" * 60 + " Health Center"), lang="es")) == 1, form


def test_comb_boxes_hold_a_sign_each_and_are_empty_without_a_text():
    assert str(comb("04281950", 2, 2, 4)).count("<span") == 3
    assert "1950" in comb("04281950", 2, 2, 4)
    assert str(comb("", 3, 3, 4)).count("\u00a0") == 3


@pytest.mark.parametrize("people", [(), (PaperPerson(),) * (MOST_SHEETS + 1)])
def test_nobody_and_too_many_are_refused(people):
    with pytest.raises(ValueError, match="one document"):
        render_paper("screening", replace(facts(), people=people), lang="en")
    with pytest.raises(ValueError, match="one document"):
        render_paper("tally", replace(facts(), people=(PaperPerson(),) * (MOST_ROWS + 1)), lang="en")
    with pytest.raises(ValueError, match="no such form"):
        render_paper("screening", facts(), lang="fr")


def test_the_template_of_the_workbook_is_read_back_without_its_example(app):
    with app.test_request_context():
        template = paper_template(["EN1 Pfizer"])
    with pytest.raises(UnreadableFile) as empty:
        read_paper_file(template, filename="a.xlsx", lots=[], now=clock.now(), zone=ZONE)
    assert empty.value.code == "no_rows"
