"""What verifiers of health cards fetch from us: the public keys, and which cards are no longer valid.

Pages of any site may read them (CORS), and whoever fetched them may keep them for a few minutes.
"""

from typing import Any

from flask import Response, abort, jsonify, request

from app.domain.vaccinations.signing_keys import published_keys, revocation_list
from app.portals.front.portal import portal
from app.web.context import db, settings
from app.web.portal import PUBLIC

_KEPT_SECONDS = 300


@portal.page("/.well-known/jwks.json", needs=PUBLIC)
def public_keys() -> Response:
    """The keys with which our cards were ever signed."""
    return _open_to_all({"keys": published_keys(db(), demonstration=settings().demo)})


@portal.page("/.well-known/crl/<kid>.json", needs=PUBLIC)
def revoked_cards(kid: str) -> Response:
    """The revocation list of a key; empty for one whose cards are all valid."""
    found = revocation_list(db(), kid, demonstration=settings().demo)
    if found is None:
        abort(404)
    return _open_to_all(found)


def _open_to_all(content: dict[str, Any]) -> Response:
    response = jsonify(content)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = f"public, max-age={_KEPT_SECONDS}"
    response.add_etag()
    response.make_conditional(request)
    return response
