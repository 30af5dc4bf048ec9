"""Codes are found in pictures and PDFs; a hostile file harms nobody."""

import io
import time
import zlib

import pytest
import segno
from PIL import Image

from app.infra import codes_in_files
from app.infra.codes_in_files import Busy, UnreadableFile, codes_in
from app.infra.pdf import html_to_pdf
from app.infra.qr import qr_png_data_uri

pytestmark = pytest.mark.once


def picture(*texts, kind="PNG", turned=0):
    """A page with a code for each text, side by side."""
    page = Image.new("L", (900 * len(texts), 900), "white")
    for at, text in enumerate(texts):
        out = io.BytesIO()
        segno.make_qr(text).save(out, kind="png", scale=12, border=4)
        page.paste(Image.open(out).convert("L"), (900 * at + 100, 100))
    out = io.BytesIO()
    page.rotate(turned, expand=True, fillcolor=255).save(out, kind)
    return out.getvalue()


def a_pdf(*texts):
    pages = "".join(f'<p style="break-after: page"><img src="{qr_png_data_uri(text)}" alt="code"></p>' for text in texts)
    return html_to_pdf(pages, title="Codes", lang="en")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_codes_are_read_from_pictures_however_they_are_held(kind):
    assert sorted(codes_in(picture("HELLO", "THERE", kind=kind, turned=11))) == ["HELLO", "THERE"]


def test_codes_are_read_from_the_first_pages_of_a_pdf():
    assert codes_in(a_pdf("ONE", "TWO", "THREE", "FOUR")) == ["ONE", "TWO", "THREE"]


def test_a_picture_without_a_code_has_none():
    out = io.BytesIO()
    Image.new("RGB", (300, 300), "white").save(out, "PNG")
    assert codes_in(out.getvalue()) == []


def hostile_pdf(width, content=b""):
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents 4 0 R>>endobj\n"
        b"4 0 obj<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream endobj\ntrailer<</Root 1 0 R>>"
    ) % (width, width, len(zlib.compress(content)), zlib.compress(content))


@pytest.mark.parametrize(
    "data",
    [b"", b"MZ\x90", b"%PDF-1.7 nothing", a_pdf("ONE")[:2000], picture("ONE")[:500], b"GIF89a", b"\xff\xd8\xff\xe0"],
    ids=["empty", "program", "no pdf", "cut pdf", "cut picture", "gif", "cut jpeg"],
)
def test_what_is_no_picture_and_no_pdf_is_refused(data):
    with pytest.raises(UnreadableFile):
        codes_in(data)


def test_a_page_of_any_size_becomes_a_picture_of_bounded_size():
    for width in (1, 14_400, 2_000_000):
        assert codes_in(hostile_pdf(width)) == []


def test_a_file_that_keeps_its_reader_busy_is_given_up(monkeypatch):
    monkeypatch.setattr(codes_in_files, "SECONDS", 2)
    endless = b"0 0 m 1000 1000 l S\n" * 20_000_000
    started = time.monotonic()
    with pytest.raises(UnreadableFile):
        codes_in(hostile_pdf(14_400, endless))
    assert time.monotonic() - started < 10


def test_a_file_that_is_too_big_is_not_opened():
    with pytest.raises(UnreadableFile) as refused:
        codes_in(b"%PDF-" + bytes(codes_in_files.MOST_BYTES))
    assert refused.value.too_big


def test_while_two_files_are_read_others_are_asked_to_come_again(monkeypatch):
    monkeypatch.setattr(codes_in_files, "_PATIENCE", 0.1)
    for _ in range(2):
        codes_in_files._AT_ONCE.acquire()
    try:
        with pytest.raises(Busy):
            codes_in(picture("ONE"))
    finally:
        codes_in_files._AT_ONCE.release(2)
    assert codes_in(picture("ONE")) == ["ONE"]
