"""QR codes as images that a page or a document carries inside itself."""

import struct
import zlib
from base64 import b64encode
from typing import Any

import segno

QUIET_ZONE = 4
"""Clear modules around the code, as ISO/IEC 18004 asks; readers lose codes that something touches."""

_MASK = 2
_PIXELS_PER_MODULE = 8


def qr_png_data_uri(text: str, *, pixels_per_module: int = _PIXELS_PER_MODULE) -> str:
    """A `data:` URI of a grey PNG of the QR code of `text`, error level M, quiet zone included.

    The image is square; the page that shows it decides its size and must leave it unscaled in shape.
    `text` is ASCII, as addresses are: readers guess the alphabet of anything else, and guess wrong. Raises
    ValueError for other texts, an empty one and one that is longer than a QR code can hold (2,331 bytes).
    """
    if not text or not text.isascii():
        raise ValueError("a QR code needs a text in ASCII")
    # Trying all eight masks takes four times as long and every reader reads every mask.
    return _data_uri(segno.make_qr(text, error="m", mask=_MASK, boost_error=False), pixels_per_module)


def card_png_data_uri(prefix: str, digits: str, *, pixels_per_module: int = 4) -> str:
    """The same for a health card: a segment of bytes, then one of digits, error level L as its framework asks.

    Two segments make a code of version 17 or so where one of bytes would need 28. Raises ValueError where the digits
    do not fit (about 7,000) or are none.
    """
    segments: Any = [prefix, digits]
    code = segno.make_qr(segments, error="l", mask=_MASK, boost_error=False)
    return _data_uri(code, pixels_per_module)


def _data_uri(code: segno.QRCode, pixels_per_module: int) -> str:
    rows = [bytes(row) for row in code.matrix_iter(scale=1, border=QUIET_ZONE)]
    return "data:image/png;base64," + b64encode(_grey_png(rows, pixels_per_module)).decode("ascii")


def _grey_png(rows: list[bytes], scale: int) -> bytes:
    """Eight bits of grey for each pixel: PDF writers embed it as it is, and decode one-bit images first."""
    shades = bytes.maketrans(b"\x00\x01", b"\xff\x00")
    lines = []
    for row in rows:
        pixels = b"".join(bytes((module,)) * scale for module in row).translate(shades)
        lines.append((b"\x00" + pixels) * scale)
    size = len(rows) * scale
    header = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    body = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(b"".join(lines), 6)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
