"""Pages that a proxy in front may show to everybody who brings no cookie: they are the same for all, and hold no token.

A browser asks for them anew each time; the proxy asks us once in SECONDS for each language, however many come.
"""

from flask import Flask, Response, request, session

PAGES = frozenset({"front.home"})
SECONDS = 10


def install(app: Flask) -> None:
    """Say of each such answer that it may be shared."""
    app.after_request(_tell_proxies)


def is_shared() -> bool:
    """True while a page is made that everybody without a cookie sees alike, as long as it is asked for without more words."""
    plain = request.method in {"GET", "HEAD"} and not request.cookies and not request.query_string
    return plain and request.endpoint in PAGES and "HX-Request" not in request.headers


def _tell_proxies(response: Response) -> Response:
    if response.status_code in {200, 304} and is_shared() and not session.modified:
        response.headers["Cache-Control"] = f"public, max-age=0, s-maxage={SECONDS}"
        response.vary.add("Accept-Language")
    return response
