"""Finds QR codes in pictures and PDFs. To be run where a crash harms nobody: see `codes_in_files`."""

from collections.abc import Iterator

import pypdfium2  # type: ignore[import-untyped]
import zxingcpp
from PIL import Image

from app.infra.pictures import greys

_KINDS = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_PAGES = 3
_DPI = 200
_LONGER_SIDE = 3_000
_MOST_CODES = 20


def read_codes(data: bytes) -> list[str]:
    """The texts of the codes, each once, in the order of the pages. Raises whatever the decoders raise."""
    found: dict[str, None] = {}
    for picture in _pages(data) if data[:1024].lstrip().startswith(b"%PDF-") else [greys(data, _LONGER_SIDE)]:
        for code in zxingcpp.read_barcodes(picture, formats=_KINDS):
            found[code.text] = None
    return list(found)[:_MOST_CODES]


def _pages(data: bytes) -> Iterator[Image.Image]:
    """The first pages as pictures of a bounded size, whatever size they say they have."""
    with pypdfium2.PdfDocument(data) as document:
        for number in range(min(len(document), _PAGES)):
            page = document[number]
            scale = min(_DPI / 72, _LONGER_SIDE / max(1.0, *page.get_size()))
            yield page.render(scale=scale, grayscale=True).to_pil().convert("L")
