"""What comes again costs little: a poll while nothing changed, and a page for everybody that a browser has already.

Pages of people are stored by no browser, so nothing marks them (decision 25).
"""

import hashlib
import re

from flask import Flask, Response, g, get_flashed_messages, request
from flask import session as cookie

from app.web import context
from app.web.answers import wants_fragment

FOR_EVERYBODY = frozenset(
    {
        *("front.home", "front.privacy", "front.accessibility", "front.terms"),
        *("helpdesk.home", "helpdesk.landing", "helpdesk.articles", "helpdesk.article", "helpdesk.terms"),
    }
)
"""Pages that tell nobody's things. One with a form that works once is not marked all the same."""
_EMPTY = frozenset({204, 304})
_ABOUT_PAGES = (
    *("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy"),
    *("Cross-Origin-Opener-Policy", "Content-Type"),
)
_TOKEN = re.compile(rb'(name="csrf_token" value=")[^"]*')
_HOUR = 3600


def unchanged(mark: str) -> Response | None:
    """For a fragment that asks again by itself: nothing at all where it shows already what `mark` stands for.

    The fragment sends the mark that it was drawn with as `seen`.
    """
    return Response(status=204) if wants_fragment() and request.args.get("seen") == mark else None


def install(app: Flask) -> None:
    """Mark public pages, and leave out of an empty answer what is said about pages."""
    app.after_request(_without_words_about_pages)
    app.after_request(_marked)


def _marked(response: Response) -> Response:
    if not _is_for_everybody(response):
        return response
    body = _TOKEN.sub(rb"\1", response.get_data())
    if b'name="request_key"' in body:
        return response
    # The token in a kept page is of this session, and young enough to be taken for some time yet.
    fresh = f"{cookie.get('csrf_token', '')} {int(context.now().timestamp()) // _HOUR}"
    response.set_etag(hashlib.sha256(body + fresh.encode()).hexdigest()[:24], weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response


def _is_for_everybody(response: Response) -> bool:
    known = g.get("account") is not None or g.get("waiting") is not None
    return (
        request.endpoint in FOR_EVERYBODY
        and request.method == "GET"
        and response.status_code == 200
        and not (known or request.query_string or get_flashed_messages() or wants_fragment())
    )


def _without_words_about_pages(response: Response) -> Response:
    if response.status_code in _EMPTY:
        for name in _ABOUT_PAGES:
            response.headers.pop(name, None)
    return response
