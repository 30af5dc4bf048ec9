"""What an answer weighs on the wire, and what it may weigh: the budgets of a slow line."""

import re

import brotli
from werkzeug.test import TestResponse

PAGE, FIGURES, FRAGMENT, FIRST = 10_000, 14_000, 3_000, 40_000
_QUALITY = 4  # what the program compresses pages with
_CHART = re.compile(r"<svg[^>]* role=")


def bytes_of(response: TestResponse) -> int:
    """Status line, headers and compressed body of an HTML answer, as HTTP/1.1 sends them."""
    told = sum(len(f"{name}: {value}\r\n".encode()) for name, value in response.headers)
    body = response.get_data()
    packed = body if "Content-Encoding" in response.headers else brotli.compress(body, quality=_QUALITY)
    return len(f"HTTP/1.1 {response.status}\r\n\r\n") + told + len(packed)


def allowed(html: str, *, fragment: bool = False) -> int:
    """The most bytes: less for a part of a page, more for a page of figures, which draws charts."""
    if fragment:
        return FRAGMENT
    return FIGURES if _CHART.search(html) else PAGE
