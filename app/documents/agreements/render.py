"""From the facts of a signed agreement to the bytes of its PDF; needs no request and no Flask."""

from collections.abc import Callable
from functools import lru_cache
from itertools import groupby
from operator import attrgetter

from babel import Locale

from app.documents.agreements.facts import AgreementFacts
from app.documents.printing import PRINT, language
from app.infra.pdf import html_to_pdf

_FEW_LOCATIONS = 8


def render_agreement(facts: AgreementFacts) -> bytes:
    """The PDF (PDF/UA-1, US letter): the text, who signed it in which capacity, when and from where, and its digest.

    The text is in its own language; the words around it too, where there is a catalogue, else in English. Raises
    ValueError when a signature was given under another text than the one to be printed.
    """
    if any(signature.text_sha256 != facts.agreement.sha256 for signature in facts.signatures):
        raise ValueError("a signature was given under another text")
    environment, lang, _ = language(facts.agreement.language)
    html = environment.get_template("agreement.html").render(
        facts=facts,
        agreement=facts.agreement,
        blocks=[(kind, list(parts)) for kind, parts in groupby(facts.agreement.paragraphs, attrgetter("kind"))],
        lang=lang,
        language_name=Locale(facts.agreement.language).get_display_name(lang),
        capacities=_capacities(_),
        many_locations=len(facts.locations) > _FEW_LOCATIONS,
    )
    title = f"{facts.agreement.heading} – {facts.organization_name}"
    # The library tags no single element with its language, and most of the paper is the text.
    return html_to_pdf(html, stylesheets=(_stylesheet(),), title=title, lang=facts.agreement.language)


def _capacities(_: Callable[[str], str]) -> dict[str, str]:
    return {
        "ceo": _("Chief Executive Officer"),
        "cmo": _("Chief Medical Officer"),
        "coordinator": _("Vaccine Coordinator"),
    }


@lru_cache(maxsize=1)
def _stylesheet() -> str:
    return (PRINT / "agreement.css").read_text(encoding="utf-8")
