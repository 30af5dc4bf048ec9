"""From what is known before the day to the bytes of a paper form; needs no request and no Flask."""

from base64 import b64encode
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, get_args

from markupsafe import Markup

from app.documents.paper.facts import PaperFacts, PaperPerson
from app.documents.paper.questions import QUESTIONS
from app.documents.paper.words import OF_LISTS, WORDS
from app.documents.printing import PRINT, SOURCE_LOCALE, language
from app.domain.program.demographics import ETHNICITIES, GENDERS, RACES
from app.domain.vaccinations.sites import SUFFIXES
from app.infra.pdf import html_to_pdf

Form = Literal["registration", "screening", "administration", "tally"]
Language = Literal["en", "es"]
FORMS: tuple[Form, ...] = get_args(Form)
LANGUAGES: tuple[Language, ...] = get_args(Language)

# A sheet takes one or two tenths of a second to make, and one document is made at a time.
MOST_COPIES = 10
MOST_SHEETS = 24
MOST_ROWS = 120
ROWS_ON_A_PAGE = 13

_TEMPLATES: dict[Form, str] = {
    "registration": "paper_registration.html",
    "screening": "paper_screening.html",
    "administration": "paper_administration.html",
    "tally": "paper_tally.html",
}
_BOX = 7.4
_SITES = ("LD", "RD", "LT", "RT")
_LONG_NAME = 34


def render_paper(form: Form, facts: PaperFacts, *, lang: Language) -> bytes:
    """The PDF (PDF/UA-1, US letter) of a form: a sheet for each person, or for the tally a row each.

    Raises ValueError for another form or language, for nobody, and for more people than one document holds.
    """
    if form not in FORMS or lang not in LANGUAGES:
        raise ValueError(f"no such form: {form} in {lang}")
    most = MOST_ROWS if form == "tally" else MOST_SHEETS
    if not 0 < len(facts.people) <= most:
        raise ValueError(f"one document is for 1 to {most} people, not {len(facts.people)}")
    place = LANGUAGES.index(lang)
    words = {key: texts[place] for key, texts in WORDS.items()}
    environment, _lang, _gettext = language(SOURCE_LOCALE)
    html = environment.get_template(_TEMPLATES[form]).render(
        facts=facts,
        w=words,
        lang=lang,
        comb=comb,
        title=words[form],
        pages=list(_pages(facts.people)) if form == "tally" else [],
        questions=[QUESTIONS[code][place] for code in facts.questions],
        genders=_listed(words, (entry.code for entry in GENDERS.entries)),
        races=_listed(words, (entry.code for entry in RACES.entries)),
        ethnicities=_listed(words, (entry.code for entry in ETHNICITIES.entries)),
        suffixes=[words["other"] if entry.code == "OTH" else entry.label for entry in SUFFIXES.entries],
        sites=[words[code] for code in _SITES],
        name_is_long=len(facts.location_name) > _LONG_NAME,
        entries=len(facts.people),
    )
    title = f"{words[form]} – {facts.location_name}"
    return html_to_pdf(html, stylesheets=(_stylesheet(),), title=title, lang=lang)


def comb(text: str, *groups: int) -> Markup:
    """Boxes for single signs in groups, such as comb("04281950", 2, 2, 4); an empty text leaves them empty."""
    parts, start = [], 0
    for size in groups:
        inside = text[start : start + size] or "\u00a0"
        parts.append(Markup('<span class="comb comb-{}">{}</span>').format(size, inside))
        start += size
    return Markup("").join(parts)


def _listed(words: dict[str, str], codes: Iterable[str]) -> list[str]:
    return [words[OF_LISTS.get(code, code)] for code in codes]


def _pages(people: tuple[PaperPerson, ...]) -> Iterable[list[tuple[int, PaperPerson]]]:
    """The rows of each page with their numbers; the last page is filled up with empty ones."""
    rows = list(enumerate(people, start=1))
    rows += [(number, PaperPerson()) for number in range(len(rows) + 1, len(rows) + 1 + -len(rows) % ROWS_ON_A_PAGE)]
    return (rows[start : start + ROWS_ON_A_PAGE] for start in range(0, len(rows), ROWS_ON_A_PAGE))


@lru_cache(maxsize=1)
def _stylesheet() -> str:
    """The style sheet with the pictures of the boxes inside itself: a document may open no file."""
    combs = [
        f".comb-{size} {{ width: {size * _BOX:.1f}mm; background-image: url({_boxes(size)}) }}" for size in range(1, 9)
    ]
    ticks = f".tick, .square {{ background-image: url({_boxes(1)}) }}\n"
    return (PRINT / "paper_forms.css").read_text(encoding="utf-8") + ticks + "\n".join(combs)


def _boxes(size: int) -> str:
    lines = "".join(f"M{place * 10} 0V10" for place in range(1, size))
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size * 10} 10" preserveAspectRatio="none">'
        f'<path d="M0 0H{size * 10}V10H0Z" fill="#fff" stroke="#000" stroke-width="0.9"/>'
        f'<path d="{lines}" stroke="#000" stroke-width="0.35"/></svg>'
    )
    return "data:image/svg+xml;base64," + b64encode(picture.encode()).decode("ascii")
