"""HTML to PDF that everybody can read: tagged (PDF/UA-1), with its language and title, and sealed off.

WeasyPrint is imported on first use, which takes about a second: pages that make no PDF do not pay for it,
and a process that will make some can call `warm_up()` while it starts.
"""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from weasyprint import CSS

PDF_VARIANT = "pdf/ua-1"

# The font library beneath WeasyPrint is not safe for threads, and each further configuration leaks memory.
_lock = Lock()


class PdfError(Exception):
    """The document asked for something from outside itself: a file or an address."""


def html_to_pdf(html: str, *, stylesheets: tuple[str, ...] = (), title: str, lang: str) -> bytes:
    """The PDF of `html`, laid out by the CSS texts in `stylesheets`.

    `title` and `lang` (BCP 47, such as `en` or `es`) become the document's, whatever the HTML says.
    Images and style sheets can only come as `data:` URIs; any other address, a file's included, is never
    opened and raises PdfError. One document is made at a time in a process; other threads wait their turn.
    """
    with _lock, _uncollected():
        return _render(html, stylesheets, title, lang)


@contextmanager
def _uncollected() -> Iterator[None]:
    """A tenth quicker: a page is a hundred thousand small things, and looking among them for what to forget finds none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def warm_up() -> None:
    """Import and prepare everything, so that the first document is as quick as the next."""
    html_to_pdf("<p>.</p>", title=".", lang="en")


def _render(html: str, stylesheets: tuple[str, ...], title: str, lang: str) -> bytes:
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    fetcher, fonts = _sealed_fetcher(), _font_configuration()
    try:
        parsed = [_stylesheet(text) for text in stylesheets]
        source = HTML(string=html, url_fetcher=fetcher, base_url="about:blank")
        document = source.render(font_config=fonts, stylesheets=parsed, pdf_variant=PDF_VARIANT)
        document.metadata.title = title
        document.metadata.lang = lang
        pdf: bytes = document.write_pdf(pdf_variant=PDF_VARIANT)
    except FatalURLFetchingError as refusal:
        raise PdfError(str(refusal)) from refusal
    return pdf


@lru_cache(maxsize=1)
def _font_configuration() -> Any:
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


@lru_cache(maxsize=1)
def _sealed_fetcher() -> Any:
    """Opens `data:` URIs; anything else ends the document instead of leaving a hole in it."""
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)


@lru_cache(maxsize=16)
def _stylesheet(text: str) -> CSS:
    from weasyprint import CSS

    return CSS(string=text, url_fetcher=_sealed_fetcher(), base_url="about:blank", font_config=_font_configuration())


# A font configuration that outlives the modules it was made by complains on the way out.
atexit.register(_stylesheet.cache_clear)
atexit.register(_font_configuration.cache_clear)
