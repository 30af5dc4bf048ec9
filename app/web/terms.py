"""Terms and privacy notice as pages: the version that holds, or an earlier one that the address names."""

from typing import Any

from flask import abort, request
from markupsafe import Markup

from app.domain.program.terms import Terms, standing_terms
from app.infra.prose import to_html
from app.web import context, languages


def terms_to_show(document: str) -> dict[str, Any]:
    """For a template: the version asked for, its safe HTML (None: the page's own words), and the other versions."""
    versions = standing_terms(context.db(), document, context.today())
    wanted = request.args.get("version", versions[0].version)
    shown = next((one for one in versions if one.version == wanted), None)
    if shown is None:
        abort(404)
    others = [one for one in versions if one.version != shown.version]
    return {
        "version": shown.version,
        "text": html_of(shown, languages.current()),
        "others": others,
        "newest": versions[0],
    }


def html_of(terms: Terms, language: str) -> Markup | None:
    """A version's text in a language, safe to show; None for the one whose words are the page's own."""
    text = terms.text_es if language == "es" else terms.text
    return Markup(to_html(text)) if text else None  # noqa: S704 - cut down to harmless tags by nh3
