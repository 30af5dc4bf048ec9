"""PDFs are tagged, say their language and open nothing outside themselves."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pypdfium2 as pdfium
import pytest

from app.infra.pdf import PdfError, html_to_pdf
from tests.documents.pdf_parts import inflated

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]


def _text(pdf: bytes) -> str:
    with pdfium.PdfDocument(pdf) as document:
        return "".join(page.get_textpage().get_text_bounded() for page in document)


def _make(html: str, css: str = "") -> bytes:
    return html_to_pdf(html, stylesheets=(css,), title="A title", lang="es")


def test_a_document_carries_no_time_of_day() -> None:
    assert b"Date" not in inflated(_make("<p>x"))
    assert _make("<p>x") == _make("<p>x")


def test_a_document_is_tagged_and_says_its_language_and_title() -> None:
    pdf = html_to_pdf("<h1>Héllo</h1><p>world", title="Žádost – №1", lang="es")

    with pdfium.PdfDocument(pdf) as document:
        assert document.is_tagged()
        assert document.get_metadata_value("Title") == "Žádost – №1"
    objects = inflated(pdf)
    assert b"/Lang (es)" in objects
    assert b"/MarkInfo" in objects
    assert b"/Marked true" in objects
    assert b"/StructTreeRoot" in objects
    assert b"/DisplayDocTitle true" in objects


def test_it_declares_that_it_follows_pdf_ua_1() -> None:
    pdf = _make("<p>x")

    assert pdf.startswith(b"%PDF-1.7")
    assert b'pdfuaid:part="1"' in inflated(pdf)


OUTSIDE = [
    '<img alt="" src="file:///etc/passwd">',
    '<img alt="" src="FILE:/etc/passwd">',
    '<img alt="" src="http://127.0.0.1:9/x.png">',
    '<img alt="" src="https://example.org/x.png">',
    '<img alt="" src="ftp://example.org/x.png">',
    '<img alt="" src="picture.png">',
    '<img alt="" src="//example.org/x.png">',
    '<base href="file:///etc/"><img alt="" src="passwd">',
    '<link rel="stylesheet" href="/etc/style.css">',
    '<link rel="attachment" href="file:///etc/passwd">',
    '<a rel="attachment" href="file:///etc/passwd">x</a>',
    '<object data="file:///etc/passwd">x</object>',
    '<embed src="file:///etc/passwd">',
    '<style>@import "http://127.0.0.1:9/x.css";</style>',
    "<style>p { background: url(file:///etc/passwd) }</style><p>x",
    "<style>@font-face { font-family: f; src: url(file:///etc/f.ttf) } p { font-family: f }</style><p>x",
]


@pytest.mark.parametrize("html", OUTSIDE)
def test_a_document_that_asks_for_a_file_or_an_address_is_refused(html: str) -> None:
    with pytest.raises(PdfError, match="Error fetching"):
        _make(html)


def test_a_style_sheet_that_asks_for_a_file_is_refused() -> None:
    with pytest.raises(PdfError, match="Error fetching"):
        _make("<p>x", css="p { background: url(file:///etc/passwd) }")


def test_pictures_inside_pictures_reach_nobody() -> None:
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/leak.png"
        svg = f"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><image href='{address}'/></svg>"
        for html in (f'<img alt="x" src="data:image/svg+xml,{svg}">', f'<img alt="x" src="{address}">'):
            try:
                _make(html)
            except PdfError:
                continue
        server.shutdown()

    assert asked == []


def test_a_refusal_does_not_spoil_the_next_document() -> None:
    with pytest.raises(PdfError):
        _make(OUTSIDE[0])

    assert "still here" in _text(_make("<p>still here"))


def test_threads_make_documents_side_by_side() -> None:
    def work(number: int) -> str:
        return _text(_make(f"<p>document {number}", css="p { font-size: 12pt }"))

    with ThreadPoolExecutor(4) as pool:
        texts = list(pool.map(work, range(40)))

    assert [text.strip() for text in texts] == [f"document {number}" for number in range(40)]


def test_a_process_that_made_a_document_ends_quietly() -> None:
    script = "from app.infra.pdf import warm_up; warm_up()"

    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True)

    assert (ended.stdout, ended.stderr) == (b"", b"")


def test_importing_the_module_does_not_yet_import_weasyprint() -> None:
    script = "import sys, app.infra.pdf; sys.exit('weasyprint' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0
