"""Looking into the PDFs that the tests get: objects, pages as pictures, the codes on them."""

import re
import zlib
from typing import Any

import pypdfium2 as pdfium
import zxingcpp
from PIL import Image


def inflated(pdf: bytes) -> bytes:
    """The file with the contents of all its streams and object streams in clear."""
    parts = [pdf]
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            # What follows the end of the compressed data, such as a line break that belongs to it by its looks, is let be.
            parts.append(zlib.decompressobj().decompress(match[1] + b"\r\n"))
        except zlib.error:
            continue
    return b"\n".join(parts)


def page_count(pdf: bytes) -> int:
    """How many pages it has."""
    with pdfium.PdfDocument(pdf) as document:
        return len(document)


def text_of(pdf: bytes) -> str:
    """The text as a reader would copy it, with single spaces."""
    with pdfium.PdfDocument(pdf) as document:
        text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    # PDFium marks a hyphen at the end of a line as one that the line break may have made.
    return " ".join(text.replace("\x02", "-").replace("\ufffe", "-").split())


def rasterised(pdf: bytes, dpi: int) -> Image.Image:
    """The first page as a grey picture."""
    with pdfium.PdfDocument(pdf) as document:
        picture: Image.Image = document[0].render(scale=dpi / 72, grayscale=True).to_pil()
        return picture.convert("L")


def codes_on(picture: Image.Image) -> list[Any]:
    """The QR codes that an independent reader finds, the largest first."""

    def width(code: Any) -> int:
        return int(abs(code.position.top_right.x - code.position.top_left.x))

    return sorted(zxingcpp.read_barcodes(picture), key=width, reverse=True)
