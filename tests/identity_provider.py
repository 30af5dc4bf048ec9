"""An OpenID Connect provider on loopback, written from the specification: strict towards us, and it can lie.

Strict: the address to come back to, the client's secret, PKCE with S256, a code that works once. `lie` changes what the
next identity tokens say or how they are signed.
"""

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, abort, redirect, request
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "cvms", "known to the provider and to us alone"
Lie = Callable[[dict[str, Any]], str | None]


class Provider:
    """Its people by subject, the codes under way, and the lie that it tells, if any."""

    def __init__(self) -> None:
        self.issuer = ""
        self.people: dict[str, dict[str, Any]] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.lie: Lie | None = None
        self.key = RSAKey.generate_key(2048, {"kid": "one", "alg": "RS256", "use": "sig"})

    def knows(self, subject: str, **claims: Any) -> None:
        """Somebody whom the provider vouches for, with what it says of them."""
        self.people[subject] = claims

    def signed(self, claims: dict[str, Any], key: RSAKey | OctKey | None = None, algorithm: str = "RS256") -> str:
        """An identity token of these claims, with the published key unless another is given."""
        return jwt.encode({"alg": algorithm, "kid": "one"}, claims, key or self.key, algorithms=[algorithm])

    def claims_for(self, asked: dict[str, str]) -> dict[str, Any]:
        """What an honest identity token says."""
        now = int(time.time())
        who = {"iss": self.issuer, "aud": CLIENT, "sub": asked["sub"], "nonce": asked["nonce"]}
        return {**who, "iat": now, "exp": now + 300, **self.people[asked["sub"]]}


def application(provider: Provider) -> Flask:
    """The provider's pages, and one by which somebody becomes known to it."""
    app = Flask("identity_provider")

    @app.get("/.well-known/openid-configuration")
    def describe() -> dict[str, Any]:
        at = provider.issuer
        return {
            "issuer": at, "authorization_endpoint": f"{at}/authorize", "token_endpoint": f"{at}/token",
            "jwks_uri": f"{at}/keys", "id_token_signing_alg_values_supported": ["RS256", "HS256"],
        }  # fmt: skip

    @app.get("/keys")
    def keys() -> dict[str, Any]:
        return {"keys": [provider.key.as_dict(private=False)]}

    @app.put("/users/<subject>")
    def vouch(subject: str) -> dict[str, Any]:
        provider.knows(subject, **request.get_json())
        return {}

    @app.post("/authorize")
    def authorize() -> Response:
        asked = request.args.to_dict() | {"sub": request.form["sub"]}
        right = {"response_type": "code", "client_id": CLIENT, "code_challenge_method": "S256"}
        if any(asked.get(name) != value for name, value in right.items()) or "openid" not in asked["scope"].split():
            abort(400)
        code = secrets.token_urlsafe()
        provider.codes[code] = asked
        return redirect(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")

    @app.post("/token")
    def token() -> tuple[dict[str, Any], int]:
        asked = provider.codes.pop(request.form["code"], None)
        known = request.authorization and (request.authorization.username, request.authorization.password)
        digest = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if known != (CLIENT, SECRET) or asked is None or asked["code_challenge"] != challenge:
            return {"error": "invalid_grant"}, 400
        if request.form["redirect_uri"] != asked["redirect_uri"]:
            return {"error": "invalid_grant"}, 400
        claims = provider.claims_for(asked)
        lied = provider.lie(claims) if provider.lie else None
        signed = lied or provider.signed(claims)
        return {"access_token": "unused", "token_type": "Bearer", "expires_in": 300, "id_token": signed}, 200

    return app


@contextmanager
def running() -> Iterator[Provider]:
    """The provider on a free port of loopback; its `issuer` is its address."""
    provider = Provider()
    server = make_server("127.0.0.1", 0, application(provider), threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
