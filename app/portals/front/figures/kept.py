"""The public's figures, worked out once for everybody, and the mark by which a browser knows that nothing changed."""

import hashlib
from dataclasses import replace

from flask import Response, current_app, request
from flask import session as cookie

from app.domain.reporting.public import public_figures
from app.domain.reporting.state_of_figures import state_of_figures
from app.domain.reporting.tables import Figures
from app.web import languages
from app.web.context import db, find_account, today
from app.web.static_files import static_url

_KEPT_SECONDS = 60
_PLACE = "cvms_public_figures"


def kept_figures() -> dict[str, Figures]:
    """As `public_figures` has them; read again only when a refresh or other populations changed them."""
    mark = state_of_figures(db())
    kept = current_app.extensions.get(_PLACE)
    if kept is None or kept[0] != mark:
        kept = (mark, public_figures(db()))
        current_app.extensions[_PLACE] = kept
    figures: dict[str, Figures] = kept[1]
    return figures


def of_place(figures: Figures, fips: str) -> Figures:
    """The groups of one county, or of the state, without the row of everybody."""
    rows = tuple(replace(row, keys=row.keys[1:]) for row in figures.rows if row.keys[0] == fips and row.keys[1] != "all")
    return replace(figures, dimensions=figures.dimensions[1:], rows=rows)


def unchanged() -> Response | None:
    """A short answer for a browser that has this page as it is now. One with a reader's name is kept by no browser."""
    if has_message() or find_account() is not None:
        return None
    response = marked(Response(), shared=False)
    response.make_conditional(request)
    return response if response.status_code == 304 else None


def has_message() -> bool:
    """A message waits to be shown once, on this page."""
    return "_flashes" in cookie


def marked(response: Response, *, shared: bool) -> Response:
    """With the mark. `shared`: it holds nothing of its reader, so that anybody on the way may keep it."""
    if not shared and find_account() is not None:
        return response
    parts = (*state_of_figures(db()), today(), request.full_path, static_url("css/cvms.css"), languages.current())
    response.set_etag(hashlib.sha256(repr(parts).encode()).hexdigest()[:24], weak=True)
    response.headers["Cache-Control"] = f"public, max-age={_KEPT_SECONDS}" if shared else "private, no-cache"
    response.vary.update(("Cookie", "Accept-Language"))
    return response
